"""What a web function needs elsewhere: a bucket with its code, and a role to run with. Both are made where they can."""

import json
from collections.abc import Mapping
from typing import IO, Any

from awsmini.client import Client
from awsmini.errors import AwsminiError, ClientError
from awsmini.services.lambda_web.errors import LambdaWebError
from awsmini.services.shared.s3_uploads import upload

LAMBDA = "lambda.amazonaws.com"
POLICY_NAME = "awscli-lambdaweb-logs"
PREFIX = "awscli-lambdaweb-"


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "Unknown"))


def managed_bucket(account: str, region: str) -> str:
    """The name of the bucket that these commands keep in a region."""
    return f"{PREFIX}{account}-{region}-an"


def check_bucket(s3: Client, bucket: str) -> None:
    """Raises LambdaWebError where a bucket that was named cannot be used."""
    try:
        s3._make_api_call("HeadBucket", {"Bucket": bucket})
    except ClientError as error:
        if code_of(error) not in ("403", "404"):
            raise
        raise LambdaWebError(
            f"Amazon S3 bucket '{bucket}' isn't accessible. Verify the bucket name and AWS Region, and confirm that "
            "your credentials allow s3:ListBucket. You can also omit --bucket-name to use a managed bucket."
        ) from None


def ensure_bucket(s3: Client, bucket: str, account: str, region: str, partition: str) -> None:
    """Make the managed bucket where there is none. Raises LambdaWebError."""
    try:
        s3._make_api_call("HeadBucket", {"Bucket": bucket})
    except ClientError as error:
        if code_of(error) == "403":
            raise LambdaWebError(
                f"Amazon S3 bucket '{bucket}' isn't accessible. Verify your permissions, or specify a different bucket "
                "with --bucket-name."
            ) from None
        if code_of(error) != "404":
            raise
        _make_bucket(s3, bucket, account, region, partition)


def _make_bucket(s3: Client, bucket: str, account: str, region: str, partition: str) -> None:
    request: dict[str, Any] = {"Bucket": bucket, "BucketNamespace": "account-regional"}
    if region != "us-east-1":
        request["CreateBucketConfiguration"] = {"LocationConstraint": region}
    try:
        s3._make_api_call("CreateBucket", request)
    except ClientError as error:
        if code_of(error) != "BucketAlreadyOwnedByYou":
            denied = code_of(error) == "AccessDenied"
            advice = "Verify that your credentials allow s3:CreateBucket." if denied else "Retry the command."
            raise LambdaWebError(
                f"Unable to create managed Amazon S3 bucket '{bucket}' in AWS Region '{region}'. AWS returned "
                f"{code_of(error)}. {advice}"
            ) from None
    policy = json.dumps(_bucket_policy(bucket, account, partition), separators=(",", ":"))
    _set_up(s3, "PutBucketPolicy", {"Policy": policy}, bucket, "apply the required bucket policy to")
    versioning = {"VersioningConfiguration": {"Status": "Enabled"}}
    _set_up(s3, "PutBucketVersioning", versioning, bucket, "enable S3 Versioning on")


def _set_up(s3: Client, operation: str, params: Mapping[str, Any], bucket: str, what: str) -> None:
    try:
        s3._make_api_call(operation, {"Bucket": bucket, **params})
    except ClientError as error:
        raise LambdaWebError(
            f"Unable to {what} managed Amazon S3 bucket '{bucket}' (AWS error: {code_of(error)}). The bucket was "
            "retained. Resolve the Amazon S3 error. If the bucket is empty, you can delete it and rerun the command, "
            "or specify another bucket with --bucket-name."
        ) from None


def _bucket_policy(bucket: str, account: str, partition: str) -> dict[str, Any]:
    """Nobody without TLS, and Lambda for this account."""
    arn = f"arn:{partition}:s3:::{bucket}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "HttpsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
            {
                "Sid": "AllowLambdaServiceAccess",
                "Effect": "Allow",
                "Principal": {"Service": LAMBDA},
                "Action": ["s3:GetObject", "s3:GetObjectVersion"],
                "Resource": f"{arn}/*",
                "Condition": {"StringEquals": {"aws:SourceAccount": account}},
            },
        ],
    }


