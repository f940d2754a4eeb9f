"""--query: JMESPath over output. The one module that imports jmespath."""

from typing import Any

import jmespath
from jmespath.exceptions import ArityError, JMESPathError, JMESPathTypeError, UnknownFunctionError, VariadictArityError
from jmespath.functions import Functions
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
    """Compile the text of an option; a bad one is a usage error that shows the place.

    Raises QueryError, with the words of jmespath, for functions that could not be called whatever the value is.
    """
    try:
        parsed = jmespath.compile(text)
    except Exception as error:  # the lexer and the parser raise a dozen kinds
        raise ParamValidationError(f"Bad value for {option} {text}: {error}") from error
    try:
        _check(parsed.parsed)
    except JMESPathError as error:
        raise QueryError(str(error)) from error
    if _gives_expref(parsed.parsed):
        raise ParamValidationError(
            f"Bad value for {option} {text}: the result would be an expression. With & begins an argument of a function."
        )
    return Query(text, parsed)


def search(compiled: Query, value: Any) -> Any:
    return compiled.search(value)


_TYPES = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}
_RESULTS = {  # of functions that always give values of one type
    **dict.fromkeys(("abs", "ceil", "floor", "length", "sum"), "number"),
    **dict.fromkeys(("contains", "ends_with", "starts_with"), "boolean"),
    **dict.fromkeys(("join", "to_string", "type"), "string"),
    **dict.fromkeys(("keys", "map", "sort", "sort_by", "to_array", "values"), "array"),
    "merge": "object",
}


def _check(node: Any) -> None:
    """Raise what calling the functions in the node would raise, where that is known: names, arity, types."""
    if not isinstance(node, dict):
        return
    for child in node["children"]:
        _check(child)
    if node["type"] == "slice" and node["children"][2] == 0:
        raise JMESPathError("slice step cannot be zero")
    if node["type"] != "function_expression":
        return
    name, given = node["value"], node["children"]
    if name not in Functions.FUNCTION_TABLE:
        raise UnknownFunctionError(f"Unknown function: {name}()")
    signature = Functions.FUNCTION_TABLE[name]["signature"]
    if signature[-1].get("variadic"):
        if len(given) < len(signature):
            raise VariadictArityError(len(signature), len(given), name)
    elif len(given) != len(signature):
        raise ArityError(len(signature), len(given), name)
    for wanted, argument in zip(signature, given, strict=False):
        shown, kind = _known(argument)
        if wanted["types"] == ["expref"] and kind != "expref":
            shown, kind = argument.get("value"), kind or argument["type"]
        if kind and wanted["types"] and kind not in [each.partition("-")[0] for each in wanted["types"]]:
            raise JMESPathTypeError(name, shown, kind, wanted["types"])
        if kind == "array" and argument["type"] == "literal":
            _check_items(name, shown, wanted["types"])


def _check_items(name: str, items: list[Any], types: list[str]) -> None:
    """Raise where a list is given to a function that takes lists of one type only, and holds another."""
    kinds = [each.partition("-")[2] for each in types if each.startswith("array")]
    if not kinds or "" in kinds:
        return
    first = _TYPES.get(type(items[0]), "null") if items else ""
    for item in items:
        if (found := _TYPES.get(type(item), "null")) not in kinds or found != first:
            raise JMESPathTypeError(name, item, type(item).__name__, types)


def _known(node: dict[str, Any]) -> tuple[Any, str | None]:
    """A value that every evaluation of the node gives, or what stands for it, and its type; None where nobody knows."""
    if node["type"] == "literal":
        return node["value"], _TYPES.get(type(node["value"]), "null")
    if node["type"] == "expref":
        return "&…", "expref"
    if node["type"] == "function_expression":
        return f"{node['value']}()", _RESULTS.get(node["value"])
    return None, None


_CHAINS = {"projection", "pipe", "subexpression", "index_expression"}  # each child works on what the one before gives
_SAME_ITEMS = {"identity", "current", "index", "slice"}
_HANDED_ON = {"multi_select_list", "multi_select_dict", "key_val_pair", "or_expression", "and_expression", "flatten"}


def _gives_expref(node: dict[str, Any]) -> bool:
    """Whether what the node finds is or holds an expression reference, which no output can hold."""
    kind, children = node["type"], node["children"]
    if kind == "expref":
        return True
    if kind in _HANDED_ON or (kind == "function_expression" and node["value"] in ("not_null", "to_array")):
        return any(map(_gives_expref, children))
    if kind == "function_expression" and node["value"] == "map":
        return any(map(_gives_expref, children[0]["children"]))
    if kind in _CHAINS:
        *before, last = children
        return _gives_expref(last) or (last["type"] in _SAME_ITEMS and any(map(_gives_expref, before)))
    return kind in ("filter_projection", "value_projection") and _gives_expref(children[1])


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
