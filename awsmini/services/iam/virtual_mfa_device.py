"""`create-virtual-mfa-device`: the seed goes to a file that its owner alone can read."""

import base64
from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.params import files
from awsmini.params.arguments import Table, no_parameter, option
from awsmini.services.shared.output_files import check_writable
from awsmini.system.atomic import PRIVATE

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
