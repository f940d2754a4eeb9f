"""Whether a call pages by itself, and which paging options count.

Using one of the API's own tokens or limits turns automatic paging off; so does --no-paginate. Without paging,
--starting-token, --page-size and --max-items are refused, except where the API has a member of that name:
that one comes back into its place.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from awsmini import services
from awsmini.errors import ParamValidationError
from awsmini.model.names import member_cli_name
from awsmini.model.shapes import OperationModel

if TYPE_CHECKING:
    from awsmini.params.arguments import Table

_OWN = ("starting_token", "page_size", "max_items")
# Names that both awsmini and an API use: giving them does not mean paging by hand.
_SHARED = ("start_token", *_OWN)


def input_tokens(paginator: Mapping[str, Any]) -> list[str]:
    """The API's own paging members: the tokens, then the limit."""
    tokens = paginator["input_token"]
    found = list(tokens) if isinstance(tokens, list) else [tokens]
    return [*found, paginator["limit_key"]] if "limit_key" in paginator else found


def settle(
    operation: OperationModel, table: "Table", values: Mapping[str, Any], paginate: bool
) -> tuple["Table", bool]:
    """The arguments that count and whether the call pages. Raises ParamValidationError where they conflict."""
    paginator = operation.paginator
    if paginator is None:
        return table, paginate
    own = [member_cli_name(token).replace("-", "_") for token in input_tokens(paginator)]
    differences = services.differences(operation.service_model.service_name, operation.name)
    own += [page.unpaged_by for page in differences if page.unpaged_by]
    paginate = paginate and not any(name in values and name not in _SHARED for name in own)
    if paginate:
        return table, True
    shadowed = {argument.dest: argument.shadows for argument in table.values() if argument.shadows}
    used = [name for name in _OWN if values.get(name) and name not in shadowed]
    if used:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in used)
        raise ParamValidationError(f"Cannot specify --no-paginate along with pagination arguments: {options}")
    return {name: argument.shadows or argument for name, argument in table.items()}, False


def pages_by_hand(operation: OperationModel, params: Mapping[str, Any]) -> bool:
    """Whether the parameters themselves hold one of the API's paging members."""
    paginator = operation.paginator
    return paginator is not None and any(token in params for token in input_tokens(paginator))
