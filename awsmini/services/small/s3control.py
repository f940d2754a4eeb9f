"""S3 Control takes ARNs of S3 on Outposts for names, and the account that they tell."""

from collections.abc import Mapping
from typing import Any

from awsmini.config.builtins import is_arn
from awsmini.config.rules import parse_arn
from awsmini.errors import EndpointError, ParamValidationError
from awsmini.model.shapes import OperationModel


def with_arn_account(operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters, with the `AccountId` that an ARN in `Name` or `Bucket` tells.

    Raises EndpointError for an ARN that is not one of S3 on Outposts, or of another account.
    """
    if operation.name in ("CreateBucket", "ListRegionalBuckets"):
        return params
    if operation.name != "CreateAccessPoint":
        params = _with_account_of("Name", "accesspoint", params)
    return _with_account_of("Bucket", "bucket", params)


def _with_account_of(member: str, resource: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    value = params.get(member)
    arn = parse_arn(value) if is_arn(value) else None
    if arn is None:
        return params
    if arn["region"].startswith("fips-") or arn["region"].endswith("-fips"):
        raise _unsupported(value, "Invalid ARN, FIPS region not allowed in ARN.")
    parts = arn["resourceId"]
    if arn["service"] != "s3-outposts" or len(parts) != 4 or (parts[0], parts[2]) != ("outpost", resource):
        raise _unsupported(value, f"The {member} parameter does not support the provided ARN")
    given = params.get("AccountId", arn["accountId"])
    if given != arn["accountId"]:
        raise _unsupported(value, f'Account ID in arn does not match the AccountId parameter provided: "{given}"')
    return {**params, "AccountId": arn["accountId"]}


def _unsupported(arn: Any, why: str) -> EndpointError:
    return EndpointError(f'S3 ARN "{arn}" provided is invalid for this operation. {why}')


def explain_endpoint_error(message: str, params: Mapping[str, Any]) -> Exception | None:
    """What the endpoint rules refuse, in AWS CLI v2's words."""
    if message == "AccountId is required but not set":
        return ParamValidationError(f"Parameter validation failed:\n{message}")
    if message.startswith("Invalid ARN:"):
        return EndpointError(f'S3 ARN "{params.get("Bucket")}" provided is invalid for this operation. {message}')
    if message.startswith(("Invalid configuration:", "Client was configured for partition")):
        return EndpointError(f"Unsupported configuration when using S3 Control: {message}")
    return None
