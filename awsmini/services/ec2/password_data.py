"""`ec2 get-password-data --priv-launch-key`: the password, decrypted with the key that launched the instance."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.params import files
from awsmini.params.arguments import Argument, Table, option
from awsmini.params.context import Context, ConversionError
from awsmini.services.shared.rsa import PrivateKeyError, load_private_key

Params = dict[str, Any]


def get_password_data(operation: OperationModel, table: Table) -> Table:
    table["priv-launch-key"] = option("priv-launch-key", add=_check_key_file)
    return table


def _check_key_file(argument: Argument, params: Params, value: str, context: Context) -> None:
    if value and not files.is_file(files.expand(value)):
        raise ConversionError(
            "priv-launch-key should be a path to the local SSH private key file used to launch the instance."
        )


def decrypt_password(output: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The output with PasswordData decrypted, where a key was given and there is a password already."""
    path = values.get("priv_launch_key")
    encrypted = output.get("PasswordData")
    if not path or not encrypted:
        return output
    try:
        key = load_private_key(files.read(files.expand(path)))
        password = key.decrypt(base64.b64decode(encrypted)).decode()
    except (PrivateKeyError, binascii.Error, UnicodeDecodeError):
        raise ConversionError("Unable to decrypt password data using provided private key file.") from None
    return {**output, "PasswordData": password}
