"""--query: JMESPath over output. The one module that imports jmespath."""

from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from awsmini.errors import AwsminiError, ParamValidationError


class QueryError(AwsminiError):
    """The expression does not fit the output: an unknown function, or an argument of another type."""


class Query:
    """A compiled expression."""

    def __init__(self, text: str, parsed: ParsedResult) -> None:
        self.text = text
        self._parsed = parsed

    def __repr__(self) -> str:
        return f"Query({self.text!r})"

    def search(self, value: Any) -> Any:
        """What the expression finds in `value`; None where there is nothing."""
        try:
            return self._parsed.search(value)
        except (JMESPathError, ValueError, TypeError, ArithmeticError) as error:
            raise QueryError(str(error)) from error

    @property
    def columns(self) -> list[str] | None:
        """The keys of the structures it makes, where the expression ends in `{Key: …}`; None for any other."""
        return _columns(self._parsed.parsed)


def compile(text: str, option: str = "--query") -> Query:  # noqa: A001  (the word that jmespath's users know)
    """Compile the text of an option; a bad one is a usage error that shows the place."""
    try:
        return Query(text, jmespath.compile(text))
    except Exception as error:  # the lexer and the parser raise a dozen kinds
        raise ParamValidationError(f"Bad value for {option} {text}: {error}") from error


def search(compiled: Query, value: Any) -> Any:
    return compiled.search(value)


_CHAINS = {"projection", "pipe", "subexpression", "index_expression"}  # each child works on what the one before gives
_SAME_ITEMS = {"identity", "current", "index", "slice"}
_ORDERING = {"sort_by", "max_by", "min_by", "reverse"}


def _columns(node: dict[str, Any], given: list[str] | None = None) -> list[str] | None:
    """The keys of what `node` makes (or of its items), where what it works on has the keys `given`."""
    kind, children = node["type"], node["children"]
    if kind == "multi_select_dict":
        return [pair["value"] for pair in children]
    if kind in _SAME_ITEMS:
        return given
    if kind == "flatten" or (kind == "function_expression" and node["value"] in _ORDERING):
        return _columns(children[0], given)
    if kind in _CHAINS or kind == "filter_projection":
        for child in children[:2]:  # the third of a filter is its condition
            given = _columns(child, given)
        return given
    return _columns(children[1]) if kind == "value_projection" else None
