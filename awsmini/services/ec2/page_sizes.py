"""Lists that EC2 is asked for in pages, whether or not the caller does."""

from collections.abc import Mapping
from typing import Any

from awsmini.params.context import Context

Params = dict[str, Any]

_PAGED_ANYHOW = frozenset({"NextToken", "DryRun", "PaginationConfig"})
_PAGE_SIZE = 1000


def page_volumes(params: Params, values: Mapping[str, Any], context: Context, paginate: bool) -> None:
    """Ask for pages of 1,000 where nothing narrows the list: EC2 times out on very long ones."""
    _page(params, paginate, _PAGED_ANYHOW)


def page_snapshots(params: Params, values: Mapping[str, Any], context: Context, paginate: bool) -> None:
    _page(params, paginate, _PAGED_ANYHOW | {"OwnerIds", "RestorableByUserIds"})


def _page(params: Params, paginate: bool, allowed: frozenset[str]) -> None:
    config = params.get("PaginationConfig", {})
    if paginate and params.keys() <= allowed and isinstance(config, dict):
        params["PaginationConfig"] = {"PageSize": _PAGE_SIZE, **config}
