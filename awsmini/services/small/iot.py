"""Certificates and keys, saved to files that their owner alone can read."""

from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.params import files
from awsmini.params.arguments import Table, option
from awsmini.services.shared.output_files import check_writable
from awsmini.system.atomic import PRIVATE

# The option's dest: the path of the saved member.
_SAVED = {
    "certificate_pem_outfile": ("certificatePem",),
    "public_key_outfile": ("keyPair", "PublicKey"),
    "private_key_outfile": ("keyPair", "PrivateKey"),
}


def create_keys_and_certificate(operation: OperationModel, table: Table) -> Table:
    return _with_files(table, "certificate-pem-outfile", "public-key-outfile", "private-key-outfile")


def create_certificate_from_csr(operation: OperationModel, table: Table) -> Table:
    return _with_files(table, "certificate-pem-outfile")


def _with_files(table: Table, *names: str) -> Table:
    for name in names:
        table[name] = option(name, add=check_writable)
    return table


def save_members(output: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Save the members that options ask for; the output keeps them."""
    for dest, path in _SAVED.items():
        if values.get(dest) is None:
            continue
        member: Any = output
        for name in path:
            member = member.get(name) if isinstance(member, dict) else None
        with files.saving(files.expand(values[dest]), PRIVATE) as file:
            file.write((member or "").encode())
    return output
