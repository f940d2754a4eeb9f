"""`ls`: buckets, folders and objects, a line each, written page by page."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TextIO

from awsmini.commandline.invocation import Invocation
from awsmini.model.shapes import ServiceModel
from awsmini.services.s3 import request_params, wildcards
from awsmini.services.s3.job import number
from awsmini.services.s3.json_lines import line as json_line
from awsmini.services.s3.json_lines import listed_line
from awsmini.services.s3.paths import SCHEME, bucket_and_key
from awsmini.services.s3.places import uri
from awsmini.services.s3.printing import write
from awsmini.services.s3.sizes import readable
from awsmini.transfer.engine import Engine
from awsmini.transfer.fallback import iso
from awsmini.transfer.listing_source import Times
from awsmini.transfer.records import Page

Values = Mapping[str, Any]


def ls(invocation: Invocation, values: Values) -> int:
    """The exit code: 1 where a prefix has nothing."""
    page_size = number(values, "page_size")
    bucket, key = bucket_and_key(values.get("paths", ""))
    client = invocation.session.client_for(ServiceModel(invocation.models.lines("s3")))
    kind = JsonListing if values.get("json") else Listing
    listing: Listing = kind(invocation.app.stdout, readable if values.get("human_readable") else str, bucket)
    with Engine(client) as engine:
        if not bucket:
            listing.buckets(engine, values, page_size)
        else:
            pages = engine.list(
                bucket,
                key,
                delimiter=None if values.get("dir_op") else "/",
                page_size=page_size,
                params=request_params.payer(values),
            )
            for page in pages:
                listing.page(page, whole=bool(values.get("dir_op")))
            if listing.nothing and (split := wildcards.split(f"{SCHEME}{bucket}/{key}")) is not None:
                _by_pattern(listing, engine, bucket, key, split.pattern, values, invocation.app.stderr)
    if values.get("summarize"):
        listing.summary()
    return 1 if key and listing.nothing else 0


def _by_pattern(
    listing: "Listing", engine: Engine, bucket: str, key: str, pattern: str, values: Values, stderr: TextIO
) -> None:
    """What fits, by whole keys: nothing begins with the text of the pattern itself."""
    root = key.removesuffix(pattern)
    pages = engine.list(
        bucket,
        root + wildcards.beginning(pattern),
        page_size=number(values, "page_size"),
        params=request_params.payer(values),
    )
    for page in wildcards.fitting_pages(pages, root, pattern, recursive=bool(values.get("dir_op"))):
        listing.page(page, whole=True)
    if listing.nothing:
        stderr.write(f"ls failed: s3://{bucket}/{key} Nothing fits this pattern.\n")


class Listing:
    """Writes lines, and counts objects. `size` shows a size; `name` is the bucket's, where it is one."""

    def __init__(self, stdout: TextIO, size: Callable[[int], str], name: str = "") -> None:
        self.stdout, self.size, self.name = stdout, size, name
        self.moments = Moments()
        self.objects = self.bytes = 0
        self.nothing = True  # the first page was empty

    def buckets(self, engine: Engine, values: Values, page_size: int | None) -> None:
        params: dict[str, Any] = {} if page_size is None else {"MaxBuckets": page_size}
        for name, member in (("bucket_name_prefix", "Prefix"), ("bucket_region", "BucketRegion")):
            if values.get(name):
                params[member] = values[name]
        while True:
            output = engine.call("ListBuckets", params)
            for bucket in output.get("Buckets", ()):
                self.bucket(bucket["Name"], bucket["CreationDate"])
            if not output.get("ContinuationToken"):
                return
            params["ContinuationToken"] = output["ContinuationToken"]

    def bucket(self, name: str, created: datetime) -> None:
        write(self.stdout, f"{local_time(created.timestamp())} {name}\n")

    def page(self, page: Page, *, whole: bool) -> None:
        """Folders first, then objects, by whole keys or by what stands behind the last slash."""
        folders = [prefix if whole else f"{prefix.split('/')[-2]}/" for prefix in page.prefixes]
        lines = [f"                           PRE {folder}\n" for folder in folders]
        moment, size, total = self.moments.of, self.size, 0
        for key, modified, _etag, length, _storage_class in page.objects:
            name = key if whole else key.rpartition("/")[2]
            lines.append(f"{moment(modified)} {size(length):>10} {name}\n")
            total += length
        self.bytes += total
        self.objects += len(page.objects)
        if lines:
            self.nothing = False
            write(self.stdout, "".join(lines))

    def summary(self) -> None:
        self.stdout.write(f"\nTotal Objects: {self.objects}\n   Total Size: {self.size(self.bytes)}\n")


class JsonListing(Listing):
    """What `ls --json` prints. Sizes are bytes, and times as S3 has them."""

    def bucket(self, name: str, created: datetime) -> None:
        self._write([json_line("list", uri(name), created=iso(created))])

    def page(self, page: Page, *, whole: bool) -> None:
        """Folders have no facts."""
        lines = [json_line("list", uri(self.name, prefix)) for prefix in page.prefixes]
        lines += [listed_line(self.name, found) for found in page.objects]
        self.bytes += sum(found.size for found in page.objects)
        self.objects += len(page.objects)
        if lines:
            self.nothing = False
            self._write(lines)

    def summary(self) -> None:
        self._write(
            [json_line("summarize", uri(self.name) if self.name else "s3://", bytes=self.bytes, objects=self.objects)]
        )

    def _write(self, lines: list[str]) -> None:
        self.stdout.write("".join(f"{each}\n" for each in lines))


class Moments:
    """Times of listings as lines show them: in local time, cut to seconds.

    Objects of one hour are many. All minutes of an hour have one offset from UTC, so the hour is worked out once;
    where the offset is none of whole hours, the minute is.
    """

    def __init__(self) -> None:
        self._times = Times()
        self._key = ""  # the beginning of the times that are worked out
        self._cut = 13  # its length: the hour, or the minute
        self._shown = ""  # what is shown in its place, up to the next part

    def of(self, text: str) -> str:
        """`2026-01-31T09:08:07.000Z` in local time."""
        if text[: self._cut] != self._key:
            self._work_out(text)
        return self._shown + text[self._cut + 1 : 19]

    def _work_out(self, text: str) -> None:
        seconds = self._times.seconds(text)
        offset = time.localtime(seconds).tm_gmtoff
        self._cut = 13 if offset % 3600 == 0 else 16
        self._key = text[: self._cut]
        self._shown = local_time(seconds // 60 * 60)[: self._cut + 1]


def local_time(seconds: float) -> str:
    """`2026-01-31 09:08:07`."""
    at = time.localtime(seconds)
    return f"{at.tm_year}-{at.tm_mon:02d}-{at.tm_mday:02d} {at.tm_hour:02d}:{at.tm_min:02d}:{at.tm_sec:02d}"
