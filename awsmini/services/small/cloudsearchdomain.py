"""CloudSearch domains each have an endpoint of their own, and their searches may be long."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.params.context import Context
from awsmini.records import Request, replace


def need_endpoint_url(params: dict[str, Any], values: Mapping[str, Any], context: Context, paginate: bool) -> None:
    if context.endpoint_url is None and not values.get("generate_cli_skeleton"):
        raise ParamValidationError("--endpoint-url is required for cloudsearchdomain commands")


def post_query(request: Request, _operation: OperationModel, _params: Mapping[str, Any]) -> Request:
    """A search may be too long for a URL: its query string becomes the body."""
    url, mark, query = request.url.partition("?")
    if request.method != "GET" or not mark:
        return request
    headers = {**request.headers, "Content-Type": "application/x-www-form-urlencoded"}
    return replace(request, method="POST", url=url, headers=headers, body=query.encode())
