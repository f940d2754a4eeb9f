"""S3's errors that say too little: what to do about them is added to the message."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import EndpointError, ParamValidationError

_REGION_HINT = (
    "You can fix this issue by explicitly providing the correct region location using the --region argument, the "
    "AWS_DEFAULT_REGION environment variable, or the region variable in the AWS CLI configuration file.  You can get "
    'the bucket\'s location by running "awsmini s3api get-bucket-location --bucket BUCKET".'
)
_SIGNATURE_HINT = (
    " You can enable AWS Signature Version 4 by running the command: \nawsmini configure set s3.signature_version s3v4"
)
# What AWS CLI v2 puts before a message of the endpoint rules: how the message may begin, the words.
_S3 = "Unsupported configuration when using S3: "
_ACCESS_POINTS = "Unsupported configuration when using S3 access-points: "
_FOREWORDS = (
    (("S3 Object Lambda does not support S3 Accelerate", "Accelerate cannot be used with FIPS"), _S3),
    (("S3 Outposts does not support", "S3 MRAP does not support"), _ACCESS_POINTS),
    (("S3 Object Lambda does not support", "Access Points do not support"), _ACCESS_POINTS),
    (("Invalid configuration:", "Client was configured for partition"), _ACCESS_POINTS),
)


def explain(error: dict[str, Any]) -> dict[str, Any]:
    """The error with its message completed."""
    message = error.get("Message") or ""
    if "Please use AWS4-HMAC-SHA256" in message:
        what = "You are attempting to operate on a bucket in a region that requires Signature Version 4.  "
        return {**error, "Message": what + _REGION_HINT}
    if error.get("Code") == "PermanentRedirect" and "Endpoint" in error:
        return {**error, "Message": f"{message[:-1]}: {error['Endpoint']}\n{_REGION_HINT}"}
    if "AWS KMS managed keys require AWS Signature Version 4" in message:
        return {**error, "Message": message + _SIGNATURE_HINT}
    return error


def explain_endpoint_error(message: str, _params: Mapping[str, Any]) -> Exception | None:
    """What the endpoint rules refuse, in AWS CLI v2's words."""
    if message.lower().startswith("invalid arn:"):
        return ParamValidationError(f"Parameter validation failed:\n{message}")
    for beginnings, foreword in _FOREWORDS:
        if message.startswith(beginnings):
            return EndpointError(foreword + message)
    return None
