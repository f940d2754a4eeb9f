"""Whether a move from S3 to S3 would end where it begins, behind access points and their aliases too."""

import re
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.services.s3.job import Job, onto_itself, same_path
from awsmini.services.s3.paths import bucket_and_key

VARIABLE = "AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS"
_ACCESS_POINT = re.compile(r"^arn:aws.*:s3:[a-z0-9\-]+:([0-9]{12}):accesspoint[:/]([a-z0-9\-]{3,50})$")
_OUTPOST = re.compile(
    r"^arn:aws.*:s3-outposts:[a-z0-9\-]+:([0-9]{12}):outpost/op-[a-zA-Z0-9]+/accesspoint[:/][a-z0-9\-]{3,50}$"
)
_MULTI_REGION = re.compile(r"^arn:aws:s3::([0-9]{12}):accesspoint[:/]([a-zA-Z0-9]+\.mrap)$")
WARNING = (
    "warning: Provided s3 paths may resolve to same underlying s3 object(s) and result in deletion instead of being "
    "moved. To resolve and validate underlying s3 paths are not the same, specify the --validate-same-s3-paths flag or "
    f"set the {VARIABLE} environment variable to true. To resolve s3 outposts access point path, the arn must be used "
    "instead of the alias.\n"
)


def check_same_paths(job: Job, invocation: Invocation) -> None:
    """Refuse a move onto itself, or warn that it may be one. Raises ParamValidationError."""
    source, target = job.source_path, job.target_path
    if not same_path(f"/{bucket_and_key(source)[1]}", f"/{bucket_and_key(target)[1]}", many=job.many):
        return
    wanted = job.values.get("validate_same_s3_paths") or invocation.app.env.get(VARIABLE, "").lower() == "true"
    if not wanted:
        if is_alias(bucket_and_key(source)[0]) or is_alias(bucket_and_key(target)[0]):
            invocation.app.stderr.write(WARNING)
        return
    resolver = Resolver(invocation)
    targets = resolver.paths(target, None)
    for behind in resolver.paths(source, job.values.get("source_region")):
        if any(same_path(behind, other, many=job.many) for other in targets):
            raise onto_itself(job)


def is_alias(bucket: str) -> bool:
    """Whether a bucket's name stands for another."""
    known = any(pattern.match(bucket) for pattern in (_ACCESS_POINT, _OUTPOST, _MULTI_REGION))
    return known or bucket.endswith(("-s3alias", "--op-s3"))


class Resolver:
    """Asks for the buckets behind a path."""

    def __init__(self, invocation: Invocation) -> None:
        self.session = invocation.session

    def paths(self, path: str, region: str | None) -> list[str]:
        """The paths that a path stands for. Raises ParamValidationError, ClientError."""
        bucket, key = bucket_and_key(path)
        if found := _ACCESS_POINT.match(bucket):
            buckets = [self._behind(found.group(1), found.group(2), region)]
        elif found := _OUTPOST.match(bucket):
            buckets = [self._behind(found.group(1), bucket, region)]
        elif found := _MULTI_REGION.match(bucket):
            buckets = self._of_many_regions(found.group(1), found.group(2), region)
        elif bucket.endswith("-s3alias"):
            account = str(self.session.client("sts")._make_api_call("GetCallerIdentity", {})["Account"])
            buckets = [self._behind(account, bucket, region)]
        elif bucket.endswith("--op-s3"):
            raise ParamValidationError(
                "Can't resolve underlying bucket name of s3 outposts access point alias. Use arn instead to resolve the "
                "bucket name and validate the mv command."
            )
        else:
            return [path]
        return [f"s3://{name}/{key}" for name in buckets]

    def _control(self, region: str | None) -> Any:
        return self.session.client("s3control", region_name=region)

    def _behind(self, account: str, name: str, region: str | None) -> str:
        bucket: str = self._control(region).get_access_point(AccountId=account, Name=name)["Bucket"]
        return bucket

    def _of_many_regions(self, account: str, alias: str, region: str | None) -> list[str]:
        client = self._control(region)
        token: dict[str, str] = {}
        while True:
            page = client.list_multi_region_access_points(AccountId=account, **token)
            for point in page.get("AccessPoints", ()):
                if point["Alias"] == alias:
                    return [each["Bucket"] for each in point["Regions"]]
            if not page.get("NextToken"):
                raise ParamValidationError(
                    f"Couldn't find multi-region access point with alias {alias} in account {account}"
                )
            token = {"NextToken": page["NextToken"]}
