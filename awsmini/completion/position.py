"""Where on a command line the cursor is: below which command, in the value of which option, and what is given so far.

Words are read as the commands would read them (`commands/parser.py`), but nothing is an error: what is not
understood is passed over.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from awsmini.commandline.globals import OPTIONS, YIELDING_OPTIONS
from awsmini.completion.nodes import Node
from awsmini.config.aliases import Aliases, InvalidAliasError, is_external, words_of
from awsmini.params.arguments import Argument


class Position(NamedTuple):
    """What completion goes by."""

    node: Node
    path: tuple[str, ...]  # the commands that lead to the node
    given: Mapping[str, list[str]]  # the words of each option and positional given, by `Argument.dest`
    labels: Set[str]  # of the same: `--x` and `--no-x` have one `dest`
    flags: Mapping[str, Any]  # the global options, as a command gets them
    current: Argument | None  # whose value the cursor is in; None: a command or an option is to come
    fragment: str  # what is typed of the word
    repeated: str = ""  # what stands in the same word before the fragment: `--output=`
    aliases: Mapping[str, str] = {}  # the user's own commands below the node


def locate(words: Sequence[str], fragment: str, root: Node, aliases: Aliases) -> Position:
    """The position of a cursor after `fragment`; `words` are those before it, without the program's name."""
    return _Walk(words, root, aliases).position(fragment)


class _Walk:
    """One walk over the words."""

    def __init__(self, words: Sequence[str], root: Node, aliases: Aliases) -> None:
        self.words = list(words)
        self.node = root
        self.path: tuple[str, ...] = ()
        self.aliases = aliases
        self.followed: set[tuple[str, ...]] = set()
        self.given: dict[str, list[str]] = {}
        self.labels: set[str] = set()
        self.flags: dict[str, Any] = {}
        self.options = _by_label((*OPTIONS, *YIELDING_OPTIONS))
        self.positionals: list[Argument] = []
        self.open: Argument | None = None  # the option whose values the last words are
        while self.words:
            self._take(self.words.pop(0))

    def position(self, fragment: str) -> Position:
        named = self._named(fragment)
        if named is not None and named[1] is not None and named[0].nargs != 0:
            return self._at(named[0], named[1], fragment[: len(fragment) - len(named[1])])
        if fragment.startswith("-") and (self.open is None or self.open.nargs is not None):
            return self._at(None, fragment)
        if self.open is not None:
            return self._at(self.open, fragment)
        return self._at(self.positionals[0] if self.positionals else None, fragment)

    def _at(self, current: Argument | None, fragment: str, repeated: str = "") -> Position:
        aliases = self.aliases.get(self.path, {})
        return Position(self.node, self.path, self.given, self.labels, self.flags, current, fragment, repeated, aliases)

    def _take(self, word: str) -> None:
        named = self._named(word)
        if named is not None:
            self._begin(*named)
        elif self.open is not None:
            self._add(self.open, word)
            if self.open.nargs in (None, "?"):
                self.open = None
        elif not word.startswith("-"):
            self._take_word(word)

    def _named(self, word: str) -> tuple[Argument, str | None] | None:
        """The option that a word names, in full or in short, and the value after `=`."""
        if not word.startswith("--") or word == "--":
            return None
        name, equals, value = word.partition("=")
        found = self.options.get(name)
        if found is None:
            near = [
                option for label, option in self.options.items() if label.startswith(name) and not option.exact_only
            ]
            found = near[0] if len(near) == 1 else None
        return None if found is None else (found, value if equals else None)

    def _begin(self, argument: Argument, value: str | None) -> None:
        self.given.setdefault(argument.dest, [])
        self.labels.add(argument.label)
        self.open = None
        if argument.nargs == 0:
            if argument.label in GLOBAL:
                self.flags[argument.dest] = argument.const
        elif value is not None:
            self._add(argument, value)
        else:
            self.open = argument

    def _add(self, argument: Argument, word: str) -> None:
        self.given.setdefault(argument.dest, []).append(word)
        self.labels.add(argument.label)
        if argument.label in GLOBAL:
            self.flags[argument.dest] = word

    def _take_word(self, word: str) -> None:
        """A command, an alias of one, or a positional argument."""
        if self._follow_alias(word):
            return
        below = self.node.below(word)
        if below is not None:
            self._enter(below, word)
        elif self.positionals:
            self._add(self.positionals[0], word)
            if self.positionals[0].nargs in (None, "?"):
                del self.positionals[0]
        elif self.node.operation is None:
            self._enter(Node(), word)  # no such command: nothing is known of what follows

    def _enter(self, node: Node, name: str) -> None:
        self.node = node
        self.path = (*self.path, name)
        arguments = node.arguments
        self.options = _by_label((*OPTIONS, *YIELDING_OPTIONS, *arguments))
        self.positionals = [argument for argument in arguments if argument.positional]

    def _follow_alias(self, name: str) -> bool:
        value = self.aliases.get(self.path, {}).get(name)
        if value is None or (*self.path, name) in self.followed:
            return False
        self.followed.add((*self.path, name))
        if is_external(value):
            self._enter(Node(), name)
            return True
        try:
            words = words_of(name, value)
        except InvalidAliasError:
            return False
        self.words[:0] = words
        return True


def _by_label(arguments: Iterable[Argument]) -> dict[str, Argument]:
    return {argument.label: argument for argument in arguments if not argument.positional}


GLOBAL = _by_label((*OPTIONS, *YIELDING_OPTIONS))
