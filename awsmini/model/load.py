"""Finding and reading service models: `<service>.jsonl`, one line a thing, only the lines a call reaches.

A line is `kind<TAB>name<TAB>JSON`. Lines are sorted as bytes, so one is found by bisection and decoded
only when asked for. The wheel has the same lines packed (`packed.py`), in blocks that are found the same way,
and its other data.
A model of the user's own (`data_path`, `~/.aws/models`) wins over the shipped one
of the same name, unless that is newer, as in botocore; then come those of `awsmini models add` and `update`.
"""

import json
import os
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import ModelError, UnknownServiceError
from awsmini.model import own
from awsmini.model.layout import KINDS, SERVICE, newest
from awsmini.model.packed import FILE, OTHERS, PackedFiles, PackedModels, PackedText, spelled
from awsmini.system.user_dirs import expand

DATA = Path(__file__).parent.parent / "data"
SHIPPED = DATA / FILE if (DATA / FILE).is_file() else DATA / "models"
_LETTERS = frozenset(
    "abcdefghijklmnopqrstuvwxyz0123456789-"
)  # of shipped names; a file system may take "EC2" for "ec2"
UNSEALED = "awsmini.model.sealed:unsealed"  # only for what `awsmini models add` and `update` keep
LINES_OF = "awsmini.model.check:lines_of"  # makes lines of a botocore model: rare, and costs an import


