"""`awsmini cloudtrail validate-logs`."""

import re
import zlib
from collections.abc import Mapping
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from awsmini.app import App
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import flag, option
from awsmini.services.cloudtrail.buckets import Buckets
from awsmini.services.cloudtrail.chain import Chain, Range
from awsmini.services.cloudtrail.dates import read, read_moment, shown
from awsmini.services.cloudtrail.digests import Digest, Place, Trail
from awsmini.services.cloudtrail.public_keys import HASH

CHUNK = 64 * 1024
_ARN = re.compile(r"arn:.+:cloudtrail:.+:\d{12}:trail/.+")
_DOES_NOT_MATCH = "hash value doesn't match"


def run(invocation: Invocation, values: Values) -> int:
    """Check the digests of the range and the logs that they name; 1 where one of them is not valid."""
    when = _range(values, invocation.app.now())
    region = invocation.session.region_name
    buckets = Buckets(invocation, region)
    cloudtrail = invocation.session.client("cloudtrail")
    bucket, trail = _trail(invocation, values, region)
    result = Result(invocation.app, values["trail_arn"], when, verbose=values.get("verbose", False))
    result.begin()
    chain = Chain(trail, buckets, cloudtrail, when, result)
    for backfill in (False, True):
        for digest in chain.digests(bucket, backfill=backfill):
            result.valid(digest, backfill=backfill)
            for log in digest.logs:
                result.checked(log, check_log(buckets, log))
    result.end()
    return 0 if result.is_valid else 1


def check_log(buckets: Buckets, log: Any) -> str | None:
    """What is wrong with a log file; None where it has the hash that its digest names."""
    try:
        place = Place(log["s3Bucket"], log["s3Object"])
        body, _ = buckets.get(*place)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "NoSuchKey":
            raise
        return "not found"
    except (KeyError, TypeError):
        return "invalid format"
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    digest = sha256()
    try:
        while chunk := body.read(CHUNK):
            digest.update(inflater.decompress(chunk))
        digest.update(inflater.flush())
    except zlib.error:
        return "invalid format"
    if inflater.unused_data:
        return "unexpected data after end of compressed stream"
    is_known = log.get("hashAlgorithm") in (None, HASH)
    return None if is_known and digest.hexdigest() == log.get("hashValue") else _DOES_NOT_MATCH


