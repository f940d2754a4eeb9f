"""What the menu holds: everything that may stand where the cursor is, found fuzzily, with what is said of it.

Candidates are those of `awsmini/completion`. They are collected once for each place on the line, whatever is typed
there, because the account may have to be asked for them; what is typed only picks among them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from functools import cache, partial
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from awsmini.completion.anchor import anchor
from awsmini.completion.candidate import Candidate
from awsmini.completion.engine import offered, read
from awsmini.completion.nodes import Node, Root
from awsmini.completion.position import GLOBAL, Position
from awsmini.completion.values import World
from awsmini.completion.words import PLAIN, Words, quoted, split
from awsmini.help.markup import first_sentence
from awsmini.help.options import own_doc
from awsmini.help.prose import Prose, prose
from awsmini.params.arguments import Argument
from awsmini.prompt.mode import FORCED, REFUSED

PROGRAM = "awsmini "
REMOTE = "AWSMINI_COMPLETE_REMOTE"
PATIENCE = 10.0  # seconds that the account has to answer
_CLOSING = {"{": "}", "[": "]"}


class Choice(NamedTuple):
    """A line of the menu. `text` takes the place of the last `length` characters before the cursor."""

    text: str
    length: int
    shown: str
    note: str = ""


class _Kept(Root):
    """The command tree, of which services are read once."""

    def __init__(self, env: Mapping[str, str]) -> None:
        super().__init__(env)
        self._known: dict[str, Node | None] = {}

    def below(self, name: str) -> Node | None:
        if name not in self._known:
            self._known[name] = super().below(name)
        return self._known[name]


class Offers:
    """The choices for a line. May be asked by several threads: those that are at the same place wait for one answer."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._world = World(env, lambda: PATIENCE)
        self._root = _Kept(env)
        self._prose: Callable[[str], Prose] = cache(partial(prose, user_folders=self._root.models.user_folders))
        self._lock = Lock()
        self._place: Any = None
        self._found: Future[list[Candidate]] = Future()

    def position(self, before: str) -> Position:
        """Where on the command line the cursor is; `before` is what stands before it."""
        return read(split(PROGRAM + before), self._root, self._world)

    def choices(self, before: str) -> list[Choice]:
        """What may stand in the place of the last word, the required options first."""
        typed = split(PROGRAM + before)
        position = read(typed, self._root, self._world)
        start = anchor(position)
        if _is_whole(position):
            return []
        candidates = {each.text: each for each in self._candidates(typed, position, start)}
        for each in offered(position, self._here):  # some come up only when their beginning is typed: file://, .name
            if each.text.startswith(position.fragment) and each.text.lstrip("-") not in _SWITCHES:
                candidates.setdefault(each.text, each)
        kept = 0 if position.current is None and position.fragment != start else len(start)  # dashes count, behind them
        found = ranked(position.fragment[kept:], candidates.values(), lambda each: each.text[kept:])
        known = _by_label(position)
        needed = [each for each in found if _is_required(known.get(each.text))]
        rest = [each for each in found if not _is_required(known.get(each.text))]
        choices = (self._choice(each, typed, position, start) for each in (*needed, *rest))
        return [*filter(None, choices), *_closed(typed, position)]

    def is_finished(self, line: str) -> bool:
        """Whether the last word of a line needs nothing more, as far as is known without asking the account."""
        position = self.position(line)
        if not position.fragment or _is_whole(position):
            return True
        start = anchor(position)
        near = offered(position._replace(fragment=start), self._here)
        texts = {each.text for each in ranked(position.fragment[len(start) :], near, lambda each: each.text)}
        return texts <= {position.fragment}

    @property
    def _here(self) -> World:
        """The world without the account."""
        return self._world._replace(env={**self._world.env, REMOTE: "0"})

    def _candidates(self, typed: Words, position: Position, start: str) -> list[Candidate]:
        place = (typed.words, position.repeated, start, position.current and position.current.label)
        with self._lock:
            is_known = place == self._place
            if not is_known:
                self._place, self._found = place, Future()
            found = self._found
        if not is_known:
            try:
                found.set_result(offered(position._replace(fragment=start), self._world))
            except Exception as error:
                found.set_exception(error)
        return [each for each in found.result() if each.text.lstrip("-") not in _SWITCHES]

    def _choice(self, candidate: Candidate, typed: Words, position: Position, start: str) -> Choice | None:
        whole = position.repeated + candidate.text
        text = quoted(whole, _kept_of(typed, whole), PLAIN)
        if text is None:
            return None
        argument = _by_label(position).get(candidate.text)
        if argument is not None:
            tail = " (required)" if _is_required(argument) else ""
            about = self._about(argument, position)
            return Choice(text, len(typed.raw), candidate.text + tail, f"[{argument.type_name}] {about}".rstrip())
        note = " ".join(candidate.note.split())
        note = f"[{note}]" if note and position.current else note
        return Choice(text, len(typed.raw), candidate.text[len(start) :], note)

    def _about(self, argument: Argument, position: Position) -> str:
        """What is said of an option, in one sentence."""
        operation = position.node.operation
        ours = own_doc(argument, operation)
        if ours or operation is None or argument.member is None or argument.shape is None:
            return ours.partition(". ")[0].replace("`", "")
        assert operation.input_shape is not None
        theirs = self._prose(operation.service_model.service_name)
        return first_sentence(theirs.member(operation.input_shape.name, argument.member, argument.shape.name))


