"""What is done to the parameters of an operation before they are validated and serialized.

Keys are (model service, API operation), or (model service, None) for all operations of a service, which comes first.
Each entry names a function (operation, params) -> params that returns new parameters and knows nothing of the world.
"""

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.serialize import random_token, with_tokens

BEFORE_SERIALIZE: dict[tuple[str, str | None], str] = {
    ("autoscaling", "CreateLaunchConfiguration"): "awsmini.quirks.wire_user_data:encode_user_data",
    ("cloudsearchdomain", "Search"): "awsmini.quirks.wire_aliases:take_aliases",
    ("ec2", None): "awsmini.quirks.wire_aliases:take_aliases",
    ("ec2", "RunInstances"): "awsmini.quirks.wire_user_data:encode_user_data",
    ("glacier", None): "awsmini.quirks.wire_glacier:default_account",
    ("logs", "CreateExportTask"): "awsmini.quirks.wire_aliases:take_aliases",
    ("route53", None): "awsmini.quirks.wire_route53:strip_ids",
    ("s3", None): "awsmini.quirks.wire_s3:check_bucket_name",
    ("s3", "CompleteMultipartUpload"): "awsmini.quirks.wire_s3:encode_customer_key",
    ("s3", "CopyObject"): "awsmini.quirks.wire_s3:copy_object",
    ("s3", "CreateMultipartUpload"): "awsmini.quirks.wire_s3:put_object",
    ("s3", "GetObject"): "awsmini.quirks.wire_s3:encode_customer_key",
    ("s3", "HeadObject"): "awsmini.quirks.wire_s3:encode_customer_key",
    ("s3", "ListObjectVersions"): "awsmini.quirks.wire_s3:ask_for_encoded_keys",
    ("s3", "ListObjects"): "awsmini.quirks.wire_s3:ask_for_encoded_keys",
    ("s3", "ListObjectsV2"): "awsmini.quirks.wire_s3:ask_for_encoded_keys",
    ("s3", "PutObject"): "awsmini.quirks.wire_s3:put_object",
    ("s3", "SelectObjectContent"): "awsmini.quirks.wire_s3:encode_customer_key",
    ("s3", "UploadPart"): "awsmini.quirks.wire_s3:encode_customer_key",
    ("s3", "UploadPartCopy"): "awsmini.quirks.wire_s3:copy_object",
    ("s3control", None): "awsmini.quirks.s3_control:with_arn_account",
}


def before_serialize(
    operation: OperationModel,
    params: Mapping[str, Any],
    *,
    token: Callable[[], str] = random_token,
    response_checksums: bool = True,
) -> Mapping[str, Any]:
    """The parameters as they are validated and sent.

    Idempotency tokens are filled in, and where answers can carry a checksum it is asked for, unless
    `response_checksums` (the setting `response_checksum_validation`) is off.
    """
    service_name = operation.service_model.service_name
    for key in ((service_name, None), (service_name, operation.name)):
        if key in BEFORE_SERIALIZE:
            params = resolve_name(BEFORE_SERIALIZE[key])(operation, params)
    mode_member = operation.http_checksum.get("requestValidationModeMember")
    if response_checksums and mode_member and mode_member not in params:
        params = {**params, mode_member: "ENABLED"}
    return with_tokens(operation, params, token)
