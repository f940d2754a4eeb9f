"""S3 and S3 Control around their endpoints: names of buckets, ARNs for names, and what the rules put in the URL.

The rules of both services write the bucket or the account into the endpoint, and their models write it once
more into the path or the host prefix; here the second is taken out.
"""

import re
from collections.abc import Mapping
from typing import Any

from awsmini.config.builtins import is_arn
from awsmini.config.rules import parse_arn
from awsmini.errors import EndpointError, ParamValidationError
from awsmini.model.shapes import OperationModel

_BUCKET = r"^[a-zA-Z0-9.\-_]{1,255}$"
_ARN = (
    r"^arn:(aws).*:(s3|s3-object-lambda):[a-z\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\-.]{1,63}$"
    r"|^arn:(aws).*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:]"
    r"[a-zA-Z0-9\-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9\-]{1,63}$"
)
_BUCKET_IN_PATH = "/{Bucket}"
_ACCOUNT_IN_HOST = "{AccountId}."


def check_bucket(api_params: Mapping[str, Any]) -> None:
    """Raises ParamValidationError where `Bucket` is neither a bucket's name nor an access point's ARN."""
    bucket = api_params.get("Bucket")
    if not isinstance(bucket, str) or re.search(_BUCKET, bucket) or re.search(_ARN, bucket):
        return
    raise ParamValidationError(
        f'Parameter validation failed:\nInvalid bucket name "{bucket}": Bucket name must match '
        f'the regex "{_BUCKET}" or be an ARN matching the regex "{_ARN}"'
    )


def request_uri(operation: OperationModel) -> str:
    """The path of an operation that is put after the endpoint: S3's without the bucket, which may leave nothing."""
    uri: str = operation.http.get("requestUri", "/")
    if operation.service_model.endpoint_prefix == "s3":
        return uri.removeprefix(_BUCKET_IN_PATH)
    return uri


def host_prefix(operation: OperationModel, inject: bool = True) -> str | None:
    """The template that goes before the endpoint's host. `inject` is EndpointSettings.inject_host_prefix."""
    prefix = operation.host_prefix if inject else None
    if prefix == _ACCOUNT_IN_HOST and operation.static_context_parameters.get("RequiresAccountId") is True:
        return None
    return prefix


def with_arn_account(
    operation: OperationModel, api_params: Mapping[str, Any], use_accelerate: bool = False
) -> Mapping[str, Any]:
    """S3 Control's parameters, with the `AccountId` that an ARN in `Name` or `Bucket` tells.

    Raises EndpointError for an ARN that is not one of S3 on Outposts, or of another account.
    """
    if operation.name in ("CreateBucket", "ListRegionalBuckets"):
        return api_params
    if operation.name != "CreateAccessPoint":
        api_params = _with_account_of("Name", "accesspoint", api_params, use_accelerate)
    return _with_account_of("Bucket", "bucket", api_params, use_accelerate)


def _with_account_of(
    member: str, resource: str, api_params: Mapping[str, Any], use_accelerate: bool
) -> Mapping[str, Any]:
    value = api_params.get(member)
    arn = parse_arn(value) if is_arn(value) else None
    if arn is None:
        return api_params
    if arn["region"].startswith("fips-") or arn["region"].endswith("-fips"):
        raise _unsupported(value, "Invalid ARN, FIPS region not allowed in ARN.")
    if use_accelerate:
        raise EndpointError(
            "Unsupported configuration when using S3 Control: S3 control client does not support accelerate endpoints"
        )
    parts = arn["resourceId"]
    if arn["service"] != "s3-outposts" or len(parts) != 4 or (parts[0], parts[2]) != ("outpost", resource):
        raise _unsupported(value, f"The {member} parameter does not support the provided ARN")
    given = api_params.get("AccountId", arn["accountId"])
    if given != arn["accountId"]:
        raise _unsupported(value, f'Account ID in arn does not match the AccountId parameter provided: "{given}"')
    return {**api_params, "AccountId": arn["accountId"]}


def _unsupported(arn: Any, why: str) -> EndpointError:
    return EndpointError(f'S3 ARN "{arn}" provided is invalid for this operation. {why}')
