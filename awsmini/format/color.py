"""Colours for text on a terminal."""

import re
from collections.abc import Iterator

KEY, STRING, NUMBER, WORD, RESET = "\x1b[34;1m", "\x1b[32m", "\x1b[36m", "\x1b[35m", "\x1b[0m"

_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(:?)|(-?[0-9][0-9.eE+-]*|-?Infinity|NaN)|(true|false|null)')


def color_json(chunks: Iterator[str]) -> Iterator[str]:
    """JSON text with its tokens coloured. A chunk ends between tokens, as the JSON writer's do."""
    for chunk in chunks:
        yield _TOKEN.sub(_colored, chunk)


def _colored(match: re.Match[str]) -> str:
    text, colon, number, word = match.groups()
    if text:
        return f"{KEY if colon else STRING}{text}{RESET}{colon}"
    return f"{NUMBER}{number}{RESET}" if number else f"{WORD}{word}{RESET}"
