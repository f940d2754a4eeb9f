"""Commands that save parts of an answer to files of their own, readable by the owner alone."""

import base64
from collections.abc import Mapping
from typing import Any

from awsmini.atomic import PRIVATE
from awsmini.commands.arguments import Argument, Table, option
from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.params import files
from awsmini.params.context import Context

Params = dict[str, Any]

# The option's dest: the path of the saved member.
_SAVED = {
    "certificate_pem_outfile": ("certificatePem",),
    "public_key_outfile": ("keyPair", "PublicKey"),
    "private_key_outfile": ("keyPair", "PrivateKey"),
}
_SEEDS = ("QRCodePNG", "Base32StringSeed")


def create_keys_and_certificate(operation: OperationModel, table: Table) -> Table:
    return _with_files(table, "certificate-pem-outfile", "public-key-outfile", "private-key-outfile")


def create_certificate_from_csr(operation: OperationModel, table: Table) -> Table:
    return _with_files(table, "certificate-pem-outfile")


def create_virtual_mfa_device(operation: OperationModel, table: Table) -> Table:
    table["outfile"] = option("outfile", required=True, add=_check_writable)
    table["bootstrap-method"] = option("bootstrap-method", required=True, choices=_SEEDS, add=_no_parameter)
    return table


def _with_files(table: Table, *names: str) -> Table:
    for name in names:
        table[name] = option(name, add=_check_writable)
    return table


def _check_writable(argument: Argument, params: Params, value: str, context: Context) -> None:
    path = files.expand(value)
    if not files.is_writable(path):
        raise ParamValidationError(f"Unable to write to file: {path}")


def _no_parameter(argument: Argument, params: Params, value: Any, context: Context) -> None:
    """The answer is what it concerns."""


def save_members(output: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Save the members that options ask for; the output keeps them."""
    for dest, path in _SAVED.items():
        if values.get(dest) is None:
            continue
        member: Any = output
        for name in path:
            member = member.get(name) if isinstance(member, dict) else None
        with files.writing(files.expand(values[dest]), PRIVATE) as file:
            file.write((member or "").encode())
    return output


def save_mfa_seed(output: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Save the seed by the chosen method; the output loses it in both forms."""
    device = output.get("VirtualMFADevice")
    if not isinstance(device, dict) or values["bootstrap_method"] not in device:
        return output
    seed = device[values["bootstrap_method"]]
    with files.writing(files.expand(values["outfile"]), PRIVATE) as file:
        file.write(seed if isinstance(seed, bytes) else base64.b64decode(seed))
    return {
        **output,
        "VirtualMFADevice": {name: value for name, value in device.items() if name not in _SEEDS},
    }
