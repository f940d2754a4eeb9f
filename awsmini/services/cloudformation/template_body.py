"""`get-template`: the template, which comes as text."""

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
