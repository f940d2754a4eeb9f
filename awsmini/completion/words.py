"""A command line as a shell has it, cut into words up to the cursor; and candidates, quoted to go back there."""

from typing import NamedTuple

SPECIAL = frozenset(" \t\"'\\$`&|;<>()*?[]#~!{}")  # what a shell would not take as it stands
PLAIN = frozenset(" \t\r\n\"'\\")  # the same, where only words are split
_BLANKS = " \t\r\n"
_IN_DOUBLE_QUOTES = frozenset('"\\$`')


class Words(NamedTuple):
    """The words before the one that the cursor is in; of that one, what stands before the cursor, unquoted and raw."""

    words: list[str]
    fragment: str
    raw: str
    quote: str = ""  # the quotation mark that is open at the cursor
    escaped: bool = False  # a backslash stands before the cursor, which the next character belongs to


def split(line: str) -> Words:
    """The words of a line. A quote may be left open: the line ends at the cursor.

    A backslash at the end of a line joins it to the next one.
    """
    words: list[str] = []
    word = quote = ""
    start, escaped, inside = 0, False, False
    joint = -1  # the end of a line that is joined to the next
    for at, character in enumerate(line):
        if at == joint:
            continue
        if escaped:
            word += character if not quote or character in _IN_DOUBLE_QUOTES else f"\\{character}"
            escaped = False
        elif quote != "'" and line.startswith("\\\n", at):
            joint = at + 1
        elif character == "\\" and quote != "'":
            start, inside, escaped = _begin(start, inside, at)
        elif quote:
            if character == quote:
                quote = ""
            else:
                word += character
        elif character in "\"'":
            start, inside, _ = _begin(start, inside, at)
            quote = character
        elif character in _BLANKS:
            if inside:
                words.append(word)
            word, inside = "", False
        else:
            start, inside, _ = _begin(start, inside, at)
            word += character
    return Words(words, word, line[start:] if inside else "", quote, escaped)


def _begin(start: int, inside: bool, at: int) -> tuple[int, bool, bool]:
    """Where the word begins that goes on at `at`; that one has begun; and True."""
    return (start if inside else at), True, True


def quoted(text: str, typed: Words, special: frozenset[str] = SPECIAL) -> str | None:
    """A candidate as it would be typed: what stands there already stays as it is. None where it cannot be quoted."""
    rest = text[len(typed.fragment) :]
    if typed.quote == "'":
        return None if "'" in rest else typed.raw + rest
    special = _IN_DOUBLE_QUOTES if typed.quote else special
    return typed.raw + "".join(f"\\{character}" if character in special else character for character in rest)
