"""The form in which API Gateway answers."""

from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.records import Request, replace


def accept_json(request: Request, _operation: OperationModel, _params: Mapping[str, Any]) -> Request:
    """API Gateway answers in HAL, with links, unless plain JSON is asked for."""
    return (
        request
        if request.headers.get("Accept")
        else replace(request, headers={**request.headers, "Accept": "application/json"})
    )
