"""Reading the words of a command line, the way AWS CLI v2 does, which is argparse's way.

A word that begins with a dash is an option where one of that name, or one that it abbreviates without
doubt, is known; `--name=value` gives the value in the same word; a negative number or a word with a blank in
it is a value. What is not known is left over, in order, for the next level: the global options are taken
from the whole command line first, then the service, then the operation.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from awsmini.errors import UsageError
from awsmini.params.arguments import Argument, option

_NEGATIVE_NUMBER = r"-\d+$|-\d*\.\d+$"  # re compiles it when it is first needed
# In the pattern of a command line, A is a word, O an option and - the word "--".
_POSITIONAL = {None: "(-*A-*)", "?": "(-*A?-*)", "*": "(-*[A-]*)", "+": "(-*A[A-]*)"}
_TOO_FEW = {None: "expected one argument", "+": "expected at least one argument"}
_HELP = option("help", nargs="?", positional=True)


class Parsed(NamedTuple):
    """Values by `Argument.dest`, only those given; the words not understood; the option that stopped the parsing."""

    values: dict[str, Any]
    leftovers: list[str]
    stopped: Argument | None = None


class _Word(NamedTuple):
    """A word that is an option: the argument it names (None: unknown), as named, and the value after `=`."""

    argument: Argument | None
    name: str
    value: str | None


def parse(words: Sequence[str], arguments: Iterable[Argument], *, check_required: bool = True) -> Parsed:
    """Take from `words` what `arguments` know. Raises UsageError."""
    return _Parser(list(words), list(arguments), check_required).run()


def parse_operation(words: Sequence[str], table: Mapping[str, Argument]) -> Parsed:
    """The words after an operation's name. `values["help"]` is set where the one word is `help`."""
    if list(words) == ["help"]:
        return Parsed({"help": "help"}, [])
    parsed = parse(words, [*table.values(), _HELP], check_required=not _lifts_required(words, table))
    asked = parsed.values.get("help")
    if asked is not None and asked != "help":
        del parsed.values["help"]
        parsed.leftovers.extend([asked] if asked else [])
    return parsed


def _positional(argument: Argument, given: set[str]) -> str:
    """The pattern of the words that a positional takes; a number of them has to be there in full."""
    if not isinstance(argument.nargs, int):
        return _POSITIONAL[argument.nargs]
    count = argument.nargs - (argument.fewer_with in given)
    return "(-*" + "-*".join("A" * count) + ("[A-]*)" if argument.open_ended else "-*)")


def _plural(count: int) -> str:
    return "argument" if count == 1 else "arguments"


def _lifts_required(words: Sequence[str], table: Mapping[str, Argument]) -> bool:
    """Whether what the line asks for makes do without required options. Only the options in full count."""
    if "--cli-input-json" in words or "--cli-input-yaml" in words:
        return "cli-input-json" in table
    if "--generate-cli-skeleton" not in words or "generate-cli-skeleton" not in table:
        return False
    following = words[words.index("--generate-cli-skeleton") + 1 :]
    return not (following and following[0] == "output")


def check_choice(label: str, value: str, choices: Iterable[str]) -> None:
    """Raises UsageError where `value` is none of `choices`, naming those that are near."""
    known = list(choices)
    if value in known:
        return
    from difflib import get_close_matches  # only a wrong word pays for it

    lines = [f"argument {label}: Found invalid choice '{value}'\n"]
    near = get_close_matches(value, known, cutoff=0.8)
    if near:
        lines += ["Maybe you meant:\n", *(f"  * {name}" for name in near)]
    raise UsageError("\n".join(lines))


