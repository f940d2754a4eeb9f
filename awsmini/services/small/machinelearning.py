"""Where predictions are made."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from awsmini.model.shapes import OperationModel
from awsmini.records import Request, replace


def predict_endpoint(request: Request, _operation: OperationModel, params: Mapping[str, Any]) -> Request:
    """A prediction goes to the endpoint of its model, which is a parameter."""
    if not params.get("PredictEndpoint"):
        return request
    endpoint, url = urlsplit(params["PredictEndpoint"]), urlsplit(request.url)
    return replace(request, url=urlunsplit((endpoint.scheme, endpoint.netloc, url.path, url.query, "")))
