"""Expressions with their names and values taken out: `status = "new"` becomes `#n0 = :n1`.

DynamoDB takes neither values nor names that it reserves in the text of an expression. Each name and each value gets
a placeholder of its own, even where it stands there twice; they are numbered in the order of the text.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from awsmini.errors import ParamValidationError
from awsmini.services.ddb.tokens import END, LITERAL, NAME, QUOTED_NAME, EmptyExpressionError, Token, tokens
from awsmini.services.ddb.values import ItemSet, same

COMPARATORS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_NAMES = (QUOTED_NAME, NAME)
_LITERALS = (LITERAL, "lbracket", "lbrace")
_OPERANDS = (LITERAL, QUOTED_NAME, NAME, "lbracket", "lbrace")
_SET_MEMBERS = (str, bytes, Decimal)


class Expression(NamedTuple):
    """The text that is sent, and what its placeholders stand for."""

    text: str
    names: dict[str, str]
    values: dict[str, Any]


class UnexpectedTokenError(ParamValidationError):
    def __init__(self, found: Token, expected: str | Sequence[str], expression: str) -> None:
        wanted = expected if isinstance(expected, str) else list(expected)
        super().__init__(
            f"Unexpected token `{found.value}` of type `{found.kind}`. Expected type: {wanted}\n"
            f"{expression}\n{_underline(found)}"
        )


class InvalidLiteralError(ParamValidationError):
    def __init__(self, token: Token, message: str, expression: str) -> None:
        super().__init__(f"Invalid token value: {message}\n{expression}\n{_underline(token)}\n")


class UnknownExpressionError(ParamValidationError):
    def __init__(self, token: Token, expression: str) -> None:
        super().__init__(
            f"Unknown expression type starting at token `{token.value}`\n{expression}\n{_underline(token)}"
        )


def _underline(token: Token) -> str:
    return " " * token.start + "^" * max(token.end - token.start, 1)


def read(text: str, first: int = 0) -> Expression:
    """The expression that a text means; its placeholders are numbered from `first`. Raises ParamValidationError."""
    return _Parser(text, first).run()


class _Parser:
    """One walk over the tokens. What the methods give back is the text of their part, a blank behind it."""

    def __init__(self, text: str, first: int) -> None:
        self._text = text
        self._first = first
        self._tokens = [*tokens(text), Token("None", None, len(text), len(text))]  # the last is behind the end
        self._at = 0
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def run(self) -> Expression:
        made = self._expression().strip()
        if not self._is(END):
            raise self._unexpected(END)
        return Expression(made, self._names, self._values)

    # Tokens --------------------------------------------------------------------------------------------------------

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _is(self, *kinds: str) -> bool:
        return self._token.kind in kinds

    def _next_is(self, kind: str) -> bool:
        following = self._tokens[self._at + 1 : self._at + 2]
        return bool(following) and following[0].kind == kind

    def _advance(self) -> Token:
        """Go on, at most behind the end; the token that was there."""
        found = self._token
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return found

    def _expect(self, *kinds: str) -> Token:
        if not self._is(*kinds):
            raise self._unexpected(kinds[0] if len(kinds) == 1 else kinds)
        return self._advance()

    def _unexpected(self, expected: str | Sequence[str]) -> UnexpectedTokenError:
        return UnexpectedTokenError(self._token, expected, self._text)

    def _invalid(self, message: str) -> InvalidLiteralError:
        return InvalidLiteralError(self._token, message, self._text)

    def _placeholder(self, mark: str) -> str:
        return f"{mark}n{self._first + len(self._names) + len(self._values)}"

    # Expressions ---------------------------------------------------------------------------------------------------

    def _expression(self) -> str:
        """Conditions with `and` and `or` between them, or the names of a projection."""
        if self._is(END):
            raise EmptyExpressionError
        begins_with_name = self._is(*_NAMES) and not self._next_is("lparen")
        made, is_operand = self._condition_or_operand()
        if begins_with_name and is_operand and self._is("comma"):
            self._advance()
            return ", ".join([made.strip(), self._sequence()])
        while self._is("and", "or"):
            conjunction = self._advance().kind.upper()
            made += f"{conjunction} {self._condition_or_operand()[0]}"
        return made

    def _condition_or_operand(self) -> tuple[str, bool]:
        """The text, and whether it is a lone operand."""
        if self._is("lparen"):
            self._advance()
            inner = self._expression()
            self._expect("rparen")
            return f"( {inner}) ", False
        if self._is("not"):
            self._advance()
            return f"NOT {self._condition_or_operand()[0]}", False
        if self._next_is("lparen"):
            return self._function(), False
        if not self._is(*_OPERANDS):
            raise UnknownExpressionError(self._token, self._text)
        return self._comparison(self._operand())

    def _function(self) -> str:
        name = self._expect(*_NAMES).value
        self._expect("lparen")
        arguments = self._sequence()
        self._expect("rparen")
        return f"{name}({arguments}) "

    def _comparison(self, left: str) -> tuple[str, bool]:
        if self._is("in"):
            self._advance()
            self._expect("lparen")
            choices = self._sequence()
            self._expect("rparen")
            return f"{left}IN ({choices}) ", False
        if self._is("between"):
            self._advance()
            least = self._operand()
            self._expect("and")
            return f"{left}BETWEEN {least}AND {self._operand()}", False
        if self._is(*COMPARATORS):
            comparator = COMPARATORS[self._advance().kind]
            return f"{left}{comparator} {self._operand()}", False
        return left, True

    def _sequence(self) -> str:
        found = [self._operand()]
        while self._is("comma"):
            self._advance()
            found.append(self._operand())
        return ", ".join(each.strip() for each in found)

    def _operand(self) -> str:
        if self._is(*_LITERALS):
            value = self._literal()
            placeholder = self._placeholder(":")
            self._values[placeholder] = value
            return f"{placeholder} "
        if self._is(*_NAMES):
            return self._path()
        raise self._unexpected((*_LITERALS, *_OPERANDS[1:2], "unquoted_identiifer"))  # as AWS CLI v2 spells it

    def _path(self) -> str:
        made = self._step()
        while self._is("dot"):
            self._advance()
            made = f"{made.strip()}.{self._step()}"
        return made

    def _step(self) -> str:
        """A name of a path, with the place in a list that may follow."""
        placeholder = self._placeholder("#")
        self._names[placeholder] = self._advance().value
        if not self._is("lbracket"):
            return f"{placeholder} "
        self._advance()
        index = self._literal()
        if not isinstance(index, Decimal) or index.to_integral_value() != index:
            raise self._invalid("List indices must be whole numbers.")
        self._expect("rbracket")
        return f"{placeholder}[{index}] "

    # Literals ------------------------------------------------------------------------------------------------------

    def _literal(self) -> Any:
        if self._is(LITERAL):
            return self._advance().value
        if self._is("lbracket"):
            self._advance()
            return self._list()
        if self._is("lbrace"):
            self._advance()
            value = self._map() if self._next_is("colon") or self._is("rbrace") else self._set()
            self._expect("rbrace")
            return value
        raise self._unexpected(_LITERALS)

    def _list(self) -> list[Any]:
        found: list[Any] = []
        while not self._is("rbracket") or found:
            found.append(self._literal())
            if not self._is("comma"):
                break
            self._advance()
        self._expect("rbracket")
        return found

    def _set(self) -> ItemSet:
        first = type(self._token.value)
        found: list[Any] = []
        while True:
            if not self._is(LITERAL):
                raise self._unexpected(LITERAL)
            value = self._token.value
            if not isinstance(value, _SET_MEMBERS):
                raise self._invalid(
                    f"Sets may only contain numbers, strings, or bytes, but literal of type `{str}` was found"
                )
            if type(value) is not first:
                raise self._invalid(
                    f"Set values must all be of the same type. First type was `{first}`, but found value of type `{str}`"
                )
            if not any(same(value, other) for other in found):
                found.append(value)
            self._advance()
            if not self._is("comma"):
                return ItemSet(found)
            self._advance()

    def _map(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self._is("rbrace") or found:
            key = self._token.value
            if not isinstance(key, str):
                raise self._invalid(f"Keys must be of type `str`, found `{type(key)}`")
            self._expect(LITERAL)
            self._expect("colon")
            found[key] = self._literal()
            if not self._is("comma"):
                break
            self._advance()
        return found
