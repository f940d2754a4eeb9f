"""S3's errors that say too little: what to do about them is added to the message."""

from typing import Any

_REGION_HINT = (
    "You can fix this issue by explicitly providing the correct region location using the --region argument, the "
    "AWS_DEFAULT_REGION environment variable, or the region variable in the AWS CLI configuration file.  You can get "
    'the bucket\'s location by running "awsmini s3api get-bucket-location --bucket BUCKET".'
)
_SIGNATURE_HINT = (
    " You can enable AWS Signature Version 4 by running the command: \nawsmini configure set s3.signature_version s3v4"
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
