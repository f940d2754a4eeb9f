"""`mb`, `rb`, `website` and `presign`: one call each, or none."""

from collections.abc import Mapping
from typing import Any

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.model.shapes import ServiceModel
from awsmini.services.s3 import paths
from awsmini.services.s3.job import number, refuse_to_print
from awsmini.services.s3.options import URI_USAGE
from awsmini.services.s3.transfers import run
from awsmini.transfer.engine import Engine

Values = Mapping[str, Any]
_NO_REGION = ("aws-global", None)  # where S3 makes buckets in us-east-1, and says nothing of it


class NotEmptiedError(AwsminiError):
    """Not all objects of a bucket could be deleted."""

    def __init__(self) -> None:
        super().__init__(
            "remove_bucket failed: Unable to delete all objects in the bucket, bucket will not be deleted."
        )


def make(invocation: Invocation, values: Values) -> int:
    """`mb`"""
    bucket, _ = _checked(values)
    if paths.is_directory_bucket(bucket):
        raise ParamValidationError("Cannot use mb command with a directory bucket.")
    client = _sending(invocation)
    params: dict[str, Any] = {"Bucket": bucket}
    configuration: dict[str, Any] = {}
    if bucket.endswith("-an"):
        params["BucketNamespace"] = "account-regional"
    region = client.meta.region_name
    if region not in ("us-east-1", *_NO_REGION):
        configuration["LocationConstraint"] = region
    if values.get("tags"):
        configuration["Tags"] = [{"Key": key, "Value": value} for key, value in values["tags"]]
    if configuration:
        params["CreateBucketConfiguration"] = configuration
    return _told(invocation, client, "CreateBucket", params, "make_bucket", values["path"])


def remove(invocation: Invocation, values: Values) -> int:
    """`rb`"""
    bucket, key = _checked(values)
    if key:
        raise ParamValidationError(f"Please specify a valid bucket name only. E.g. s3://{bucket}")
    if values.get("force") and run("rm", invocation, {"paths": [values["path"]], "dir_op": True}) != 0:
        raise NotEmptiedError
    return _told(invocation, _sending(invocation), "DeleteBucket", {"Bucket": bucket}, "remove_bucket", values["path"])


def website(invocation: Invocation, values: Values) -> int:
    """`website`"""
    bucket = values["paths"][0].removeprefix(paths.SCHEME).removesuffix("/")
    paths.bucket_and_key(bucket)
    configuration: dict[str, Any] = {}
    if "index_document" in values:
        configuration["IndexDocument"] = {"Suffix": values["index_document"]}
    if "error_document" in values:
        configuration["ErrorDocument"] = {"Key": values["error_document"]}
    with Engine(_sending(invocation)) as engine:
        engine.call("PutBucketWebsite", {"Bucket": bucket, "WebsiteConfiguration": configuration})
    return 0


def presign(invocation: Invocation, values: Values) -> int:
    """`presign`"""
    expires = number(values, "expires_in")
    bucket, key = paths.bucket_and_key(values["path"])
    url = _client(invocation).generate_presigned_url(
        "get_object", {"Bucket": bucket, "Key": key}, ExpiresIn=3600 if expires is None else expires
    )
    invocation.app.stdout.write(f"{url}\n")
    return 0


def _checked(values: Values) -> tuple[str, str]:
    if not paths.is_s3(values["path"]):
        raise ParamValidationError(f"{URI_USAGE}\nError: Invalid argument type")
    return paths.bucket_and_key(values["path"])


def _sending(invocation: Invocation) -> Client:
    refuse_to_print(invocation.flags)
    return _client(invocation)


def _client(invocation: Invocation) -> Client:
    return invocation.session.client_for(ServiceModel(invocation.models.lines("s3")))


def _told(
    invocation: Invocation, client: Client, operation: str, params: Mapping[str, Any], word: str, path: str
) -> int:
    """Make the call, and tell how it went."""
    try:
        with Engine(client) as engine:
            engine.call(operation, params)
    except AwsminiError as error:
        invocation.app.stderr.write(f"{word} failed: {path} {error}\n")
        return 1
    invocation.app.stdout.write(f"{word}: {params['Bucket']}\n")
    return 0