class ModelLines:
    """The lines of one service model: of its text, or of a packed one."""

    def __init__(self, service_name: str, text: bytes | PackedText) -> None:
        self.service_name = service_name
        self._packed = None if isinstance(text, bytes) else text
        # an empty last line would break the bisection
        self._lines = text.rstrip(b"\n").split(b"\n") if isinstance(text, bytes) else []

    def get(self, kind: str, name: str) -> dict[str, Any] | None:
        """The decoded line, or None where the model has none of that kind and name."""
        prefix = f"{kind}\t{name}\t".encode()
        lines = self._packed.near(prefix) if self._packed else self._lines
        at = bisect_left(lines, prefix)
        if at < len(lines) and lines[at].startswith(prefix):
            try:
                line: dict[str, Any] = json.loads(self._spelled(lines[at])[len(prefix) :])
            except ValueError:
                raise ModelError(f"The model of {self.service_name} is damaged at {kind} {name}") from None
            return line
        return None

    def names(self, kind: str) -> list[str]:
        """The names of all lines of one kind, sorted, with no JSON decoded."""
        return [line.split(b"\t", 2)[1].decode() for line in self._of(kind)]

    def containing(self, kind: str, text: bytes) -> list[str]:
        """The names of those lines of one kind that have the text somewhere in their JSON."""
        return [line.split(b"\t", 2)[1].decode() for line in self.of(kind) if text in line]

    def of(self, kind: str) -> list[bytes]:
        """The lines of one kind."""
        return [self._spelled(line) for line in self._of(kind)] if self._packed else self._of(kind)

    def _spelled(self, line: bytes) -> bytes:
        return spelled(line) if self._packed else line

    def _of(self, kind: str) -> list[bytes]:
        begin, end = f"{kind}\t".encode(), f"{kind}\n".encode()  # no line sorts between tab and newline
        lines = self._packed.between(begin, end) if self._packed else self._lines
        return lines[bisect_left(lines, begin) : bisect_left(lines, end)]

    def of_kind(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """The lines of one kind, each as its name and its JSON, not decoded."""
        for line in self.of(kind):
            _, name, text = line.split(b"\t", 2)
            yield name.decode(), text


def is_shipped(service_name: str) -> bool:
    """Whether there is a model of that name without the user's."""
    if SHIPPED.name == FILE:
        return PackedModels(SHIPPED).has(service_name)
    return (SHIPPED / f"{service_name}.jsonl").is_file()


def shipped_lines(service_name: str) -> ModelLines:
    """A shipped model, which has to be there."""
    return ModelLines(service_name, _shipped(service_name))


def shipped_text(service_name: str) -> bytes:
    """The text of a shipped model, which has to be there."""
    found = _shipped(service_name)
    return found if isinstance(found, bytes) else found.text()


def _shipped(service_name: str) -> bytes | PackedText:
    if SHIPPED.name == FILE:
        return PackedModels(SHIPPED).model(service_name)
    return (SHIPPED / f"{service_name}.jsonl").read_bytes()


def content(name: str, folder: Path | None = None) -> bytes:
    """A file of `awsmini/data`, or of another folder like it; the wheel has it packed. Raises FileNotFoundError."""
    folder = folder or DATA
    path = folder / name
    return path.read_bytes() if path.is_file() else PackedFiles(folder / OTHERS).content(name)


def source(name: str) -> Path:
    """The file that has the content."""
    return DATA / name if (DATA / name).is_file() else DATA / OTHERS


class ModelFinder:
    """Looks service models up by name: the user's folders first, then the shipped ones.

    `data_path` says which folders, separated as in PATH, without it AWS_DATA_PATH alone; it is asked when needed.
    """

    def __init__(self, env: Mapping[str, str], data_path: Callable[[], str | None] | None = None) -> None:
        self._env = env
        self._data_path = data_path or (lambda: env.get("AWS_DATA_PATH"))

    @cached_property
    def user_folders(self) -> tuple[Path, ...]:
        """Folders searched before the shipped models, first match first."""
        named = [folder for folder in (self._data_path() or "").split(os.pathsep) if folder]
        candidates = [Path(expand(folder, self._env)) for folder in (*named, "~/.aws/models")]
        candidates += own.folders(self._env, lambda: data("services.json")["botocore"])
        return tuple(folder for folder in candidates if folder.is_dir())

    def lines(self, service_name: str) -> ModelLines:
        """The model of one service; raises UnknownServiceError where there is none."""
        if os.path.basename(service_name) == service_name:
            built = self._built(service_name)
            parts = self._parts(service_name)
            if parts:
                text: bytes = resolve_name(LINES_OF)(service_name, self.user_folders, parts, built)
                return ModelLines(service_name, text)
            if built is not None:
                return built
        raise UnknownServiceError(service_name, sorted(self.service_names()))

    def user_service_names(self) -> Iterator[str]:
        """Services that only the user's own folders hold, or hold in their place."""
        for folder in self.user_folders:
            for entry in folder.iterdir():
                if entry.suffix == ".jsonl":
                    yield entry.stem
                elif entry.is_dir() and next(entry.glob("*/service-2.json*"), None):
                    yield entry.name

    def service_names(self) -> set[str]:
        """Every service that `lines` would find."""
        return {*services(), *self.user_service_names()}

    def has(self, service_name: str) -> bool:
        """Whether `service_names` has it, without reading the index of services."""
        shipped = _LETTERS.issuperset(service_name) and self.is_shipped(service_name)
        return shipped or service_name in self.user_service_names()

    def folder(self, service_name: str) -> Path:
        """Where `lines` finds a service's operations: a folder, or SHIPPED. Raises UnknownServiceError."""
        parts = self._parts(service_name)
        if SERVICE in parts:
            return parts[SERVICE].parents[2]
        where = self._built_in(service_name)
        if where is None:
            raise UnknownServiceError(service_name, sorted(self.service_names()))
        return where

    def is_shipped(self, service_name: str) -> bool:
        """Whether there is a model of that name without the user's."""
        return is_shipped(service_name)

    def _built_in(self, service_name: str) -> Path | None:
        """Where the model is that is built already: a folder, or SHIPPED."""
        own_one = (folder for folder in self.user_folders if (folder / f"{service_name}.jsonl").is_file())
        return next(own_one, SHIPPED if is_shipped(service_name) else None)

    def _built(self, service_name: str) -> ModelLines | None:
        where = self._built_in(service_name)
        if where is None:
            return None
        if where == SHIPPED:
            return shipped_lines(service_name)
        return self._own_lines(where / f"{service_name}.jsonl")

    def _own_lines(self, path: Path) -> ModelLines:
        """The lines of a file that is not shipped. Raises ModelError, which names it, where it cannot be used."""
        try:
            text = path.read_bytes()
        except OSError as error:
            raise ModelError(f"The model {path} cannot be read: {error.strerror}") from error
        if own.root(self._env) in path.parents:
            text = resolve_name(UNSEALED)(path, text)
        return ModelLines(path.stem, text)

    def _parts(self, service_name: str) -> dict[str, Path]:
        """The files in botocore's layout that count: older ones only where what is built has nothing of the kind."""
        parts = newest(self.user_folders, service_name)
        built = self._built(service_name) if parts else None
        if built is None:
            return parts if SERVICE in parts else {}
        version = _version(built)
        return {
            part: path
            for part, path in parts.items()
            if path.parent.name >= version or not any(built.names(kind) for kind in KINDS[part])
        }


def _version(lines: ModelLines) -> str:
    service = lines.get("service", lines.service_name) or {}
    return str(service["metadata"]["apiVersion"])


def services() -> dict[str, dict[str, str]]:
    """`data/services.json`: what the command tree needs of each shipped service without opening its model."""
    shipped: dict[str, dict[str, str]] = data("services.json")["services"]
    return shipped


def data(name: str) -> Any:
    """One JSON file of `awsmini/data`."""
    return json.loads(content(name))


def data_names(folder: str) -> list[str]:
    """The files of a folder of `awsmini/data`, sorted, without their endings."""
    if (DATA / folder).is_dir():
        names = os.listdir(DATA / folder)
    else:
        names = [name for name in PackedFiles(DATA / OTHERS).names() if name.startswith(f"{folder}/")]
    return sorted(os.path.splitext(os.path.basename(name))[0] for name in names)
