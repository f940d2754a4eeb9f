"""Members whose text is an encoding of what they mean."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.records import Output


def decode_template(output: Output, _operation: OperationModel, _params: Mapping[str, Any]) -> Output:
    """A template written in JSON as an object; one in YAML stays text."""
    try:
        return {**output, "TemplateBody": json.loads(output["TemplateBody"])}
    except (KeyError, ValueError, TypeError):
        return output


def decode_console_output(output: Output, _operation: OperationModel, _params: Mapping[str, Any]) -> Output:
    """A machine's console as text, whatever bytes it wrote."""
    try:
        text = base64.b64decode(output["Output"].encode("latin-1")).decode("utf-8", "replace")
    except (KeyError, ValueError, AttributeError):
        return output
    return {**output, "Output": text}


def decode_page_key(output: Output, _operation: OperationModel, _params: Mapping[str, Any]) -> Output:
    """The key that the next page starts at, with bytes in it: as base64 text they would be encoded once more."""
    key = output.get("LastEvaluatedKey")
    if not key:
        return output
    return {**output, "LastEvaluatedKey": {name: _with_bytes(value) for name, value in key.items()}}


def _with_bytes(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**value, "B": base64.b64decode(value["B"])} if isinstance(value.get("B"), str) else value
