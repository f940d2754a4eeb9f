r"""The shorthand of AWS CLI v2: `Key=a,Values=[b,c],Nested={x=1,y={z=2}},Text@=file://f`.

    parameter = keyval *("," keyval)
    keyval    = key ["@"] "=" [values]          ; with "@", file:// and fileb:// values are loaded
    key       = *(letter / digit / "-" / "_" / "." / "#" / "/" / ":")
    values    = csv-list / explicit-list / hash
    csv-list  = value *("," value)              ; ends where a word is followed by "="
    list      = "[" [item *("," item)] "]"
    hash      = "{" [key ["@"] "=" item *("," key ["@"] "=" item)] "}"
    item      = list / hash / value
    value     = 'quoted' / "quoted" / plain     ; in plain text "\," is a comma

Beyond that, plain values may hold braces where v2 would see an error: `Value=${stage.v}/x`.

`parse` knows no model: it gives dicts, lists and strings. `coerce` then makes of the strings what a shape says.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from string import ascii_letters, digits, whitespace
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape
from awsmini.params.context import ConversionError, ParamError

_KEY = re.compile(f"[{re.escape(ascii_letters + digits + '-_.#/:')}]*")
_BLANKS = re.compile(f"[{re.escape(whitespace)}]*")
_SINGLE_QUOTED = ("singled quoted", re.compile(r"'(?:\\'|[^'])*'"))
_DOUBLE_QUOTED = ("double quoted", re.compile(r'"(?:\\"|[^"])*"'))
# What may stand first in a plain value, and what may follow in the first and in a later value of a csv-list:
# a first value may hold "=", a later one may not, because `word=` there begins the next key.
_START = "!#-&(-+\\--<>-Z\\\\-z|-\U0010ffff"
_FIRST_FOLLOW = "\\s!#-&(-+\\--\\\\^-|~-\U0010ffff"
_SECOND_FOLLOW = "\\s!#-&(-+\\--<>-\U0010ffff"
_FIRST = re.compile(f"(?:\\\\,|[{_START}])(?:\\\\,|[{_FIRST_FOLLOW}])*")
_SECOND = ("second", re.compile(f"(?:\\\\,|[{_START}])(?:\\\\,|[{_SECOND_FOLLOW}])*"))
# The same where braces may stand in a value: in pairs (`${stage.v}/x`), and where nothing is open also alone.
_FIRST_WITH_PAIRS = re.compile(f"(?:\\\\,|[{_START}])(?:\\\\,|\\{{[^{{}}\\[\\],'\"]*\\}}|[{_FIRST_FOLLOW}])*")
_FIRST_WITH_ANY = re.compile(f"(?:\\\\,|[{_START}])(?:\\\\,|[{_FIRST_FOLLOW}}}])*")

FileLoader = Callable[[str], str | bytes | None]


class ShorthandError(ParamValidationError):
    """The text is no shorthand. The message shows the place."""


class _Expected(ShorthandError):
    def __init__(self, text: str, expected: str, received: str, at: int) -> None:
        super().__init__(f"Expected: '{expected}', received: '{received}' for input:\n {_pointed_at(text, at)}")


def _pointed_at(text: str, at: int) -> str:
    """The text with a caret under the place, and the lines after it."""
    line_start = text.rfind("\n", 0, at) + 1
    line_end = text.find("\n", at)
    shown, rest = (text, "") if line_end < 0 else (text[:line_end], text[line_end:])
    return f"{shown}\n{' ' * (at - line_start)}^{rest}"


def read(label: str, shape: Shape, value: Any, load: FileLoader) -> Any:
    """The value of an option, one word of shorthand or a list of them, by its shape. Raises ParamError."""
    try:
        if isinstance(value, list):
            return coerce([parse(word, load) for word in value], shape)
        if isinstance(value, bytes):
            raise ConversionError("Binary content cannot be read as shorthand")
        parsed = parse(value, load)
        return parsed if isinstance(shape, ListShape) else coerce(parsed, shape)
    except ShorthandError as error:
        raise ParamError(label, str(error)) from None


def parse(text: str, load: FileLoader | None = None) -> dict[str, Any]:
    """Shorthand to dicts, lists and strings; `load` reads the files of `@=` values. Raises ShorthandError."""
    try:
        return _Parser(text, load).parameter()
    except ShorthandError:
        if "}" not in text:
            raise
        with suppress(ShorthandError):
            return _Parser(text, load, braces_in_values=True).parameter()
        raise
    except RecursionError:
        raise ConversionError("The value is nested too deeply") from None


class _Parser:
    """`braces_in_values` reads what is an error in AWS CLI v2, so it is the second try: what v2 reads, it reads so."""

    def __init__(self, text: str, load: FileLoader | None, *, braces_in_values: bool = False) -> None:
        self.text = text
        self.at = 0
        self.load = load
        self.loading = False  # inside a value after "@="
        self.braces_in_values = braces_in_values
        self.depth = 0  # of lists and hashes

    def parameter(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        key, value = self.keyval()
        found[key] = value
        last = self.at
        while self.at < len(self.text):
            self.expect(",")
            key, value = self.keyval()
            if key in found:
                raise ShorthandError(
                    f'Second instance of key "{key}" encountered for input:\n{_pointed_at(self.text, last + 1)}\n'
                    'This is often because there is a preceding "," instead of a space.'
                )
            found[key] = value
            last = self.at
        return found

    def keyval(self) -> tuple[str, Any]:
        key = self.key()
        current = self.current()
        if current == "":
            return key, ""
        if current == "[":
            return key, self.explicit_list()
        if current == "{":
            return key, self.hash()
        return key, self.csv_value()

    def key(self) -> str:
        """The key and what stands between it and its value."""
        key = self.match(_KEY)
        self.skip_blanks()
        self.loading = self.current() == "@"
        if self.loading:
            self.at += 1
        self.expect("=")
        return key

    def csv_value(self) -> Any:
        """One value, or several with commas between."""
        first = self.first_value()
        self.skip_blanks()
        if self.current() != ",":
            return first
        self.expect(",")
        values = [first]
        while True:
            try:
                value = self.second_value()
                self.skip_blanks()
                if self.current() != "":
                    self.expect(",")
                    values.append(value)
                    continue
                values.append(value)
                break
            except ShorthandError:
                # `a=b,c=d`: what was read as the next value is the next key, so step back to its comma.
                if self.current() == "":
                    raise
                self.at = self.text.rindex(",", 0, self.at + 1)
                break
        return first if len(values) == 1 else values

    def explicit_list(self) -> list[Any]:
        self.expect("[")
        self.depth += 1
        values = []
        while self.current() != "]":
            values.append(self.item())
            self.after_item("]")
        self.depth -= 1
        self.at += 1
        return values

    def hash(self) -> dict[str, Any]:
        self.expect("{")
        self.depth += 1
        found = {}
        while self.current() != "}":
            key = self.key()
            found[key] = self.item()
            self.after_item("}")
        self.depth -= 1
        self.at += 1
        return found

    def after_item(self, closing: str) -> None:
        self.skip_blanks()
        if self.current() != closing:
            self.expect(",")

    def item(self) -> Any:
        current = self.current()
        if current == "[":
            return self.explicit_list()
        if current == "{":
            return self.hash()
        return self.first_value()

    def first_value(self) -> Any:
        current = self.current()
        if current == "'":
            return self.quoted("'", _SINGLE_QUOTED)
        if current == '"':
            return self.quoted('"', _DOUBLE_QUOTED)
        match = self.first_pattern().match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return self.plain(match.group())

    def first_pattern(self) -> re.Pattern[str]:
        if not self.braces_in_values:
            return _FIRST
        return _FIRST_WITH_PAIRS if self.depth else _FIRST_WITH_ANY

    def second_value(self) -> Any:
        current = self.current()
        if current == "'":
            return self.quoted("'", _SINGLE_QUOTED)
        if current == '"':
            return self.quoted('"', _DOUBLE_QUOTED)
        return self.plain(self.must_match(*_SECOND))

    def plain(self, text: str) -> Any:
        return self.loaded(text.replace("\\,", ",").rstrip())

    def quoted(self, quote: str, pattern: tuple[str, re.Pattern[str]]) -> Any:
        inner = self.must_match(*pattern)[1:-1]
        return self.loaded(inner.replace(f"\\{quote}", quote).replace("\\\\", "\\"))

    def loaded(self, value: str) -> Any:
        if not self.loading or self.load is None:
            return value
        content = self.load(value)
        return value if content is None else content

    def current(self) -> str:
        """The character here, "" at the end."""
        return self.text[self.at : self.at + 1]

    def match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
        return match.group()

    def must_match(self, name: str, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise _Expected(self.text, f"<{name}>", "<none>", self.at)
        self.at = match.end()
        return match.group()

    def skip_blanks(self) -> None:
        self.match(_BLANKS)

    def expect(self, character: str) -> None:
        """Step over a character and the blanks around it."""
        self.skip_blanks()
        if self.current() != character:
            raise _Expected(self.text, character, self.current() or "EOF", self.at)
        self.at += 1
        self.skip_blanks()


class _DocumentFound(Exception):
    """A document type inside a shorthand value."""


def coerce(value: Any, shape: Shape) -> Any:
    """Make numbers and booleans of the strings that the shape says are some, and one-element lists of lone values.

    What does not fit the shape is left for validation. Raises ShorthandError, ConversionError.
    """
    try:
        return _coerce(value, shape)
    except _DocumentFound:
        return value
    except RecursionError:
        raise ConversionError("The value is nested too deeply") from None


def _coerce(value: Any, shape: Shape) -> Any:
    if isinstance(shape, StructureShape):
        return _coerce_structure(value, shape)
    if isinstance(shape, ListShape):
        if not isinstance(value, list):
            return [value]
        return [_coerce(item, shape.member) for item in value]
    if isinstance(shape, MapShape):
        if not isinstance(value, dict):
            return value
        return {key: _coerce(item, shape.value) for key, item in value.items()}
    return _coerce_scalar(value, shape.type_name)


def _coerce_structure(value: Any, shape: StructureShape) -> Any:
    if shape.is_document_type:
        raise _DocumentFound
    if not isinstance(value, dict):
        return value
    result = dict(value)
    for name, member in shape.members.items():
        if name not in value:
            continue
        try:
            result[name] = _coerce(value[name], member)
        except _DocumentFound:
            raise ShorthandError(
                "Shorthand syntax does not support document types. Use JSON input for top-level argument to specify "
                f"nested parameter: {name}"
            ) from None
    return result


def _coerce_scalar(value: Any, type_name: str) -> Any:
    try:
        if type_name in ("integer", "long"):
            return int(value)
        if type_name in ("float", "double"):
            return float(value)
        if type_name == "boolean":
            return {"true": True, "false": False}.get(value.lower(), value)
    except (TypeError, ValueError, AttributeError) as error:
        raise ConversionError(str(error)) from None
    return value
