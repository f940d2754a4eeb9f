"""`ec2 bundle-instance`: where the bundle goes in single options, and the upload policy written and signed."""

import base64
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, not_required, option
from awsmini.params.context import Context, ConversionError

Params = dict[str, Any]

# The option and the member of Storage.S3 that it fills; the secret key is only used for signing here.
_SECRET = "_SAK"
_MEMBERS = {
    "bucket": "Bucket",
    "prefix": "Prefix",
    "owner-akid": "AWSAccessKeyId",
    "owner-sak": _SECRET,
    "policy": "UploadPolicy",
}


def bundle_instance(operation: OperationModel, table: Table) -> Table:
    not_required(table, "storage")
    for name, member in _MEMBERS.items():
        table[name] = option(name, member=member, add=_add_storage)
    return table


def check_bundle_instance(values: Mapping[str, Any], table: Table) -> None:
    if values.get("storage") and any(values.get(name.replace("-", "_")) for name in _MEMBERS):
        raise ParamValidationError("Mixing the --storage option with the simple, scalar options is not recommended.")


def _add_storage(argument: Argument, params: Params, value: str, context: Context) -> None:
    if value:
        params.setdefault("Storage", {"S3": {}})["S3"][argument.member] = value


def sign_upload_policy(params: Params, context: Context) -> Params:
    """Storage with a policy good for 24 hours, unless one was given, and its signature by the owner's key."""
    storage = params.get("Storage")
    if not isinstance(storage, dict) or not isinstance(storage.get("S3"), dict):
        raise ConversionError("Either --storage or --bucket and --prefix are needed.")
    s3 = dict(storage["S3"])
    if "UploadPolicy" not in s3:
        s3["UploadPolicy"] = _policy(s3, context)
    secret = s3.pop(_SECRET, None)
    if "UploadPolicySignature" not in s3 and secret:
        encoded = base64.b64encode(_bytes(s3["UploadPolicy"]))
        s3["UploadPolicySignature"] = base64.b64encode(hmac.digest(secret.encode(), encoded, "sha1")).decode()
    return {**params, "Storage": {**storage, "S3": s3}}


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _policy(s3: Mapping[str, Any], context: Context) -> bytes:
    missing = [option for option, member in _MEMBERS.items() if option in ("bucket", "prefix") and member not in s3]
    if missing:
        raise ConversionError(f"Without --policy, --{missing[0]} is needed.")
    expires = (context.now() + timedelta(hours=24)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    text = (
        f'{{"expiration": "{expires}","conditions": [{{"bucket": "{s3["Bucket"]}"}},'
        f'{{"acl": "ec2-bundle-read"}},["starts-with", "$key", "{s3["Prefix"]}"]]}}'
    )
    return text.encode()
