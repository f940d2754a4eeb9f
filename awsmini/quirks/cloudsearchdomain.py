"""CloudSearch domains each have an endpoint of their own."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.params.context import Context


def need_endpoint_url(params: dict[str, Any], values: Mapping[str, Any], context: Context, paginate: bool) -> None:
    if context.endpoint_url is None and not values.get("generate_cli_skeleton"):
        raise ParamValidationError("--endpoint-url is required for cloudsearchdomain commands")