_SWITCHES = frozenset(name.lstrip("-") for name in (FORCED, REFUSED))  # the prompt is open already


def _by_label(position: Position) -> dict[str, Argument]:
    """The options that may stand at the cursor, none where a value or a command stands there."""
    if position.current is not None and not position.current.positional:
        return {}
    own = {argument.label: argument for argument in position.node.arguments if not argument.positional}
    return {**GLOBAL, **own}


def _is_required(argument: Argument | None) -> bool:
    return argument is not None and (argument.required or argument.required_in_help)


def _is_whole(position: Position) -> bool:
    """Whether what is typed is the full name of an option or of a command, and no other command begins so."""
    typed = position.fragment
    if position.current is not None or not typed:
        return False
    if typed.startswith("-"):
        return typed in _by_label(position)
    names = [*position.aliases, *(name for name, _ in position.node.names(typed))]
    return typed in names and not any(name.startswith(typed) and name != typed for name in names)


def _kept_of(typed: Words, whole: str) -> Words:
    """The part of the typed word that stays as it is: all of it where the choice begins so, else an open quote."""
    known = whole.startswith(typed.fragment) and not typed.escaped
    return typed if known else typed._replace(fragment="", raw=typed.quote)


def _closed(typed: Words, position: Position) -> Iterator[Choice]:
    """The brackets that are open in a value, closed."""
    if position.current is None or position.current.shape is None:
        return
    missing = closing(position.fragment)
    if missing:
        yield Choice(typed.raw + missing, len(typed.raw), "Autoclose brackets")


def closing(text: Iterable[str]) -> str:
    """The brackets that close those which are open; none where they are closed in disorder."""
    missing: list[str] = []
    for character in text:
        if character in _CLOSING:
            missing.append(_CLOSING[character])
        elif character in _CLOSING.values() and (not missing or missing.pop() != character):
            return ""
    return "".join(reversed(missing))


T = TypeVar("T")


def ranked(typed: str, items: Iterable[T], text: Callable[[T], str]) -> list[T]:
    """The items whose text has the typed characters in that order, in whatever case, the best first.

    Those come first where they stand close together, then those where they stand near the beginning. All items, as
    they are, where nothing is typed.
    """
    if not typed:
        return list(items)
    found: list[tuple[tuple[int, int, str], T]] = []
    for item in items:
        name = text(item)
        place = _place(typed.lower(), name.lower())
        if place is not None:
            found.append(((*place, name), item))
    return [item for _, item in sorted(found, key=lambda each: each[0])]


def _place(typed: str, name: str) -> tuple[int, int] | None:
    """How many characters the leftmost match spans, and where it begins."""
    first = at = name.find(typed[0])
    for character in typed[1:]:
        if at < 0:
            return None
        at = name.find(character, at + 1)
    return None if at < 0 else (at + 1 - first, first)
