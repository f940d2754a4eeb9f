"""Values of hand-written commands that have parts: shorthand or JSON, read by the shape of a member that is alike."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import Argument
from awsmini.params.context import Context
from awsmini.records import replace

UNPACK = "awsmini.params.values:unpack"


def value_of_shape(
    invocation: Invocation, argument: Argument, values: Mapping[str, Any], service: str, operation: str, member: str
) -> Any:
    """The value of an option as the input member of an operation would be read; None where it is not given."""
    value = values.get(argument.dest)
    if value is None:
        return None
    shape = ServiceModel(invocation.models.lines(service)).operation_model(operation).input_shape
    assert shape is not None
    context = Context(encoding=invocation.app.env.get("AWS_CLI_FILE_ENCODING"))
    return resolve_name(UNPACK)(replace(argument, shape=shape.members[member]), value, context)