def put_code(s3: Client, bucket: str, key: str, archive: IO[bytes]) -> dict[str, str]:
    """Upload the code; where it is, with its version where that can be known. Raises LambdaWebError."""
    try:
        upload(s3, bucket, key, archive, {"ContentType": "application/zip"})
    except ClientError:
        raise LambdaWebError(
            f"Unable to upload the deployment package to Amazon S3 bucket '{bucket}'. Verify the bucket name and AWS "
            "Region, and confirm that your credentials allow s3:PutObject."
        ) from None
    where = {"bucket": bucket, "key": key}
    try:
        version = s3._make_api_call("HeadObject", {"Bucket": bucket, "Key": key}).get("VersionId")
    except AwsminiError:
        version = None
    return where if version is None else {**where, "versionId": version}


def check_role(iam: Client, arn: str) -> None:
    """Raises LambdaWebError where a role that was named is not there. What cannot be looked up may be there."""
    try:
        iam._make_api_call("GetRole", {"RoleName": arn.rpartition("/")[2]})
    except ClientError as error:
        if code_of(error) == "NoSuchEntity":
            raise LambdaWebError(
                f"AWS IAM role '{arn}' wasn't found or isn't accessible. Verify the ARN and your permissions."
            ) from None


def ensure_role(iam: Client, function: str) -> str:
    """The ARN of the role that these commands keep for a function; made where there is none. Raises LambdaWebError."""
    name = f"{PREFIX}{function}"
    role = _role(iam, name)
    if role is None:
        try:
            return _make_role(iam, name)
        except ClientError as error:
            if code_of(error) != "EntityAlreadyExists":
                raise
        role = _role(iam, name)  # somebody else has just made it
        if role is None:
            raise LambdaWebError(
                f"AWS IAM reported that role '{name}' already exists, but the command could not retrieve it. Verify "
                "your permissions and retry."
            )
    principals = _trusted(role.get("AssumeRolePolicyDocument"))
    if not any(_is_lambda(principal) for principal in principals):
        raise LambdaWebError(
            f"AWS IAM role '{name}' doesn't trust the Lambda service principal '{LAMBDA}'. The current principals are "
            f"{principals}. Update the trust policy, specify a different role with --execution-role-arn, or delete the "
            "role so the command can create it again."
        )
    return str(role["Arn"])


def _role(iam: Client, name: str) -> dict[str, Any] | None:
    """A role, if there is one."""
    try:
        found: dict[str, Any] = iam._make_api_call("GetRole", {"RoleName": name})["Role"]
    except ClientError as error:
        if code_of(error) != "NoSuchEntity":
            raise
        return None
    return found


def _trusted(document: Any) -> list[Any]:
    """Who may take a role on."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return []
    statements = document.get("Statement", []) if isinstance(document, Mapping) else []
    statements = statements if isinstance(statements, list) else [statements]
    return [each["Principal"] for each in statements if each.get("Effect") == "Allow" and "Principal" in each]


def _is_lambda(principal: Any) -> bool:
    services = principal.get("Service") if isinstance(principal, Mapping) else None
    return services == LAMBDA or (isinstance(services, list) and LAMBDA in services)


def _make_role(iam: Client, name: str) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": LAMBDA}, "Action": "sts:AssumeRole"}],
    }
    logs = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": "*",
            }
        ],
    }
    trust_text = json.dumps(trust, separators=(",", ":"))
    role = iam._make_api_call("CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": trust_text})["Role"]
    try:
        iam._make_api_call(
            "PutRolePolicy",
            {
                "RoleName": name,
                "PolicyName": POLICY_NAME,
                "PolicyDocument": json.dumps(logs, separators=(",", ":")),
            },
        )
    except ClientError as error:
        raise LambdaWebError(
            f"Unable to add Amazon CloudWatch Logs permissions to the newly created AWS IAM role '{name}' (AWS error: "
            f"{code_of(error)}). No Web Function was created, and the role was retained. To continue without changing "
            "the role's permissions, rerun the command. To retry adding the permissions, delete the role if it isn't "
            "in use and rerun the command. You can also specify another role with --execution-role-arn."
        ) from None
    return str(role["Arn"])
