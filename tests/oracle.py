"""Values made from a model with a fixed seed, and botocore's own model beside awsmini's, for comparing the two.

A `Maker` gives a value for any shape, botocore's or awsmini's alike (the attribute names are the same), and the
same value for the same seed on every run. `services_to_try` says which operations a run takes: a sample, or with
`-m every` all of them.
"""

import json
import os
import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any
from zlib import crc32

import botocore.model

from awsmini.model.load import ModelFinder, services
from awsmini.model.shapes import ServiceModel

VARIANTS = ("minimal", "full", "random")
MAX_NODES = 300  # past this many values only what is required is made, or a dashboard fills megabytes

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
_AWKWARD = _PLAIN + " /+%&=<>\"'~.:,;!*()é☃\n\t"
_HEADER = _PLAIN + " /+%&=<>\"'~.:,;!*()"
_EPOCH = datetime(2001, 2, 3, 4, 5, 6, tzinfo=timezone.utc)


class Maker:
    """Makes values of shapes.

    `minimal` has the required members only, `full` has every member with tame values, `random` has some
    members, with awkward text, empty lists, special floats and every way to say a timestamp.
    """

    def __init__(self, seed: str, variant: str = "full") -> None:
        self.random = random.Random(f"{seed}/{variant}")
        self.variant = variant
        self.nodes = 0

    def value(self, shape: Any, stack: tuple[str, ...] = ()) -> Any:
        """A value that the validation of parameters accepts."""
        self.nodes += 1
        return getattr(self, f"_{shape.type_name}")(shape, stack)

    @property
    def _wild(self) -> bool:
        return self.variant == "random"

    def _structure(self, shape: Any, stack: tuple[str, ...]) -> Any:
        if shape.metadata.get("document"):
            return self._document()
        members = shape.members
        names = self._union(shape, stack) if shape.metadata.get("union") else self._chosen(shape, stack)
        inner = (*stack, shape.name)
        return {name: self.value(members[name], inner) for name in names if not _is_event_stream(members[name])}

    def _union(self, shape: Any, stack: tuple[str, ...]) -> list[str]:
        names = [name for name, member in shape.members.items() if not _loops(member, (*stack, shape.name))]
        return [self.random.choice(names or list(shape.members))]

    def _chosen(self, shape: Any, stack: tuple[str, ...]) -> list[str]:
        required = shape.metadata.get("required", [])
        if self.variant == "minimal" or self.nodes > MAX_NODES or stack.count(shape.name) > 1:
            return [name for name in shape.members if name in required]
        odds = 0.5 if self._wild else 1.0
        return [name for name in shape.members if name in required or self.random.random() < odds]

    def _list(self, shape: Any, stack: tuple[str, ...]) -> list[Any]:
        return [self.value(shape.member, stack) for _ in range(self._length(shape, stack))]

    def _map(self, shape: Any, stack: tuple[str, ...]) -> dict[str, Any]:
        wanted = self._length(shape, stack)
        if shape.key.enum:
            keys = self.random.sample(shape.key.enum, min(wanted, len(shape.key.enum)))
        elif shape.serialization.get("location") == "headers":
            keys = [f"key-{number}" for number in range(wanted)]
        else:
            keys = [self.value(shape.key, stack) + str(number) for number in range(wanted)]
        return {key: self.value(shape.value, stack) for key in keys}

    def _length(self, shape: Any, stack: tuple[str, ...]) -> int:
        least: int = shape.metadata.get("min", 0)
        element = shape.member if shape.type_name == "list" else shape.value
        if self.nodes > MAX_NODES or _loops(element, stack):
            return least
        lowest, highest = {"minimal": (1, 1), "full": (1, 2), "random": (0, 3)}[self.variant]
        return max(least, self.random.randint(lowest, highest))

    def _string(self, shape: Any, _stack: tuple[str, ...]) -> Any:
        location = shape.serialization.get("location")
        if shape.serialization.get("jsonvalue") and location == "header":
            return self._document()
        if shape.enum:
            return self.random.choice(shape.enum)
        if shape.metadata.get("contextParam", {}).get("name") == "Bucket":
            return f"bucket-{self.random.randint(0, 999)}"
        if shape.serialization.get("hostLabel"):
            return f"label{self.random.randint(0, 999)}"
        in_header = location in ("header", "headers") or shape.name == "MetadataValue"
        return self._text(shape.metadata.get("min", 0), _HEADER if in_header else _AWKWARD)

    def _text(self, least: int, awkward: str) -> str:
        alphabet = awkward if self._wild else _PLAIN
        text = "".join(self.random.choices(alphabet, k=max(int(least), self.random.randint(1, 12))))
        return text if text.strip() == text else "x" + text + "x"

    def _integer(self, shape: Any, _stack: tuple[str, ...]) -> int:
        least = int(shape.metadata.get("min", -5 if self._wild else 0))
        return self.random.choice([least, least + self.random.randint(0, 70_000)])

    def _long(self, shape: Any, _stack: tuple[str, ...]) -> int:
        least = int(shape.metadata.get("min", 0))
        return self.random.choice([least, least + self.random.randint(0, 300), least + self.random.randint(0, 2**53)])

    def _double(self, shape: Any, _stack: tuple[str, ...]) -> float:
        least = shape.metadata.get("min")
        if self._wild and least is None and self.random.random() < 0.2:
            return self.random.choice([float("nan"), float("inf"), float("-inf"), 0])
        return self.random.choice([1, 0.25, 1e21, 1.1]) + (least or 0)

    _float = _double

    def _boolean(self, _shape: Any, _stack: tuple[str, ...]) -> bool:
        return self.random.random() < 0.5

    def _timestamp(self, _shape: Any, _stack: tuple[str, ...]) -> Any:
        moment = _EPOCH + timedelta(seconds=self.random.randint(0, 10**9))
        if not self._wild:
            return moment
        zone = timezone(timedelta(hours=self.random.randint(-11, 11), minutes=30))
        return self.random.choice([
            moment, moment.replace(tzinfo=None), moment.astimezone(zone), moment.replace(microsecond=120),
            moment.isoformat(), moment.replace(tzinfo=None).isoformat(), moment.date().isoformat(),
            moment.strftime("%Y-%m-%dT%H:%M:%SZ"), int(moment.timestamp()), str(int(moment.timestamp())),
        ])  # fmt: skip

    def _blob(self, _shape: Any, _stack: tuple[str, ...]) -> Any:
        content = self.random.randbytes(self.random.randint(0, 20))
        return self.random.choice([content, "text é"]) if self._wild else content

    def _document(self) -> Any:
        return {"text": self._text(1, _AWKWARD), "list": [1, 2.5, True, None, {"deep": "x"}], "none": None}


