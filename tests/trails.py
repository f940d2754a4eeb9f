"""A CloudTrail trail with logs and a chain of signed digests, and the services that tell of it."""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from tests.rsa_keys import key
from tests.servers import Answer, Received, answer

ACCOUNT, REGION, NAME, BUCKET = "111122223333", "us-east-1", "t", "bkt"
ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{NAME}"
FINGERPRINT = "f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1"
FIRST = datetime(2024, 5, 1, 0, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


@dataclass
class Thing:
    """An object in the bucket."""

    body: bytes
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass
class Trail:
    """The bucket, and what CloudTrail says. `objects` may be changed before it is served."""

    objects: dict[str, Thing] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=lambda: {FINGERPRINT: public_key()})
    page: int = 1000
    location: str = ""
    prefix: str | None = None
    organization: bool = False
    digests: list[str] = field(default_factory=list)  # keys, oldest first
    logs: list[str] = field(default_factory=list)

    def serve(self, request: Received) -> Answer:
        """Answer as CloudTrail, Organizations or S3."""
        target = request.headers.get("X-Amz-Target", "")
        if target:
            return answer(200, self._tell(target.rpartition(".")[2]))
        name = unquote(request.path.removeprefix(f"/{BUCKET}").lstrip("/"))
        if "location" in request.query:
            return answer(
                200,
                f'<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{self.location}</LocationConstraint>',
            )
        if not name:
            return answer(200, self._list(request.query))
        if name not in self.objects:
            return answer(
                404,
                f"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>{escape(name)}</Key></Error>",
            )
        thing = self.objects[name]
        return answer(200, thing.body, {f"x-amz-meta-{word}": value for word, value in thing.metadata.items()})

    def _tell(self, operation: str) -> Any:
        if operation == "ListPublicKeys":
            return {
                "PublicKeyList": [
                    {"Fingerprint": name, "Value": base64.b64encode(value).decode()}
                    for name, value in self.keys.items()
                ]
            }
        if operation == "DescribeOrganization":
            return {"Organization": {"Id": "o-1"}}
        trail: dict[str, Any] = {"TrailARN": ARN, "S3BucketName": BUCKET, "IsOrganizationTrail": self.organization}
        if self.prefix is not None:
            trail["S3KeyPrefix"] = self.prefix
        return {"trailList": [{"TrailARN": "arn:other"}, trail]}

    def _list(self, query: Mapping[str, list[str]]) -> str:
        prefix, marker = query.get("prefix", [""])[0], query.get("marker", [""])[0]
        names = [name for name in sorted(self.objects) if name.startswith(prefix) and name > marker]
        more = len(names) > self.page
        contents = "".join(f"<Contents><Key>{quote(name)}</Key></Contents>" for name in names[: self.page])
        return f"<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>{str(more).lower()}</IsTruncated>{contents}</ListBucketResult>"

    # Tampering.

    def change(self, name: str, how: Callable[[dict[str, Any]], None], *, sign: bool = False) -> None:
        """Change the text of a digest, and sign it again where that is wanted."""
        thing = self.objects[name]
        digest = json.loads(gzip.decompress(thing.body))
        how(digest)
        text = json.dumps(digest).encode()
        thing.body = gzip.compress(text, mtime=0)
        if sign:
            thing.metadata["signature"] = signature(digest, text)


def public_key(seed: int = 1, form: serialization.PublicFormat = serialization.PublicFormat.PKCS1) -> bytes:
    """A public key in DER."""
    return key(seed).public_key().public_bytes(serialization.Encoding.DER, form)


def sign(text: bytes, seed: int = 1) -> bytes:
    return key(seed).sign(text, padding.PKCS1v15(), hashes.SHA256())


def signature(digest: Mapping[str, Any], text: bytes, signer: Callable[[bytes], bytes] = sign) -> str:
    """What CloudTrail signs a digest with."""
    previous = digest["previousDigestSignature"]
    signed = "\n".join(
        (
            digest["digestEndTime"],
            f"{digest['digestS3Bucket']}/{digest['digestS3Object']}",
            hashlib.sha256(text).hexdigest(),
            "null" if previous is None else previous,
        )
    )
    return signer(signed.encode()).hex()


def stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def trail(
    hours: int = 3,
    *,
    gap: int | None = None,
    prefix: str | None = None,
    organization: str = "",
    backfill: bool = False,
    signer: Callable[[bytes], bytes] = sign,
) -> Trail:
    """A trail of some hours with two logs each; no digest knows the one before hour `gap`."""
    made = Trail(prefix=prefix, organization=bool(organization))
    previous: tuple[str, bytes, str] | None = None
    base = f"{prefix}/" if prefix else ""
    owner = f"AWSLogs/{organization}{ACCOUNT}"
    for hour in range(hours):
        start = FIRST + hour * HOUR
        end = start + HOUR
        logs = []
        for number in range(2):
            text = json.dumps({"Records": [{"eventID": f"{hour}-{number}"}]}).encode()
            name = f"{base}{owner}/CloudTrail/{REGION}/{start:%Y/%m/%d}/{ACCOUNT}_CloudTrail_{REGION}_{stamp(start)}_{number}.json.gz"
            made.objects[name] = Thing(gzip.compress(text, mtime=0))
            made.logs.append(name)
            logs.append(
                {
                    "s3Bucket": BUCKET,
                    "s3Object": name,
                    "hashValue": hashlib.sha256(text).hexdigest(),
                    "hashAlgorithm": "SHA-256",
                }
            )
        if hour == gap:
            previous = None
        suffix = "_backfill" if backfill else ""
        name = (
            f"{base}{owner}/CloudTrail-Digest/{REGION}/{end:%Y/%m/%d}/"
            f"{ACCOUNT}_CloudTrail-Digest_{REGION}_{NAME}_{REGION}_{stamp(end)}{suffix}.json.gz"
        )
        digest = {
            "awsAccountId": ACCOUNT,
            "digestStartTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "digestEndTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
            "digestS3Bucket": BUCKET,
            "digestS3Object": name,
            "digestPublicKeyFingerprint": FINGERPRINT,
            "digestSignatureAlgorithm": "SHA256withRSA",
            "previousDigestS3Bucket": BUCKET if previous else None,
            "previousDigestS3Object": previous[0] if previous else None,
            "previousDigestHashValue": hashlib.sha256(previous[1]).hexdigest() if previous else None,
            "previousDigestHashAlgorithm": "SHA-256" if previous else None,
            "previousDigestSignature": previous[2] if previous else None,
            "logFiles": logs,
        }
        text = json.dumps(digest).encode()
        proof = signature(digest, text, signer)
        metadata = {"signature": proof, "signature-algorithm": "SHA256withRSA"}
        if backfill:
            metadata["backfill-generation-timestamp"] = f"{end:%Y-%m-%dT%H:%M:%SZ}"
        made.objects[name] = Thing(gzip.compress(text, mtime=0), metadata)
        made.digests.append(name)
        previous = (name, text, proof)
    return made
