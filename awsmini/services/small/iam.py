"""IAM: policies that come as objects, and seeds of MFA devices that go to files."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from awsmini.model.shapes import ListShape, OperationModel, Shape, StructureShape
from awsmini.params import files
from awsmini.params.arguments import Table, no_parameter, option
from awsmini.records import Output
from awsmini.services.shared.output_files import check_writable
from awsmini.system.atomic import PRIVATE

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


_SEEDS = ("QRCodePNG", "Base32StringSeed")


def create_virtual_mfa_device(operation: OperationModel, table: Table) -> Table:
    table["outfile"] = option("outfile", required=True, add=check_writable)
    table["bootstrap-method"] = option("bootstrap-method", required=True, choices=_SEEDS, add=no_parameter)
    return table


def save_mfa_seed(output: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Save the seed by the chosen method; the output loses it in both forms."""
    device = output.get("VirtualMFADevice")
    if not isinstance(device, dict) or values["bootstrap_method"] not in device:
        return output
    seed = device[values["bootstrap_method"]]
    with files.saving(files.expand(values["outfile"]), PRIVATE) as file:
        file.write(seed if isinstance(seed, bytes) else base64.b64decode(seed))
    return {
        **output,
        "VirtualMFADevice": {name: value for name, value in device.items() if name not in _SEEDS},
    }
