"""`sync --plan-format s3-batch`: the manifest of a copy job of S3 Batch Operations, and the commands that start it."""

import hashlib
import json
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.services.s3.job import STREAM, Job
from awsmini.services.s3.plan_sheet import Sheet
from awsmini.services.s3.transfer_settings import TransferSettings
from awsmini.services.shared.partition import partition_of
from awsmini.transfer.local import Entry, skipped
from awsmini.transfer.parts import part_size

LARGEST = 5 * 1024**3  # bytes that one CopyObject copies
TOO_LARGE = "A job of S3 Batch Operations copies no objects over 5 GB."
NAME = "--plan-format s3-batch"
# Options that ask for what CopyObject does not do alone, or for what a job does not do at all.
REFUSED = (
    "delete", "no_overwrite", "sse_c", "sse_c_copy_source", "grants", "website_redirect", "content_type",
    "cache_control", "content_disposition", "content_encoding", "content_language", "expires", "metadata",
)  # fmt: skip
ACCOUNT, ROLE, BUCKET, REGION = "ACCOUNT", "ROLE", "MANIFEST-BUCKET", "REGION"  # for the user to replace


class Manifest(Sheet):
    """Rows of source buckets and keys. Raises ParamValidationError for a sync that is no such job."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.prefix = target_prefix(job)
        self.operation = copy_operation(job)
        self._sums: Sums | None = None

    def begin(self, settings: TransferSettings) -> str:
        self._sums = Sums(settings)
        return ""

    def end(self) -> str:
        return ""

    def refusal(self, entry: Entry) -> str | None:
        if entry.size <= LARGEST:
            return None
        return skipped(f"s3://{self.job.source.bucket}/{self.job.source.root}{entry.key}", TOO_LARGE)

    def line(self, action: str, source: str, destination: str | None, entry: Entry) -> str:
        super().line(action, source, destination, entry)
        text = row(self.job.source.bucket, self.job.source.root + entry.key)
        assert self._sums is not None
        self._sums.add(text.encode())
        return text

    def summary(self, invocation: Invocation) -> str:
        """With the two commands that start the job, where there is something to copy."""
        told = super().summary(invocation)
        if not self.actions:
            return told
        assert self._sums is not None
        region = str(invocation.settings.value("region") or REGION)
        commands = "\n".join(f"  {shlex.join(words)}" for words in self.commands(region, self._sums.etag()))
        return (
            f"{told}Put your names for {ACCOUNT}, {ROLE} and {BUCKET}. The job is made in the region of "
            f"s3://{self.job.target.bucket}:\n{commands}\n"
        )

    def commands(self, region: str, etag: str) -> tuple[list[str], list[str]]:
        """The words that upload the manifest, and those that make the job."""
        arn = f"arn:{partition_of(region)}"
        given = self.job.values["plan"]
        file = "manifest.csv" if given == STREAM else given
        key = file.replace("\\", "/").rpartition("/")[2]
        parts: Mapping[str, Any] = {
            "--operation": {
                "S3PutObjectCopy": {"TargetResource": f"{arn}:s3:::{self.job.target.bucket}", **self.operation}
            },
            "--manifest": {
                "Spec": {"Format": "S3BatchOperations_CSV_20180820", "Fields": ["Bucket", "Key"]},
                "Location": {"ObjectArn": f"{arn}:s3:::{BUCKET}/{key}", "ETag": etag},
            },
            "--report": {
                "Bucket": f"{arn}:s3:::{BUCKET}",
                "Prefix": "reports",
                "Format": "Report_CSV_20180820",
                "Enabled": True,
                "ReportScope": "FailedTasksOnly",
            },
        }
        made = ["--region", region, "--account-id", ACCOUNT, "--role-arn", f"{arn}:iam::{ACCOUNT}:role/{ROLE}"]
        made += ["--priority", "10", "--no-confirmation-required"]
        for name, value in parts.items():
            made += [name, json.dumps(value, separators=(",", ":"))]
        upload = ["awsmini", "s3", "cp", file, f"s3://{BUCKET}/{key}"]
        return upload, ["awsmini", "s3control", "create-job", *made]


class Sums:
    """The ETag that an upload gives to what was written, in one part or in several."""

    def __init__(self, settings: TransferSettings) -> None:
        self._threshold, self._part = settings.multipart_threshold, part_size(settings.multipart_chunksize, None)
        self._whole, self._of_part = _md5(), _md5()
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, data: bytes) -> None:
        self._whole.update(data)
        while data:
            taken = data[: self._part - self._size % self._part]
            self._of_part.update(taken)
            self._size += len(taken)
            data = data[len(taken) :]
            if self._size % self._part == 0:
                self._end_part()

    def etag(self) -> str:
        if self._size < self._threshold:
            return str(self._whole.hexdigest())
        if self._size % self._part:
            self._end_part()
        return f"{_md5(b''.join(self._parts)).hexdigest()}-{len(self._parts)}"

    def _end_part(self) -> None:
        self._parts.append(self._of_part.digest())
        self._of_part = _md5()


def _md5(data: bytes = b"") -> Any:
    return hashlib.md5(data, usedforsecurity=False)


def row(bucket: str, key: str) -> str:
    """One object. Keys are encoded as in URLs, so nothing is left that CSV would have to quote."""
    return f"{bucket},{quote(key, safe='/')}\n"


def target_prefix(job: Job) -> str:
    """The TargetKeyPrefix, which S3 puts before each source key, with a `/` between. Raises ParamValidationError."""
    if job.kind != "copy":
        raise ParamValidationError(
            f"{NAME} is for syncs from bucket to bucket: a job of S3 Batch Operations has no files."
        )
    source, target = job.source, job.target
    for each in (source, target):
        if each.bucket.startswith("arn:"):
            raise ParamValidationError(f"{NAME}: a manifest takes the names of buckets, and no {each.bucket}.")
    before = target.root.removesuffix(source.root)
    if not target.root.endswith(source.root) or not (before == "" or before.endswith("/")):
        raise ParamValidationError(
            f"{NAME}: a copy job keeps the whole key of each object, and can only put a prefix before it. The "
            f"destination has to end in the prefix of the source: s3://{target.bucket}/[prefix/]{source.root}"
        )
    return before.removesuffix("/")


def copy_operation(job: Job) -> dict[str, Any]:
    """What of S3PutObjectCopy goes beside the target. Raises ParamValidationError for what a job cannot do."""
    values = job.values
    for name in REFUSED:
        if values.get(name):
            raise _refused(f"--{name.replace('_', '-')}")
    copied = values.get("copy_props", "default")
    if copied in ("none", "metadata-directive") or values.get("metadata_directive") == "REPLACE":
        raise _refused(f"--copy-props {copied}" if values.get("copy_props") else "--metadata-directive REPLACE")
    if values.get("storage_class") == "REDUCED_REDUNDANCY" or values.get("acl") == "log-delivery-write":
        raise _refused("--storage-class REDUCED_REDUNDANCY or --acl log-delivery-write")
    if (values.get("sse") or values.get("sse_kms_key_id")) and not (
        values.get("sse") == "aws:kms" and values.get("sse_kms_key_id")
    ):
        raise _refused("--sse without a key (`--sse aws:kms --sse-kms-key-id ARN`)")
    found: Mapping[str, Any] = {
        "TargetKeyPrefix": target_prefix(job) or None,
        "CannedAccessControlList": values.get("acl"),
        "AnnotationDirective": None if copied == "all" or values.get("metadata_directive") else "EXCLUDE",
        "StorageClass": values.get("storage_class"),
        "SSEAwsKmsKeyId": values.get("sse_kms_key_id"),
        "RequesterPays": True if values.get("request_payer") else None,
        "ChecksumAlgorithm": values.get("checksum_algorithm"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _refused(what: str) -> ParamValidationError:
    return ParamValidationError(f"{NAME}: a copy job cannot do what {what} asks for.")
