"""Values of options that are more than text: maps, and the content of files."""

from collections.abc import Mapping
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.model.shapes import ServiceModel
from awsmini.params.context import Context
from awsmini.params.validate import validate
from awsmini.params.values import load_file, unpack
from awsmini.services.s3.options import METADATA

KEYS = ("sse_c_key", "sse_c_copy_source_key")


def read(invocation: Invocation, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values with files read and maps understood. Raises ParamValidationError."""
    found = dict(values)
    context = Context(encoding=invocation.app.env.get("AWS_CLI_FILE_ENCODING"))
    for name in KEYS:
        if name in found:
            found[name] = load_file(f"--{name.replace('_', '-')}", found[name], context)
    if "metadata" in found:
        put = ServiceModel(invocation.models.lines("s3")).operation_model("PutObject")
        assert put.input_shape is not None
        shape = put.input_shape.members["Metadata"]
        found["metadata"] = unpack(METADATA._replace(shape=shape), found["metadata"], context)
        validate(shape, found["metadata"], invocation.app.stderr.write)
    return found
