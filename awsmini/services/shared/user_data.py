"""User data of machines, which is written as text and sent in base64."""

from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.serialize.parts import base64_text


def encode_user_data(_operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """`UserData` in base64."""
    if isinstance(params.get("UserData"), (str, bytes)):
        return {**params, "UserData": base64_text(params["UserData"])}
    return params
