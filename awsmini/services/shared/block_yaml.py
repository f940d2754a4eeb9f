"""YAML as AWS CLI v2 writes templates and other files of its own: block style, the order kept, nothing aliased.

Answers (`--output yaml`) are written by other rules, those of libyaml's emitter: see `format/yaml.py`. Here a text
with a quote or a line break stands in double quotes, a word that does not fit into the line moves to the next one,
and a line break in double quotes is always escaped. What would not be read back as it was (a line separator of
Unicode; several blanks before a word that is moved) is written so that it is.
"""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from awsmini.errors import AwsminiError
from awsmini.format.yaml_scalar import NOT_A_STRING

WIDTH = 80
INDENT = 2
LONGEST_KEY = 122  # characters; a longer key is written `? key`

# What YAML 1.1 takes for true and false besides: CloudFormation reads by it.
_OLD_BOOLEAN = re.compile("yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF")
_INDICATORS = re.compile(
    r"---|\.\.\.|[#,\[\]{}&*!|>'\"%@`]|[-?:](?:[\0 \t\r\n]|\Z)|.*?(?::(?:[\0 \t\r\n]|\Z)|[\0 \t\r\n]#)", re.DOTALL
)
_NEEDS_DOUBLE = re.compile(
    "[^\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]|'"
)
_ESCAPED = re.compile(
    r"[^\x20-\x21\x23-\x5b\x5d-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BREAK = re.compile("[\n\x85\u2028\u2029]")
_ESCAPES = {
    "\0": "\\0", "\x07": "\\a", "\x08": "\\b", "\x09": "\\t", "\x0a": "\\n", "\x0b": "\\v", "\x0c": "\\f",
    "\x0d": "\\r", "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip


class YamlWriteError(AwsminiError):
    """A value that has no form in YAML."""


class SortedMapping(dict[Any, Any]):
    """A mapping that is written with its keys sorted: one that stood under a tag, `!Cidr {ipBlock: …, count: …}`."""


def dump(value: Any, *, old_booleans: bool = False, width: int = WIDTH) -> str:
    """One document. With `old_booleans`, texts that YAML 1.1 takes for booleans (`on`, `No`) stand in quotes.

    Raises YamlWriteError.
    """
    writer = _Writer(old_booleans, width)
    if isinstance(value, Mapping) and value:
        return writer.mapping(value, 0) + "\n"
    if isinstance(value, list | tuple) and value:
        return writer.sequence(value, 0) + "\n"
    if isinstance(value, set) and value:
        return "!!set\n" + writer.mapping(dict.fromkeys(sorted(value)), 0) + "\n"
    text = writer.scalar(value, 0, 0).removeprefix(" ")
    return text + ("\n" if text[:1] in ("'", '"', "{", "[") else "\n...\n")


class _Writer:
    """All lines of a value but the first begin at the column they stand at; the caller writes what comes before it."""

    def __init__(self, old_booleans: bool, width: int) -> None:
        self._old_booleans = old_booleans
        self._width = width

    def mapping(self, value: Mapping[Any, Any], indent: int) -> str:
        items = value.items()
        if isinstance(value, SortedMapping):
            items = dict(_sorted(value)).items()
        return f"\n{' ' * indent}".join([self._entry(key, item, indent) for key, item in items])

    def sequence(self, value: Any, indent: int) -> str:
        return f"\n{' ' * indent}".join([f"-{self._after_dash(item, indent)}" for item in value])

    def _entry(self, key: Any, item: Any, indent: int) -> str:
        if isinstance(key, tuple | bytes):
            shown = self._after_dash(key, indent)
        else:
            shown = self.scalar(key, indent, indent, fold=False)[1:]
            if len(str(key)) <= LONGEST_KEY and not (isinstance(key, str) and _BREAK.search(key)):
                return f"{shown}:{self._after_key(item, indent, indent + len(shown) + 1)}"
            shown = self.scalar(key, indent + INDENT, indent + 1)
        return f"?{shown}\n{' ' * indent}:{self._after_dash(item, indent)}"

    def _after_key(self, value: Any, indent: int, column: int) -> str:
        """What follows `key:` where the key stands at `indent` and its colon ends at `column`."""
        if isinstance(value, Mapping) and value:
            return f"\n{' ' * (indent + INDENT)}{self.mapping(value, indent + INDENT)}"
        if isinstance(value, list | tuple) and value:
            return f"\n{' ' * indent}{self.sequence(value, indent)}"
        if isinstance(value, set) and value:
            entries = dict.fromkeys(sorted(value))
            return f" !!set\n{' ' * (indent + INDENT)}{self.mapping(entries, indent + INDENT)}"
        return self.scalar(value, indent + INDENT, column)

    def _after_dash(self, value: Any, indent: int) -> str:
        """What follows a dash at `indent`."""
        if isinstance(value, Mapping) and value:
            return " " + self.mapping(value, indent + INDENT)
        if isinstance(value, list | tuple) and value:
            return " " + self.sequence(value, indent + INDENT)
        if isinstance(value, set) and value:
            entries = dict.fromkeys(sorted(value))
            return f" !!set\n{' ' * (indent + INDENT)}{self.mapping(entries, indent + INDENT)}"
        return self.scalar(value, indent + INDENT, indent + 1)

    def scalar(self, value: Any, indent: int, column: int, *, fold: bool = True) -> str:
        """A blank and a value without parts, which begins at `column`; its further lines stand at `indent`."""
        if isinstance(value, str):
            return self._string(value, indent, column, fold)
        for kind, write in _PLAIN:
            if isinstance(value, kind):
                return self._plain(write(value), indent, column) if fold else " " + write(value)
        if isinstance(value, bytes):
            return " " + _bytes(value, indent)
        for kind, text in _EMPTY:
            if isinstance(value, kind):
                return text
        raise YamlWriteError(f"cannot represent an object: {value!r}")

    def _string(self, text: str, indent: int, column: int, fold: bool) -> str:
        style = self._style(text)
        if style == '"':
            return self._double(text, indent, column, fold)
        if style == "'":
            return " '" + (self._folded(text, indent, column + 2) if fold else text) + "'"
        return self._plain(text, indent, column) if fold else " " + text

    def _style(self, text: str) -> str:
        """Which quotes a string needs: none, `'` or `"`."""
        if not text:
            return "'"
        plain = text[0] != " " and text[-1] != " " and not _INDICATORS.match(text)
        if _NEEDS_DOUBLE.search(text):
            # A quote alone asks for no quotes around it, as long as the text may stand plain.
            only_quotes = "'" in text and not _NEEDS_DOUBLE.search(text.replace("'", ""))
            return "" if only_quotes and plain else '"'
        if not plain or NOT_A_STRING.fullmatch(text):
            return "'"
        return "'" if self._old_booleans and _OLD_BOOLEAN.fullmatch(text) else ""

    def _plain(self, text: str, indent: int, column: int) -> str:
        """A single blank at the end of the line becomes a line break; a word that does not fit is moved."""
        out = [" "]
        column += 1
        pad = f"\n{' ' * indent}"
        single = True  # whether a line break where the word begins changes nothing
        for found in re.finditer(" +|[^ ]+", text):
            run = found[0]
            if run[0] != " ":
                if len(run) + column > self._width and column > indent and single:
                    out.append(pad)
                    column = indent
                out.append(run)
                column += len(run)
            elif len(run) == 1 and column >= self._width:
                out.append(pad)
                column = indent
            else:
                out.append(run)
                column += len(run)
                single = len(run) == 1
        return "".join(out)

    def _folded(self, text: str, indent: int, column: int) -> str:
        """The inside of single quotes: a single blank beyond the width becomes a line break."""
        out: list[str] = []
        for found in re.finditer(" +|[^ ]+", text):
            run = found[0]
            if run == " " and column > self._width and 0 < found.start() < len(text) - 1:
                run = f"\n{' ' * indent}"
                column = indent
            else:
                column += len(run)
            out.append(run)
        return "".join(out)

    def _double(self, text: str, indent: int, column: int, fold: bool) -> str:
        """In double quotes, broken before a blank or after an escape: a backslash ends the line."""
        out = [' "']
        column += 2
        pad = f"\\\n{' ' * indent}"
        last = len(text) - 1
        start = 0  # where the characters begin that are not written yet
        for end, char in enumerate(text):
            escaped = _ESCAPED.match(char) is not None
            if escaped:
                written = text[start:end] + _escape(char)
                out.append(written)
                column += len(written)
                start = end + 1
            at_break = char == " " or start >= end
            if fold and 0 < end < last and at_break and column + (end - start) > self._width:
                out.append(text[start:end] + pad)
                start = max(start, end)
                column = indent
                if text[start] == " ":
                    out.append("\\")
                    column += 1
        out.append(text[start:])
        return "".join(out) + '"'


def _escape(char: str) -> str:
    code = ord(char)
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _sorted(value: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    try:
        return sorted(value.items(), key=lambda item: item[0])
    except TypeError:  # keys of several types have no order
        return list(value.items())


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    return repr(value).lower()


def _bytes(value: bytes, indent: int) -> str:
    lines = base64.encodebytes(value).decode().splitlines()
    return "!!binary |" + "".join([f"\n{' ' * indent}{line}" for line in lines])


# In this order: a bool is an int, a datetime is a date.
_PLAIN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "true" if value else "false"),
    (int, str),
    (float, _float),
    (type(None), lambda value: "null"),
    (datetime, lambda value: str(value.isoformat(" "))),
    (date, lambda value: str(value.isoformat())),
)
_EMPTY: tuple[tuple[type, str], ...] = ((Mapping, " {}"), (list, " []"), (tuple, " []"), (set, " !!set {}"))
