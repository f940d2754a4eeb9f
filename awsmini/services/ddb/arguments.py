"""What `ddb select` and `ddb put` share: the table, and expressions as parameters of a call."""

from collections.abc import Sequence
from typing import Any

from awsmini.params.arguments import option
from awsmini.services.ddb.expressions import read
from awsmini.services.ddb.values import typed

TABLE_NAME = option("table_name", positional=True, required=True, doc="The name of the table.")
NAMES, VALUES = "ExpressionAttributeNames", "ExpressionAttributeValues"


def add_expression(params: dict[str, Any], member: str, words: str | Sequence[str]) -> None:
    """Put an expression into the parameters of a call, with its names and values. Raises ParamValidationError."""
    text = words if isinstance(words, str) else " ".join(words)
    first = len(params.get(NAMES, {})) + len(params.get(VALUES, {}))
    found = read(text, first)
    params[member] = found.text
    if found.names:
        params[NAMES] = {**params.get(NAMES, {}), **found.names}
    if found.values:
        values = {name: typed(value) for name, value in found.values.items()}
        params[VALUES] = {**params.get(VALUES, {}), **values}
