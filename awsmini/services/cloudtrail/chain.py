"""The way along a chain of digests, from the newest to the oldest."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from awsmini.client import Client
from awsmini.errors import AwsminiError, ClientError
from awsmini.services.cloudtrail.buckets import Buckets
from awsmini.services.cloudtrail.dates import in_key, read, shown
from awsmini.services.cloudtrail.digests import (
    Digest,
    DigestError,
    Place,
    Trail,
    check_link,
    check_signature,
    date_in,
    is_backfill,
    read_digest,
)
from awsmini.services.cloudtrail.public_keys import listed

HOUR = timedelta(hours=1)


class NoKeysError(AwsminiError):
    """CloudTrail has no keys of that time."""

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(f"No public keys found between {shown(start)} and {shown(end)}")


class Report(Protocol):
    """Who is told of what is wrong on the way."""

    def gap(self, after: datetime, before: datetime, *, backfill: bool) -> None:
        """Nothing was delivered between two digests."""

    def missing(self, place: Place, *, backfill: bool) -> None:
        """A digest is not there."""

    def invalid(self, message: str, *, backfill: bool) -> None:
        """A digest is not to be believed."""


class Range(NamedTuple):
    """From when to when."""

    start: datetime
    end: datetime


class Chain:
    """The digests of a trail in a range."""

    def __init__(self, trail: Trail, buckets: Buckets, cloudtrail: Client, when: Range, report: Report) -> None:
        self._trail = trail
        self._buckets = buckets
        self._cloudtrail = cloudtrail
        self._when = when
        self._report = report
        self._keys: dict[str, object] = {}
        self._known: dict[str, tuple[list[str], list[str]]] = {}

    def digests(self, bucket: str, *, backfill: bool) -> Iterator[Digest]:
        """Each digest that is to be believed, the newest first. The report is told of the others."""
        waiting = self._listed(bucket, backfill)
        self._keys = {}
        if not backfill:
            self._load_keys(self._when.start, self._when.end + 2 * HOUR)
        place = self._before(waiting, bucket, None)
        begin = self._when.end if place is None else read(date_in(place.key))
        newer: Digest | None = None
        while place is not None and self._when.start <= begin:
            try:
                digest = self._load(place, newer, backfill=backfill)
                begin = read(str(digest.fields["digestStartTime"]))
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") != "NoSuchKey":
                    raise
                self._report.missing(place, backfill=backfill)
                place, newer = self._before(waiting, place.bucket, place), None
                continue
            except DigestError as error:
                self._report.invalid(str(error), backfill=backfill)
                place, newer = self._before(waiting, place.bucket, place), None
                continue
            yield digest
            if digest.previous is not None:
                if digest.previous.bucket != place.bucket:
                    waiting = self._listed(digest.previous.bucket, backfill)
                place, newer = digest.previous, digest
                continue
            place, newer = self._before(waiting, place.bucket, place), None
            if place is not None:
                self._report.gap(read(date_in(place.key)), begin, backfill=backfill)

    def _load(self, place: Place, newer: Digest | None, *, backfill: bool) -> Digest:
        body, metadata = self._buckets.get(place.bucket, place.key)
        digest = read_digest(place, body.read(), metadata)
        fingerprint = digest.fields["digestPublicKeyFingerprint"]
        if fingerprint not in self._keys and backfill:
            made = read(metadata["backfill-generation-timestamp"])
            self._load_keys(made - HOUR, made + HOUR)
        if fingerprint not in self._keys:
            raise DigestError(
                place,
                f"public key not found in region {self._trail.home_region} for fingerprint {fingerprint}",
            )
        check_signature(digest, self._keys[fingerprint])
        if newer is not None:
            check_link(digest, newer)
        return digest

    def _load_keys(self, start: datetime, end: datetime) -> None:
        found = listed(self._cloudtrail, start, end)
        if not found:
            raise NoKeysError(start, end)
        self._keys |= found

    def _listed(self, bucket: str, backfill: bool) -> list[str]:
        """The keys of the digests in the range, the oldest first; those made afterwards apart."""
        if bucket not in self._known:
            first, last = in_key(self._when.start), in_key(self._when.end + HOUR)
            keys = self._buckets.keys(bucket, self._trail.folder(), self._trail.marker(self._when.start))
            chosen = [key for key in keys if self._trail.is_digest(key) and first <= date_in(key) <= last]
            plain = [key for key in chosen if not is_backfill(key)]
            self._known[bucket] = plain, [key for key in chosen if is_backfill(key)]
        return list(self._known[bucket][backfill])

    def _before(self, waiting: list[str], bucket: str, place: Place | None) -> Place | None:
        """The last digest that waits, or the last one before a digest; it and what is newer wait no longer."""
        before = None if place is None else read(date_in(place.key))
        while waiting:
            key = waiting.pop()
            if before is None or read(date_in(key)) < before:
                return Place(bucket, key)
        return None
