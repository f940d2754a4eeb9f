"""Colours for text on a terminal."""

import re
from collections.abc import Iterable, Iterator

KEY, STRING, NUMBER, WORD, RESET = "\x1b[34;1m", "\x1b[32m", "\x1b[36m", "\x1b[35m", "\x1b[0m"

_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(:?)|(-?[0-9][0-9.eE+-]*|-?Infinity|NaN)|(true|false|null)')


def color_json(chunks: Iterable[str]) -> Iterator[str]:
    """Indented JSON text with its tokens coloured, line by line: no token goes over the end of one."""
    rest = ""
    for chunk in chunks:
        lines, end, rest = (rest + chunk).rpartition("\n")
        yield _TOKEN.sub(_colored, lines) + end
    yield _TOKEN.sub(_colored, rest)


def _colored(match: re.Match[str]) -> str:
    text, colon, number, word = match.groups()
    if text:
        return f"{KEY if colon else STRING}{text}{RESET}{colon}"
    return f"{NUMBER}{number}{RESET}" if number else f"{WORD}{word}{RESET}"