class Tally:
    """How many files of a kind are valid, and how many are not."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.valid = self.invalid = 0

    def __str__(self) -> str:
        total = self.valid + self.invalid
        if not total:
            return ""
        wrong = f", {self.invalid}/{total} {self.name} files INVALID" if self.invalid else ""
        return f"\n{self.valid}/{total} {self.name} files valid{wrong}"


class Result:
    """What is found, said as it is found: what is wrong on stderr, the rest on stdout."""

    def __init__(self, app: App, trail_arn: str, when: Range, *, verbose: bool) -> None:
        self._app = app
        self._trail_arn = trail_arn
        self._when = when
        self._verbose = verbose
        self._apart = True  # whether an empty line was the last that was said
        self._found: Range | None = None  # of the valid digests
        self._digests = Tally("digest")
        self._backfills = Tally("backfill digest")
        self._logs = Tally("log")

    @property
    def is_valid(self) -> bool:
        return not (self._digests.invalid or self._backfills.invalid or self._logs.invalid)

    def begin(self) -> None:
        start, end = map(shown, self._when)
        self._app.stdout.write(f"Validating log files for trail {self._trail_arn} between {start} and {end}\n\n")

    def valid(self, digest: Digest, *, backfill: bool) -> None:
        start = max(read_moment(digest.fields["digestStartTime"]), self._when.start)
        end = min(read_moment(digest.fields["digestEndTime"]), self._when.end)
        if self._found is not None:
            start, end = min(start, self._found.start), max(end, self._found.end)
        self._found = Range(start, end)
        self._tally(backfill).valid += 1
        self._tell(f"{_mark(backfill)}Digest file\t{digest.place}\tvalid")

    def checked(self, log: Mapping[str, Any], wrong: str | None) -> None:
        """A log file was looked at."""
        where = f"Log file\ts3://{log['s3Bucket']}/{log['s3Object']}"
        if wrong is None:
            self._logs.valid += 1
            self._tell(f"{where}\tvalid")
        else:
            self._logs.invalid += 1
            self._complain(f"{where}\tINVALID: {wrong}")

    def gap(self, after: datetime, before: datetime, *, backfill: bool) -> None:
        self._complain(
            f"{_mark(backfill)}No log files were delivered by CloudTrail between {shown(after)} and {shown(before)}"
        )

    def missing(self, place: Place, *, backfill: bool) -> None:
        self._tally(backfill).invalid += 1
        self._complain(f"{_mark(backfill)}Digest file\t{place}\tINVALID: not found")

    def invalid(self, message: str, *, backfill: bool) -> None:
        self._tally(backfill).invalid += 1
        self._complain(f"{_mark(backfill)}{message}")

    def end(self) -> None:
        write = self._app.stdout.write
        start, end = map(shown, self._when)
        write(f"{'' if self._apart else chr(10)}Results requested for {start} to {end}\n")
        if not (str(self._digests) or str(self._backfills)):
            write("No digests found\n")
            return
        if self._found is None:
            write("No valid digests found in range\n")
        else:
            write(f"Results found for {shown(self._found.start)} to {shown(self._found.end)}:\n")
        write(f"{self._digests}{self._backfills}{self._logs}\n")

    def _tally(self, backfill: bool) -> Tally:
        return self._backfills if backfill else self._digests

    def _tell(self, line: str) -> None:
        if self._verbose:
            self._apart = False
            self._app.stdout.write(f"{line}\n")

    def _complain(self, line: str) -> None:
        self._app.stderr.write(f"{line}\n\n" if self._apart else f"\n{line}\n\n")
        self._apart = True


def _mark(backfill: bool) -> str:
    return "(backfill) " if backfill else ""


def _range(values: Values, now: datetime) -> Range:
    start = read(values["start_time"])
    end = read(values["end_time"]) if values.get("end_time") else now.astimezone(timezone.utc)
    if start > end:
        raise AwsminiError("Invalid time range specified: start-time must occur before end-time")
    return Range(start, end)


def _trail(invocation: Invocation, values: Values, region: str | None) -> tuple[str, Trail]:
    """The bucket and the names of a trail's digests; what was not given, CloudTrail is asked for."""
    arn, account_id = values["trail_arn"], values.get("account_id")
    if not _ARN.match(arn):
        raise AwsminiError(f"Invalid trail ARN provided: {arn}")
    bucket, prefix, organization_id = values.get("s3_bucket"), values.get("s3_prefix"), None
    if bucket is None:
        described = _described(invocation, arn)
        bucket, prefix = described["S3BucketName"], described.get("S3KeyPrefix")
        if described.get("IsOrganizationTrail"):
            if not account_id:
                raise AwsminiError("Missing required parameter for organization trail: '--account-id'")
            organization_id = _organization(invocation)
    parts = arn.split(":")
    return bucket, Trail(
        name=arn.split("/")[-1],
        home_region=parts[3],
        source_region=region or parts[3],
        account_id=account_id or parts[4],
        organization_id=organization_id,
        prefix=prefix,
    )


def _described(invocation: Invocation, arn: str) -> Mapping[str, Any]:
    answer = invocation.session.client("cloudtrail")._make_api_call("DescribeTrails", {})
    for trail in answer.get("trailList", []):
        if trail.get("TrailARN") == arn and "S3BucketName" in trail:
            found: Mapping[str, Any] = trail
            return found
    raise AwsminiError(f"A trail could not be found for {arn}")


def _organization(invocation: Invocation) -> str:
    session = invocation.session
    client = session.client_for(ServiceModel(session.models.lines("organizations")), endpoint_flag=False)
    found: str = client._make_api_call("DescribeOrganization", {})["Organization"]["Id"]
    return found


command = HandWritten(
    "validate-logs",
    run,
    doc="Check that the log files of a trail are those that CloudTrail has delivered: none changed, none deleted, none "
    "moved. The digest files of the range are followed from the newest to the oldest, with their signatures, and each "
    "log file that they name is downloaded and its hash compared. The exit code is 1 where anything is not valid.\n\n"
    "What is wrong is said on stderr. It takes permission to list and get the objects of the buckets and to ask for "
    "their location; for a trail of an organization, to describe the organization.",
    arguments=(
        option("trail-arn", required=True, doc="The ARN of the trail."),
        option("start-time", required=True, doc="Check what was delivered since then (UTC): 2015-01-08T05:21:42Z."),
        option("end-time", doc="Check what was delivered until then (UTC). Until now, where nothing is said."),
        option("s3-bucket", doc="The bucket of the digest files. CloudTrail is asked for it where it is not given."),
        option("s3-prefix", doc="The prefix of the digest files in the bucket that is given."),
        option("account-id", doc="The account whose logs are checked: needed for a trail of an organization."),
        flag("verbose", doc="Name the valid files too."),
    ),
)
