"""Groups of options of which only one may be used."""

from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.params.arguments import Table


def check_exclusive(values: Mapping[str, Any], table: Table, *groups: Sequence[str]) -> None:
    """Raise ParamValidationError where options (by dest) of two groups are given; the first given one decides."""
    chosen: Sequence[str] | None = None
    for argument in table.values():
        group = next((group for group in groups if argument.dest in group), None)
        if group is None or values.get(argument.dest) is None:
            continue
        if chosen is None:
            chosen = group
        elif chosen is not group:
            raise ParamValidationError(
                f'The key "{argument.dest}" cannot be specified when one of the following keys are also specified: '
                f"{', '.join(chosen)}"
            )
