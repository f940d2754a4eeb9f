"""IAM's policy documents, which come as JSON in percent-encoding: callers get the object."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from awsmini.model.shapes import ListShape, OperationModel, Shape, StructureShape
from awsmini.records import Output

POLICY_SHAPE = "policyDocumentType"  # used for nothing else


def decode_policies(output: Output, operation: OperationModel, _params: Mapping[str, Any]) -> Output:
    """The output with every policy document decoded; one that is no JSON stays as it is."""
    if operation.output_shape is not None:
        _decode_within(output, operation.output_shape)
    return output


def _decode_within(value: Any, shape: Shape) -> None:
    if isinstance(shape, ListShape):
        for item in value:
            _decode_within(item, shape.member)
    elif isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if name in value:
                if member.name == POLICY_SHAPE:
                    value[name] = _decoded(value[name])
                else:
                    _decode_within(value[name], member)


def _decoded(text: Any) -> Any:
    try:
        return json.loads(unquote(text))
    except (ValueError, TypeError):
        return text
