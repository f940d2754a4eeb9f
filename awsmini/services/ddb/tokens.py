"""The tokens of an expression such as `status = "new" AND total > 1.50`."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from string import ascii_letters, digits
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError, ParamValidationError

LITERAL, NAME, QUOTED_NAME, END = "literal", "unquoted_identifier", "identifier", "eof"

_SIGNS = {
    ".": "dot", ",": "comma", ":": "colon", "(": "lparen", ")": "rparen", "{": "lbrace", "}": "rbrace",
    "[": "lbracket", "]": "rbracket", "=": "eq",
}  # fmt: skip
_COMPARISONS = {"<>": "ne", "<=": "lte", "<": "lt", ">=": "gte", ">": "gt"}
_WORDS = frozenset({"and", "between", "in", "or", "not"})
_CONSTANTS = {"true": True, "false": False, "null": None}
_NAME_STARTS = frozenset(ascii_letters + "_")
_NAME_CHARACTERS = _NAME_STARTS | frozenset(digits)
_DIGITS = frozenset(digits)
_BASE64 = re.compile(r"[A-Za-z0-9+/=]+")


class Token(NamedTuple):
    """A token and its place. The end is what messages underline with, and is AWS CLI v2's, right or not."""

    kind: str
    value: Any
    start: int
    end: int


class EmptyExpressionError(ParamValidationError):
    def __init__(self) -> None:
        super().__init__("Expressions must not be empty")


class UnreadableError(ParamValidationError):
    """Characters that are no token."""

    def __init__(self, message: str, expression: str, position: int) -> None:
        super().__init__(f"{message}\n{expression}\n{' ' * position}^")


def tokens(expression: str) -> Iterator[Token]:
    """The tokens of an expression, END last. Raises EmptyExpressionError, UnreadableError."""
    if not expression:
        raise EmptyExpressionError
    cursor = _Cursor(expression)
    while cursor.current:
        if cursor.current in " \t\n\r":
            cursor.next()
        else:
            yield cursor.token()
    yield Token(END, "", len(expression), len(expression))


class _Cursor:
    """A place in the text. Behind the last character, it stays on it, and there is no current one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.current = text[0]

    def next(self) -> str:
        """Go on; the character there, or "" behind the last."""
        if self.at == len(self.text) - 1:
            self.current = ""
        else:
            self.at += 1
            self.current = self.text[self.at]
        return self.current

    def fail(self, message: str, position: int) -> UnreadableError:
        return UnreadableError(message, self.text, position)

    def token(self) -> Token:
        character, start = self.current, self.at
        if character in _SIGNS:
            self.next()
            return Token(_SIGNS[character], character, start, start + 1)
        if character in _NAME_STARTS:
            return self._word()
        if character == "'":
            name = self._until("'").replace("\\'", "'")
            return Token(QUOTED_NAME, name, start, self.at - start)
        if character == '"':
            return self._string()
        if character in _DIGITS or character == "-":
            return self._number()
        if character in "<>":
            return self._comparison()
        raise self.fail(f"Unrecognized character {character}", start)

    def _word(self) -> Token:
        start = self.at
        word = self.current
        if word in "bB":
            following = self.next()
            if following == '"':
                return self._binary()
            if following not in _NAME_CHARACTERS:
                return Token(NAME, word, start, start + 1)
            word += following
        while self.next() in _NAME_CHARACTERS:
            word += self.current
        end = start + len(word)
        lower = word.lower()
        if lower in _WORDS:
            return Token(lower, word, start, end)
        if lower in _CONSTANTS:
            return Token(LITERAL, _CONSTANTS[lower], start, end)
        return Token(NAME, word, start, end)

    def _string(self) -> Token:
        start = self.at
        text = self._until('"').replace('\\"', '"')
        return Token(LITERAL, text, start, self.at - start)

    def _binary(self) -> Token:
        start = self.at - 1
        found = self._string()
        text = found.value
        if text and not _BASE64.match(text):
            raise self.fail(f'Invalid base64 string b"{text}"', start)
        try:
            return found._replace(value=b64decode(text), start=start)
        except (ValueError, Base64Error) as error:
            raise self.fail(f'Invalid base64 string b"{text}": {error}', start) from None

    def _number(self) -> Token:
        start = self.at
        text = self._integer()
        if self.current == ".":
            if self.next() not in _DIGITS:
                raise self.fail(f"Invalid fractional character {self._told()}", self.at)
            text += f".{self._integer()}"
        if self.current in ("e", "E"):
            text += self.current
            if self.next() not in _DIGITS and self.current not in ("-", "+"):
                raise self.fail(f"Invalid exponential character {self._told()}", self.at)
            text += self._integer()
        try:
            return Token(LITERAL, Decimal(text), start, start + len(text))
        except InvalidOperation as error:
            raise AwsminiError(str(error)) from None

    def _integer(self) -> str:
        text = self.current
        while self.next() in _DIGITS:
            text += self.current
        if text == "-":
            raise self.fail(f"Unknown token {text}", self.at)
        return text

    def _comparison(self) -> Token:
        sign = self.current
        if self.next() in ("=", ">") and sign + self.current in _COMPARISONS:
            sign += self.current
            self.next()
        return Token(_COMPARISONS[sign], sign, self.at - len(sign), self.at)

    def _told(self) -> str:
        return self.current or "None"

    def _until(self, delimiter: str) -> str:
        """The text up to the delimiter, which a backslash takes the meaning from; the cursor is then behind it."""
        start = self.at
        text = ""
        self.next()
        while self.current != delimiter:
            if self.current == "\\":
                text += "\\"
                self.next()
            if not self.current:
                raise self.fail(f"Unclosed {delimiter} delimiter", start)
            text += self.current
            self.next()
        self.next()
        return text
