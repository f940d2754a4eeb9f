"""`get-console-output`: what the machine wrote, which comes in base64."""

import base64
from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.records import Output


def decode_console_output(output: Output, _operation: OperationModel, _params: Mapping[str, Any]) -> Output:
    """A machine's console as text, whatever bytes it wrote."""
    try:
        text = base64.b64decode(output["Output"].encode("latin-1")).decode("utf-8", "replace")
    except (KeyError, ValueError, AttributeError):
        return output
    return {**output, "Output": text}
