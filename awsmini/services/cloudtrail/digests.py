"""Digest files: where they are, what is in one, and whether it is CloudTrail's. No network here.

A digest names the log files of an hour with their hashes, and the digest before it with its hash and signature. It
is signed, and its signature stands in the metadata of the object. So who trusts the newest digest and CloudTrail's
key can tell of each older file whether it is what CloudTrail delivered.
"""

import json
import re
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError
from awsmini.services.cloudtrail.dates import in_key
from awsmini.services.cloudtrail.public_keys import ALGORITHM, HASH, load, names_other_algorithm, signs
from awsmini.services.shared.rsa import PublicKeyError

BACKFILL = "_backfill.json.gz"
REQUIRED = (
    "digestPublicKeyFingerprint", "digestS3Bucket", "digestS3Object", "previousDigestSignature", "digestEndTime",
    "digestStartTime",
)  # fmt: skip


class Place(NamedTuple):
    """An object in a bucket."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


class DigestError(AwsminiError):
    """A digest is not what CloudTrail delivered; the message is the line that says so."""

    def __init__(self, place: Place, why: str) -> None:
        super().__init__(f"Digest file\t{place}\tINVALID: {why}")


class Digest(NamedTuple):
    """A digest file, read but not believed yet."""

    place: Place
    fields: Mapping[str, Any]
    text: bytes  # what is signed
    metadata: Mapping[str, str]

    @property
    def previous(self) -> Place | None:
        """The digest before it."""
        bucket, key = self.fields.get("previousDigestS3Bucket"), self.fields.get("previousDigestS3Object")
        return None if bucket is None or key is None else Place(bucket, key)

    @property
    def logs(self) -> list[Any]:
        return self.fields.get("logFiles") or []


class Trail(NamedTuple):
    """What the keys of a trail's digests are made of."""

    name: str
    home_region: str
    source_region: str
    account_id: str
    organization_id: str | None
    prefix: str | None

    def folder(self) -> str:
        """The beginning that the keys of all its digests have."""
        organization = f"{self.organization_id}/" if self.organization_id else ""
        prefix = f"{self.prefix}/" if self.prefix else ""
        return f"{prefix}AWSLogs/{organization}{self.account_id}/CloudTrail-Digest/{self.source_region}"

    def marker(self, start: datetime) -> str:
        """A key before those of all digests since `start`."""
        before = start - timedelta(minutes=1)
        return f"{self.folder()}/{before:%Y/%m/%d}/{self._base()}_{in_key(before)}.json.gz"

    def is_digest(self, key: str) -> bool:
        """Whether a key is that of a digest of this trail."""
        pattern = rf"{re.escape(self.folder())}/\d+/\d+/\d+/{re.escape(self._base())}_.+\.json\.gz"
        return re.fullmatch(pattern, key) is not None

    def _base(self) -> str:
        return f"{self.account_id}_CloudTrail-Digest_{self.source_region}_{self.name}_{self.home_region}"


def is_backfill(key: str) -> bool:
    """Whether a digest was made afterwards, for logs of before."""
    return key.endswith(BACKFILL)


def date_in(key: str) -> str:
    """The date at the end of a digest's key, as it stands there."""
    return key[-33:-17] if is_backfill(key) else key[-24:-8]


def read_digest(place: Place, body: bytes, metadata: Mapping[str, str]) -> Digest:
    """The digest in an object. Raises DigestError for what is none."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        text = inflater.decompress(body)
        fields = json.loads(text.decode())
    except (ValueError, zlib.error):
        raise DigestError(place, "invalid format") from None
    if not inflater.eof or inflater.unused_data or not isinstance(fields, dict):
        raise DigestError(place, "invalid format")
    if "signature" not in metadata or "signature-algorithm" not in metadata:
        raise DigestError(place, "signature verification failed")
    if is_backfill(place.key) and "backfill-generation-timestamp" not in metadata:
        raise DigestError(place, "invalid format")
    if any(name not in fields for name in REQUIRED):
        raise DigestError(place, "invalid format")
    if fields["digestS3Bucket"] != place.bucket or fields["digestS3Object"] != place.key:
        raise DigestError(place, "has been moved from its original location")
    return Digest(place, fields, text, metadata)


def check_signature(digest: Digest, key: Any) -> None:
    """Raise DigestError where a digest is not signed by that key (in base64), in the one way that is believed."""
    fields, metadata = digest.fields, digest.metadata
    try:
        public_key = load(key)
    except PublicKeyError:
        fingerprint = fields["digestPublicKeyFingerprint"]
        raise DigestError(digest.place, f"Unable to load PKCS #1 key with fingerprint {fingerprint}") from None
    if metadata["signature-algorithm"] != ALGORITHM:
        raise DigestError(digest.place, f"signature algorithm is not {ALGORITHM}")
    expected = {"digestSignatureAlgorithm": ALGORITHM, "previousDigestHashAlgorithm": HASH}
    if names_other_algorithm(fields, expected):
        raise DigestError(digest.place, "names an algorithm that is not known")
    try:
        signed = signs(public_key, metadata["signature"], to_sign(digest))
    except ValueError as error:
        raise DigestError(digest.place, str(error)) from None
    if not signed:
        raise DigestError(digest.place, "signature verification failed")


def to_sign(digest: Digest) -> bytes:
    """What CloudTrail signs: when, where, what, and the signature of the digest before."""
    before = digest.fields["previousDigestSignature"]
    lines = (
        digest.fields["digestEndTime"],
        f"{digest.place.bucket}/{digest.place.key}",
        sha256(digest.text).hexdigest(),
        "null" if before is None else before,
    )
    return "\n".join(map(str, lines)).encode()


def check_link(digest: Digest, newer: Digest) -> None:
    """Raise DigestError where a digest is not the one that the next newer digest, which is believed, has named."""
    if digest.metadata["signature"] != newer.fields["previousDigestSignature"]:
        raise DigestError(digest.place, "signature is not the one that the next digest file names")
    named = newer.fields.get("previousDigestHashValue")
    if named is not None and sha256(digest.text).hexdigest() != str(named).lower():
        raise DigestError(digest.place, "hash value doesn't match the one that the next digest file names")
