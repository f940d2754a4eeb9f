"""REST with bodies of JSON."""

from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.serialize import rest
from awsmini.serialize.json import json_body
from awsmini.serialize.parts import Parts


def serialize(operation: OperationModel, params: Mapping[str, Any]) -> Parts:
    """The request of an operation of a rest-json service; a body of our own making is `application/json`."""
    made = rest.parts(operation, params, operation.http["requestUri"], json_body, empty=b"{}")
    shape = operation.input_shape
    if not made.body or rest.sends_as_is(shape) or any(name.lower() == "content-type" for name in made.headers):
        return made
    return made._replace(headers={**made.headers, "Content-Type": "application/json"})
