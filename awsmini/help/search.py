"""Finding operations by words: in their names, in the shapes they take and answer, and in AWS's prose.

Every word has to be found somewhere. Where the worst-placed of the words is decides the order: a command that has
all of them in its name comes before one that has some in its shapes only. So shapes are looked into only where
names have not found enough, and prose where shapes have not; and a shape is decoded only where its bytes have
the word.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError
from awsmini.help.index import Indexed, commands_of
from awsmini.help.markup import first_sentence
from awsmini.help.prose import Prose
from awsmini.model.cli_names import hidden_operations
from awsmini.model.load import ModelLines
from awsmini.model.shapes import ServiceModel

NAMES, SHAPES, PROSE = range(3)  # where the worst-placed word was found
REFERENCE = re.compile(rb'"shape":"([^"]+)"')
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Service(NamedTuple):
    """A service to search: its command, its name, how its model is had, and its prose."""

    command: str
    full_name: str
    lines: Callable[[], ModelLines]
    prose: Callable[[], Prose] | None = None
    indexed: Indexed | None = None  # of a shipped model


class Hit(NamedTuple):
    """A command that was found: as it is typed, why, and how well it fits (less is better)."""

    command: str
    why: str
    rank: tuple[int, int, str]


def search(
    words: Sequence[str], services: Iterable[Service], limit: int, broken: Callable[[AwsminiError], object] = print
) -> list[Hit]:
    """The commands that have all the words, the best first, at most `limit`.

    `broken` is told of a model that cannot be used; it breaks no other service.
    """
    wanted = [word.lower() for word in words if squashed(word)]
    if not wanted:
        return []
    candidates = [_Candidate(service, wanted) for service in services]
    hits: dict[str, Hit] = {}
    for look in (_Candidate.by_names, _Candidate.by_shapes, _Candidate.by_prose):
        candidates = [each for each in candidates if _looked(look, each, hits, broken)]
        if len(hits) >= limit:
            break
    return sorted(hits.values(), key=lambda hit: hit.rank)[:limit]


def _looked(
    look: "Callable[[_Candidate], Iterator[Hit]]",
    candidate: "_Candidate",
    hits: dict[str, Hit],
    broken: Callable[[AwsminiError], object],
) -> bool:
    """Add what is found in a candidate to the hits; False where its model cannot be used."""
    try:
        for hit in look(candidate):
            hits.setdefault(hit.command, hit)
    except AwsminiError as error:
        broken(error)
        return False
    return True


def squashed(text: str) -> str:
    """`run-instances`, `RunInstances` and `run_instances` are the same word."""
    return text.replace("-", "").replace("_", "").lower()


class _Candidate:
    """One service, looked into ever more deeply."""

    def __init__(self, service: Service, words: Sequence[str]) -> None:
        self.service = service
        self.of_service = {word: _fit_of_service(word, service) for word in words}
        self.words = [word for word in words if not self.of_service[word]]  # to be found elsewhere
        self._in_shapes: dict[str, dict[str, tuple[int, str]]] = {}

    @cached_property
    def lines(self) -> ModelLines:
        return self.service.lines()

    @cached_property
    def commands(self) -> dict[str, str]:
        """Command to API name, waiters included."""
        indexed = self.service.indexed
        return indexed.commands if indexed else commands_of(ServiceModel(self.lines))

    @cached_property
    def hidden(self) -> Set[str]:
        indexed = self.service.indexed
        return indexed.hidden if indexed else hidden_operations(ServiceModel(self.lines))

    def has(self, word: str) -> bool:
        """Whether the word may be in a name or a shape, as far as that is known without the model."""
        indexed = self.service.indexed
        return indexed is None or indexed.has(word, squashed(word))

    def found_in_shapes(self, word: str) -> dict[str, tuple[int, str]]:
        if word not in self._in_shapes:
            self._in_shapes[word] = self._operations_with(word) if self.has(word) else {}
        return self._in_shapes[word]

    def by_names(self) -> Iterator[Hit]:
        """Commands with all words in their own name or in that of the service."""
        if not all(map(self.has, self.words)):
            return
        for command, api_name in self.commands.items():
            if all(squashed(word) in api_name.lower() for word in self.words):
                yield from self._hit(command, api_name, NAMES, self.service.full_name)

    def by_shapes(self) -> Iterator[Hit]:
        """Commands with the words that are in no name among the members and choices of their shapes."""
        if not all(map(self.has, self.words)):
            return
        for command, api_name, missing in self._with_words_missing():
            found = [self.found_in_shapes(word).get(api_name) for word in missing]
            if None not in found:
                steps = [place for place in found if place is not None]
                yield from self._hit(command, api_name, SHAPES, _together(steps), sum(step for step, _ in steps))

    def by_prose(self) -> Iterator[Hit]:
        """Commands with the words that are nowhere else in the documentation of the operation."""
        prose = self.service.prose() if self.service.prose else None
        if not prose or not all(word in prose.lowered for word in self._nowhere_else()):
            return
        for command, api_name, missing in self._with_words_missing():
            left = [word for word in missing if api_name not in self.found_in_shapes(word)]
            text = prose.operation(api_name) if left else ""
            lowered = text.lower()
            if left and all(word in lowered for word in left):
                yield from self._hit(command, api_name, PROSE, first_sentence(text))

    def _nowhere_else(self) -> list[str]:
        """The words that no shape and no name of this service has."""
        names = " ".join(self.commands.values()).lower()
        return [word for word in self.words if not self.found_in_shapes(word) and squashed(word) not in names]

    def _with_words_missing(self) -> Iterator[tuple[str, str, list[str]]]:
        """The commands that have not all words in names, with the words they have not."""
        for command, api_name in self.commands.items():
            missing = [word for word in self.words if squashed(word) not in api_name.lower()]
            if missing:
                yield command, api_name, missing

    def _hit(self, command: str, api_name: str, where: int, why: str, steps: int = 0) -> Iterator[Hit]:
        if command not in self.hidden:
            fit = sum(max(at_service, _fit(word, api_name)) for word, at_service in self.of_service.items())
            name = f"{self.service.command} {command}"
            yield Hit(name, why, (where, steps - fit, name))

    def _operations_with(self, word: str) -> dict[str, tuple[int, str]]:
        """The operations whose shapes have a word: how many steps away, and what has it."""
        reached: dict[str, tuple[int, str]] = {}
        level = {name: (1, why) for name, why in self._shapes_with(word)}
        seen = set(level)
        while level:
            following: dict[str, tuple[int, str]] = {}
            for shape, (step, why) in level.items():
                for kind, name in self._users.get(shape, ()):
                    if kind == "operation":
                        reached.setdefault(name, (step, why))
                    elif name not in seen:
                        seen.add(name)
                        following[name] = (step + 1, why)
            level = following
        return reached

    def _shapes_with(self, word: str) -> Iterator[tuple[str, str]]:
        """Shapes that have the word in the name of a member or in a choice, and what that is."""
        spellings = {word.encode(), squashed(word).encode()}
        for name, line in self.lines.of_kind("shape"):
            lowered = line.lower()
            if any(spelling in lowered for spelling in spellings):
                why = _why(word, name, json.loads(line))
                if why:
                    yield name, why

    @cached_property
    def _users(self) -> Mapping[str, list[tuple[str, str]]]:
        """Shape to the operations and shapes that refer to it."""
        users: dict[str, list[tuple[str, str]]] = {}
        for kind in ("operation", "shape"):
            for name, line in self.lines.of_kind(kind):
                for shape in set(REFERENCE.findall(line)):
                    users.setdefault(shape.decode(), []).append((kind, name))
        return users


def _fit_of_service(word: str, service: Service) -> int:
    """How well a word fits a service; 0 where it does not."""
    if squashed(word) == squashed(service.command):
        return 30
    return 10 if word in service.full_name.lower().split() or word in service.command.split("-") else 0


def _fit(word: str, api_name: str) -> int:
    """How well a word fits the name of an operation."""
    if squashed(word) == api_name.lower():
        return 100
    if squashed(word) not in api_name.lower():
        return 0
    parts = [part.lower() for part in _PART.findall(api_name)]
    return 40 if squashed(word) in parts else 30 if squashed(word).rstrip("s") in (p.rstrip("s") for p in parts) else 20


def _why(word: str, name: str, traits: Mapping[str, Any]) -> str:
    """What of a shape has the word: a member, else a choice; "" where it is neither."""
    for member in traits.get("members", ()):
        if squashed(word) in member.lower():
            return f"{member} of {name}"
    for choice in traits.get("enum", ()):
        if word in str(choice).lower():
            return f"{choice}, a choice of {name}"
    return ""


def _together(places: Sequence[tuple[int, str]]) -> str:
    return "; ".join(dict.fromkeys(why for _, why in places))
