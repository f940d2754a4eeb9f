"""Requests that go elsewhere, or by another method, than the model says."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from awsmini.model.shapes import OperationModel
from awsmini.records import Request, replace


def accept_json(request: Request, _operation: OperationModel, _params: Mapping[str, Any]) -> Request:
    """API Gateway answers in HAL, with links, unless plain JSON is asked for."""
    return (
        request
        if request.headers.get("Accept")
        else replace(request, headers={**request.headers, "Accept": "application/json"})
    )


def post_query(request: Request, _operation: OperationModel, _params: Mapping[str, Any]) -> Request:
    """A search may be too long for a URL: its query string becomes the body."""
    url, mark, query = request.url.partition("?")
    if request.method != "GET" or not mark:
        return request
    headers = {**request.headers, "Content-Type": "application/x-www-form-urlencoded"}
    return replace(request, method="POST", url=url, headers=headers, body=query.encode())


def predict_endpoint(request: Request, _operation: OperationModel, params: Mapping[str, Any]) -> Request:
    """A prediction goes to the endpoint of its model, which is a parameter."""
    if not params.get("PredictEndpoint"):
        return request
    endpoint, url = urlsplit(params["PredictEndpoint"]), urlsplit(request.url)
    return replace(request, url=urlunsplit((endpoint.scheme, endpoint.netloc, url.path, url.query, "")))
