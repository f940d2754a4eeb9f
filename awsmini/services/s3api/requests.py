"""S3: names that are checked, keys that are encoded, and the customer's own encryption keys."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.records import Request, replace
from awsmini.serialize.parts import bad_params, base64_text, blob_bytes
from awsmini.serialize.url import percent_encode

BUCKET = r"^[a-zA-Z0-9.\-_]{1,255}$"
BUCKET_ARN = (
    r"^arn:(aws).*:(s3|s3-object-lambda):[a-z\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\-.]{1,63}$"
    r"|^arn:(aws).*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\-]{1,63}"
    r"[/:]accesspoint[/:][a-zA-Z0-9\-]{1,63}$"
)
_VERSION = re.compile(r"\?versionId=[^\s]+$")


def check_bucket_name(_operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises ParamValidationError where the bucket is neither a name nor an ARN of something like a bucket."""
    bucket = params.get("Bucket")
    if isinstance(bucket, str) and not re.search(BUCKET, bucket) and not re.search(BUCKET_ARN, bucket):
        raise bad_params(
            f'Invalid bucket name "{bucket}": Bucket name must match '
            f'the regex "{BUCKET}" or be an ARN matching the regex "{BUCKET_ARN}"'
        )
    return params


def ask_for_encoded_keys(_operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keys may hold what XML cannot, so they are asked for percent-encoded; the answer is decoded again."""
    return params if "EncodingType" in params else {**params, "EncodingType": "url"}


def put_object(operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters of what makes an object, with the customer's key encoded."""
    _check_metadata(params)
    return encode_customer_key(operation, params)


def copy_object(_operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters of a copy, with its source quoted and both keys encoded."""
    _check_metadata(params)
    source = params.get("CopySource")
    if isinstance(source, str):
        params = {**params, "CopySource": _quote_source(source)}
    elif isinstance(source, Mapping):
        params = {**params, "CopySource": _quote_source_parts(source)}
    return _encode_key(_encode_key(params, "SSECustomer"), "CopySourceSSECustomer")


def encode_customer_key(_operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The customer's encryption key (SSE-C) in base64, with its MD5, where that is not given too."""
    return _encode_key(params, "SSECustomer")


def _encode_key(params: Mapping[str, Any], prefix: str) -> Mapping[str, Any]:
    name = f"{prefix}Key"
    if not isinstance(params.get(name), str | bytes | bytearray) or f"{name}MD5" in params:
        return params  # there is none, it is encoded already, or it is for the validation to refuse
    key = blob_bytes(params[name])
    digest = hashlib.md5(key, usedforsecurity=False).digest()
    return {**params, name: base64_text(key), f"{name}MD5": b64encode(digest).decode()}


def _quote_source(source: str) -> str:
    """`bucket/key?versionId=id` with the key percent-encoded."""
    version = _VERSION.search(source)
    end = version.start() if version else len(source)
    return percent_encode(source[:end], safe="/") + source[end:]


def _quote_source_parts(source: Mapping[str, str]) -> str:
    """The same for `{"Bucket": …, "Key": …, "VersionId": …}`, where an access point's ARN may be the bucket."""
    missing = [name for name in ("Bucket", "Key") if name not in source]
    if missing:
        raise bad_params(f"Missing required parameter: '{missing[0]}'")
    middle = "/object/" if re.search(BUCKET_ARN, source["Bucket"]) else "/"
    version = source.get("VersionId")
    quoted = percent_encode(f"{source['Bucket']}{middle}{source['Key']}", safe="/")
    return quoted if version is None else f"{quoted}?versionId={version}"


def _check_metadata(params: Mapping[str, Any]) -> None:
    """Metadata becomes headers; raises ParamValidationError where it is not ASCII."""
    metadata = params.get("Metadata")
    for key, value in metadata.items() if isinstance(metadata, Mapping) else ():
        if not (str(key).isascii() and str(value).isascii()):
            raise bad_params(
                f'Non ascii characters found in S3 metadata for key "{key}", value: "{value}".  \n'
                "S3 metadata can only contain ASCII characters. "
            )


def expect_continue(request: Request, operation: OperationModel, params: Mapping[str, Any]) -> Request:
    """A stream is announced first (`Expect: 100-continue`), so that S3 can refuse it before it is sent."""
    is_upload = operation.name in ("PutObject", "UploadPart") and params.get("Body") is not None
    if request.method not in ("PUT", "POST") or not (is_upload or hasattr(request.body, "read")):
        return request
    return replace(request, headers={**request.headers, "Expect": "100-continue"})