class _Parser:
    """One walk over the words."""

    def __init__(self, words: list[str], arguments: list[Argument], check_required: bool) -> None:
        self.words = words
        self.arguments = arguments
        self.check_required = check_required
        self.options = {argument.label: argument for argument in arguments if not argument.positional}
        self.options |= {argument.short: argument for argument in arguments if argument.short is not None}
        self.positionals = [argument for argument in arguments if argument.positional]
        self.found: dict[int, _Word] = {}
        self.pattern = self._classify_all()
        self.given = {word.argument.label for word in self.found.values() if word.argument is not None}
        self.values: dict[str, Any] = {}
        self.seen: set[str] = set()
        self.leftovers: list[str] = []
        self.stopped: Argument | None = None

    def _classify_all(self) -> str:
        """A letter for each word; after `--` all are plain words."""
        pattern = ""
        for at, word in enumerate(self.words):
            if word == "--":
                return pattern + "-" + "A" * (len(self.words) - at - 1)
            option_word = self._classify(word)
            if option_word is None:
                pattern += "A"
            else:
                self.found[at] = option_word
                pattern += "O"
        return pattern

    def _classify(self, word: str) -> _Word | None:
        """The option that a word is, or None for a plain word."""
        if not word.startswith("-") or word == "-":
            return None
        if word in self.options:
            return _Word(self.options[word], word, None)
        name, equals, text = word.partition("=")
        value = text if equals else None
        if equals and name in self.options:
            return _Word(self.options[name], name, value)
        if word[:2] in self.options and self.options[word[:2]].nargs != 0:
            return _Word(self.options[word[:2]], word[:2], word[2:])  # as in -j16
        if word.startswith("--"):
            near = [
                (full, argument)
                for full, argument in self.options.items()
                if full.startswith(name) and not argument.exact_only
            ]
            if len(near) > 1:
                matches = ", ".join(full for full, _ in near)
                raise UsageError(f"ambiguous option: {word} could match {matches}")
            if near:
                return _Word(near[0][1], near[0][0], value)
        if re.match(_NEGATIVE_NUMBER, word) or " " in word:
            return None
        return _Word(None, word, None)

    def run(self) -> Parsed:
        at = 0
        last = max(self.found, default=-1)
        while at <= last and self.stopped is None:
            following = min(index for index in self.found if index >= at)
            if at != following:
                after = self._take_positionals(at)
                if after > at:
                    at = after
                    continue
            if at not in self.found:
                self.leftovers += self.words[at:following]
                at = following
            at = self._take_option(at)
        if self.stopped is None:
            at = self._take_positionals(at)
            self.leftovers += self.words[at:]
            self._check_required()
        return Parsed(self.values, self.leftovers, self.stopped)

    def _take_option(self, at: int) -> int:
        """Take the option at `at` with its values; the index of the word after them."""
        argument, name, value = self.found[at]
        if argument is None:
            self.leftovers.append(self.words[at])
            return at + 1
        if value is not None:
            if argument.nargs == 0:
                raise UsageError(f"argument {name}: ignored explicit argument {value!r}")
            if isinstance(argument.nargs, int) and argument.nargs > 1:
                raise UsageError(f"argument {name}: expected {argument.nargs} arguments")
            self._file(argument, [value])
            return at + 1
        stop = at + 1 + self._count(argument, at + 1)
        self._file(argument, self.words[at + 1 : stop])
        return stop

    def _count(self, argument: Argument, at: int) -> int:
        """How many words from `at` on are values of an option."""
        available = len(self.pattern) - at - len(self.pattern[at:].lstrip("A"))
        if argument.nargs == 0:
            return 0
        if argument.nargs == "*":
            return available
        if argument.nargs == "?":
            return min(available, 1)
        if isinstance(argument.nargs, int):  # so many words, whatever they look like
            if len(self.pattern) - at < argument.nargs:
                raise UsageError(f"argument {argument.label}: expected {argument.nargs} {_plural(argument.nargs)}")
            return argument.nargs
        if available == 0:
            raise UsageError(f"argument {argument.label}: {_TOO_FEW[argument.nargs]}")
        return available if argument.nargs == "+" else 1

    def _take_positionals(self, at: int) -> int:
        """Take as many positionals as the words from `at` on allow; the index of the word after them."""
        for count in range(len(self.positionals), 0, -1):
            taken = self.positionals[:count]
            match = re.match("".join(_positional(argument, self.given) for argument in taken), self.pattern[at:])
            if match is None:
                continue
            for argument, group in zip(taken, match.groups(), strict=True):
                words = self.words[at : at + len(group)]
                at += len(group)
                if "--" in words:
                    words.remove("--")
                self._file(argument, words)
            del self.positionals[:count]
            break
        return at

    def _file(self, argument: Argument, words: list[str]) -> None:
        self.seen.add(argument.label)
        if argument.nargs == 0:
            self.values[argument.dest] = argument.const
            if argument.stops:
                self.stopped = argument
            return
        if argument.gather is not None:
            self.values.setdefault(argument.dest, []).append(argument.gather(words))
        elif argument.repeated:
            self.values.setdefault(argument.dest, []).extend(self._value(argument, word) for word in words)
        elif argument.nargs in ("*", "+") or isinstance(argument.nargs, int):
            self.values[argument.dest] = [self._value(argument, word) for word in words]
        elif words:
            self.values[argument.dest] = self._value(argument, words[0])
        elif argument.nargs is None:
            self.values[argument.dest] = "--"  # the one word that was there
        elif not argument.positional:
            self.values[argument.dest] = argument.const

    def _value(self, argument: Argument, word: str) -> Any:
        value: Any = word
        if argument.convert is not None:
            try:
                value = argument.convert(word)
            except ValueError:
                kind = argument.convert.__name__
                raise UsageError(f"argument {argument.label}: invalid {kind} value: {word!r}") from None
        if argument.choices:
            check_choice(argument.label, value, argument.choices)
        return value

    def _check_required(self) -> None:
        missing = [
            argument.label
            for argument in self.arguments
            if argument.label not in self.seen
            and argument.required
            and argument.nargs != 0
            and (self.check_required or argument.positional)
        ]
        if missing:
            raise UsageError(f"the following arguments are required: {', '.join(missing)}")