def _is_event_stream(shape: Any) -> bool:
    return bool(shape.serialization.get("eventstream") or shape.metadata.get("eventstream"))


def _loops(shape: Any, stack: tuple[str, ...]) -> bool:
    """Whether the shape, or what it is a collection of, is being made already."""
    while shape.type_name in ("list", "map"):
        shape = shape.member if shape.type_name == "list" else shape.value
    return shape.name in stack


def parameters(operation: Any, variant: str = "full", seed: str = "") -> dict[str, Any]:
    """Parameters of an operation (awsmini's or botocore's), always the same for the same arguments."""
    if operation.input_shape is None:
        return {}
    service_name = operation.service_model.service_name
    made: dict[str, Any] = Maker(f"{service_name}.{operation.name}/{seed}", variant).value(operation.input_shape)
    return made


@cache
def service_model(service_name: str) -> ServiceModel:
    """awsmini's shipped model."""
    return ServiceModel(_finder().lines(service_name))


def botocore_model(service_name: str) -> botocore.model.ServiceModel:
    """botocore's classes over the shipped facts; twenty times faster to load than botocore's own files."""
    description: dict[str, Any] = {"operations": {}, "shapes": {}}
    lines = _finder().lines(service_name)
    description |= lines.get("service", service_name) or {}
    for kind in ("operation", "shape"):
        description[f"{kind}s"] = {name: json.loads(text) for name, text in lines.of_kind(kind)}
    return botocore.model.ServiceModel(description, service_name)


@cache
def _finder() -> ModelFinder:
    return ModelFinder({"HOME": os.devnull})


def takes_every(config: Any) -> bool:
    """Whether the run was asked for all operations, with `-m every`."""
    return "every" in (config.option.markexpr or "").split()


def services_to_try(every: bool, share: int = 10) -> Iterator[tuple[str, list[str]]]:
    """Service names, each with the operations to try: all of them, or one in `share`, the same on every run."""
    for service_name in services():
        names = service_model(service_name).operation_names
        if not every:
            names = [name for name in names if crc32(f"{service_name}.{name}".encode()) % share == 0]
        if names:
            yield service_name, names
