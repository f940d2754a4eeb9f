"""An S3 of our own for tests: buckets in memory, every request logged, faults on demand.

    with StandIn() as s3:
        s3.put("b", "d/x", b"hello", modified=datetime(2024, 1, 1, tzinfo=timezone.utc))
        s3.fail("PUT", "/b/x", status=503, code="SlowDown", times=1)
        ...                         # a client at s3.url
        s3.buckets["b"]["x"].body
        s3.log[0].method, s3.log[0].headers

It answers as S3 does where a command depends on it: listings in byte order of UTF-8 (or in another, to see who
relies on it), paging, delimiters, `encoding-type`, ranges and conditions, multipart uploads and copies, tags,
annotations, checksums that are checked and told again, `aws-chunked` bodies. Signatures are not checked.
"""

import base64
import hashlib
import re
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
NOW = datetime(2024, 6, 1, 12, 0, 0, tzinfo=timezone.utc)
KEPT = (  # headers of an upload that are told again
    "cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires",
    "x-amz-website-redirect-location", "x-amz-storage-class", "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-server-side-encryption-customer-key-md5",
)  # fmt: skip
PROPERTIES = KEPT[:6]  # what a directive copies, with the metadata
ACCESS = ("x-amz-acl", "x-amz-grant-read", "x-amz-grant-full-control", "x-amz-grant-read-acp", "x-amz-grant-write-acp")


def crc64nvme(data: bytes) -> int:
    """Slow, and good enough for the bodies of tests."""
    crc = 0xFFFFFFFFFFFFFFFF
    for byte in data:
        crc = _CRC64[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFFFFFFFFFF


def _crc_table(polynomial: int) -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ polynomial if value & 1 else value >> 1
        table.append(value)
    return table


_CRC64 = _crc_table(0x9A6C9329AC4BC9B5)
_CRC32C = _crc_table(0x82F63B78)
LARGE = 2_000_000  # bytes: from here on the slow sums are believed as they are told


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _CRC32C[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    "crc32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "crc32c": lambda data: crc32c(data).to_bytes(4, "big"),
    "crc64nvme": lambda data: crc64nvme(data).to_bytes(8, "big"),
    "sha1": lambda data: hashlib.sha1(data).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sha512": lambda data: hashlib.sha512(data).digest(),
    "md5": lambda data: hashlib.md5(data).digest(),
}


@dataclass
class Stored:
    """One object. `headers` are those of KEPT, `sums` the checksums by algorithm, in base64."""

    body: bytes
    modified: datetime
    etag: str
    headers: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, bytes] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)
    sum_type: str = "FULL_OBJECT"
    parts: list[bytes] = field(default_factory=list)
    restore: str | None = None

    def facts(self) -> dict[str, Any]:
        """What can be compared, as plain values."""
        facts = {
            "content": f"{len(self.body)} {hashlib.sha256(self.body).hexdigest()[:12]}",
            "headers": dict(sorted(self.headers.items())),
            "metadata": dict(sorted(self.metadata.items())),
            "tags": self.tags,
            "access": self.access,
            "annotations": {name: value.hex() for name, value in self.annotations.items()},
        }
        return {name: value for name, value in facts.items() if value}


@dataclass
class Upload:
    """A multipart upload under way."""

    bucket: str
    key: str
    headers: dict[str, str]
    parts: dict[int, tuple[bytes, str]] = field(default_factory=dict)
    ended: str | None = None  # completed, aborted
    begun: datetime = NOW


@dataclass(frozen=True)
class Logged:
    """One request as it came; `body` is what was sent, framing taken off."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    raw_query: str = ""

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}" + (f"?{self.raw_query}" if self.raw_query else "")


@dataclass
class Fault:
    """What goes wrong, for the first `times` requests that match."""

    method: str
    path: str  # a regular expression for path?query
    status: int = 0
    code: str = ""
    message: str = "injected"
    times: int = 1_000_000
    action: str = "error"  # error, drop, reset, cut (after `after` bytes of the body), stall, headers (changed)
    after: int = 0
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    skip: int = 0  # requests that match and are left alone first


class _Refused(Exception):
    def __init__(self, status: int, code: str, message: str = "", extra: str = "") -> None:
        self.status, self.code, self.message, self.extra = status, code, message, extra


@dataclass
class Answer:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class StandIn:
    """The server. A context manager; state may be changed while it runs."""

    def __init__(self, *, order: Callable[[str], Any] | None = None) -> None:
        self.buckets: dict[str, dict[str, Stored]] = {}
        self.created: dict[str, datetime] = {}
        self.regions: dict[str, str] = {}
        self.uploads: dict[str, Upload] = {}
        self.websites: dict[str, str] = {}
        self.old_versions: dict[str, list[tuple[str, bytes]]] = {}  # by bucket: keys and content
        self.bucket_bodies: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.log: list[Logged] = []
        self.now: Callable[[], datetime] = lambda: NOW
        self.order = order or (lambda key: key.encode("utf-8", "surrogateescape"))
        self.lock = threading.RLock()
        self.connections = 0
        self.sessions = 0
        self.session_seconds = 300.0
        self.chunked = False  # answers without a length
        self.closes = False  # each connection, after an answer that does not say so
        self.watch: Callable[[Logged, str], None] = lambda request, stage: None  # came, read, done, half, sent
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> "StandIn":
        outer = self

        class Handler(_Handler):
            stand_in = outer

        class Server(ThreadingHTTPServer):
            request_queue_size = 256
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that goes away is nothing to tell."""

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def bucket(self, *names: str) -> None:
        for name in names:
            self.buckets.setdefault(name, {})
            self.created.setdefault(name, NOW)

    def put(
        self,
        bucket: str,
        key: str,
        body: bytes = b"",
        *,
        modified: datetime | None = None,
        tags: Mapping[str, str] | None = None,
        metadata: Mapping[str, str] | None = None,
        sums: Mapping[str, str] | None = None,
        restore: str | None = None,
        annotations: Mapping[str, bytes] | None = None,
        **headers: str,
    ) -> Stored:
        """An object that is there from the start: `content_type="text/css"` and the like are its headers."""
        self.bucket(bucket)
        stored = Stored(
            body=body,
            modified=modified or self.now(),
            etag=hashlib.md5(body).hexdigest(),
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            tags=dict(tags or {}),
            metadata=dict(metadata or {}),
            sums=dict(sums or {}),
            restore=restore,
            annotations=dict(annotations or {}),
        )
        self.buckets[bucket][key] = stored
        return stored

    def fail(self, method: str, path: str, **how: Any) -> Fault:
        fault = Fault(method, path, **how)
        self.faults.append(fault)
        return fault

    def reset(self) -> None:
        """As new."""
        with self.lock:
            for table in (self.buckets, self.created, self.uploads, self.websites, self.regions, self.bucket_bodies,
                          self.old_versions):  # fmt: skip
                table.clear()
            self.faults.clear()
            self.log.clear()

    def lines(self) -> list[str]:
        return [request.line for request in self.log]

    def snapshot(self) -> dict[str, Any]:
        """All that is stored, as plain values that can be compared."""
        with self.lock:
            found = {
                f"{bucket}/{key}": stored.facts()
                for bucket, objects in self.buckets.items()
                for key, stored in objects.items()
            }
            return dict(
                sorted(
                    {
                        **found,
                        **{f"{bucket}/": {"website": self.websites.get(bucket)} for bucket in self.buckets},
                    }.items()
                )
            )

    def open_uploads(self) -> list[Upload]:
        return [upload for upload in self.uploads.values() if upload.ended is None]

    # answers

    def answer(self, request: Logged) -> Answer:
        bucket, _, key = request.path[1:].partition("/")
        bucket, key = unquote(bucket), unquote(key, errors="surrogateescape")
        if not bucket:
            return self._list_buckets(request)
        if not key:
            return self._bucket(request, bucket)
        return self._object(request, bucket, key)

    def _list_buckets(self, request: Logged) -> Answer:
        names = [name for name in sorted(self.buckets) if name.startswith(request.query.get("prefix", ""))]
        if region := request.query.get("bucket-region"):
            names = [name for name in names if self.regions.get(name, "us-east-1") == region]
        after = request.query.get("continuation-token", "")
        names = [name for name in names if name > after]
        size = int(request.query.get("max-buckets", 10_000))
        more = f"<ContinuationToken>{names[size - 1]}</ContinuationToken>" if len(names) > size else ""
        rows = "".join(
            f"<Bucket><Name>{name}</Name><CreationDate>{_iso(self.created[name])}</CreationDate></Bucket>"
            for name in names[:size]
        )
        return _xml(f"<ListAllMyBucketsResult {NAMESPACE}><Buckets>{rows}</Buckets>{more}</ListAllMyBucketsResult>")

    def _bucket(self, request: Logged, bucket: str) -> Answer:
        if request.method == "PUT" and not request.query:
            if bucket in self.buckets:
                raise _Refused(
                    409,
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.",
                )
            self.bucket(bucket)
            self.bucket_bodies[bucket] = request.body.decode()
            return Answer(headers={"location": f"/{bucket}"})
        if bucket not in self.buckets:
            raise _Refused(
                404, "NoSuchBucket", "The specified bucket does not exist", f"<BucketName>{bucket}</BucketName>"
            )
        objects = self.buckets[bucket]
        if request.method == "DELETE":
            if objects:
                raise _Refused(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
            del self.buckets[bucket]
            return Answer(204)
        if request.method == "PUT" and "website" in request.query:
            self.websites[bucket] = request.body.decode()
            return Answer()
        if request.method == "POST" and "delete" in request.query:
            return self._delete_objects(request, objects)
        if request.method == "HEAD":
            return Answer(headers={"x-amz-bucket-region": self.regions.get(bucket, "us-east-1")})
        if "location" in request.query:
            region = self.regions.get(bucket, "")
            return _xml(f"<LocationConstraint {NAMESPACE}>{region}</LocationConstraint>")
        if "session" in request.query:
            return self._create_session()
        if "uploads" in request.query:
            return self._list_uploads(request, bucket)
        if "versions" in request.query:
            return self._list_versions(request, bucket, objects)
        return self._list(request, bucket, objects)

    def _create_session(self) -> Answer:
        self.sessions += 1
        ends = datetime.now(timezone.utc) + timedelta(seconds=self.session_seconds)
        return _xml(
            f"<CreateSessionResult {NAMESPACE}><Credentials><SessionToken>session-{self.sessions}</SessionToken>"
            f"<SecretAccessKey>s</SecretAccessKey><AccessKeyId>SESSIONKEY</AccessKeyId><Expiration>{_iso(ends)}"
            "</Expiration></Credentials></CreateSessionResult>"
        )

    def _list_uploads(self, request: Logged, bucket: str) -> Answer:
        rows = "".join(
            f"<Upload><Key>{escape(upload.key)}</Key><UploadId>{name}</UploadId>"
            f"<Initiated>{_iso(upload.begun)}</Initiated></Upload>"
            for name, upload in self.uploads.items()
            if upload.ended is None and upload.bucket == bucket
            and upload.key.startswith(request.query.get("prefix", ""))
        )  # fmt: skip
        return _xml(f"<ListMultipartUploadsResult {NAMESPACE}>{rows}</ListMultipartUploadsResult>")

    def _list_parts(self, query: Mapping[str, str]) -> Answer:
        parts = self._upload(query).parts
        rows = "".join(f"<Part><PartNumber>{number}</PartNumber></Part>" for number in sorted(parts))
        return _xml(f"<ListPartsResult {NAMESPACE}>{rows}</ListPartsResult>")

    def _list_versions(self, request: Logged, bucket: str, objects: dict[str, Stored]) -> Answer:
        """The latest versions and the old ones, by key and version; a delete marker where the latest is gone."""
        query = request.query
        old = self.old_versions.get(bucket, [])
        found = [(key, f"v{at}", len(body)) for at, (key, body) in enumerate(old)]
        found += [(key, "w", len(stored.body)) for key, stored in objects.items()]
        found += [(key, "x", -1) for key in {key for key, _ in old} - set(objects)]
        after = (query.get("key-marker", ""), query.get("version-id-marker", "~"))
        wanted = sorted(each for each in found if each[0].startswith(query.get("prefix", "")) and each[:2] > after)
        size = int(query.get("max-keys", 1000))
        rows = "".join(
            f"<DeleteMarker><Key>{quote(key)}</Key><VersionId>{version}</VersionId></DeleteMarker>"
            if length < 0
            else f"<Version><Key>{quote(key)}</Key><VersionId>{version}</VersionId><Size>{length}</Size></Version>"
            for key, version, length in wanted[:size]
        )
        more = ""
        if len(wanted) > size:
            key, version, _ = wanted[size - 1]
            more = f"<NextKeyMarker>{quote(key)}</NextKeyMarker><NextVersionIdMarker>{version}</NextVersionIdMarker>"
        return _xml(
            f"<ListVersionsResult {NAMESPACE}><IsTruncated>{'true' if more else 'false'}</IsTruncated>"
            f"<EncodingType>url</EncodingType>{more}{rows}</ListVersionsResult>"
        )

    def _list(self, request: Logged, bucket: str, objects: dict[str, Stored]) -> Answer:
        query = request.query
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        size = min(int(query.get("max-keys", 1000)), 1000)
        after = query.get("continuation-token") or query.get("start-after") or ""
        encode = (
            (lambda text: quote(text, safe="/", errors="surrogateescape")) if query.get("encoding-type") else escape
        )
        rows: list[str] = []
        folders: list[str] = []
        more, last = False, ""
        for key in sorted(objects, key=self.order):
            if not key.startswith(prefix) or (after and self.order(key) <= self.order(after)):
                continue
            folder = ""
            if delimiter and delimiter in key[len(prefix) :]:
                folder = prefix + key[len(prefix) :].split(delimiter)[0] + delimiter
                if (folders and folders[-1] == folder) or after.startswith(folder):
                    last = key
                    continue
            if len(rows) + len(folders) >= size:
                more = size > 0
                break
            last = key
            if folder:
                folders.append(folder)
                continue
            stored = objects[key]
            kind = stored.headers.get("x-amz-storage-class", "STANDARD")
            rows.append(
                f"<Contents><Key>{encode(key)}</Key><LastModified>{_iso(stored.modified)}</LastModified>"
                f"<ETag>&quot;{stored.etag}&quot;</ETag><Size>{len(stored.body)}</Size>"
                f"<StorageClass>{kind}</StorageClass></Contents>"
            )
        token = f"<NextContinuationToken>{escape(last)}</NextContinuationToken>" if more else ""
        encoding = "<EncodingType>url</EncodingType>" if query.get("encoding-type") else ""
        common = "".join(f"<CommonPrefixes><Prefix>{encode(folder)}</Prefix></CommonPrefixes>" for folder in folders)
        return _xml(
            f"<ListBucketResult {NAMESPACE}><Name>{bucket}</Name><Prefix>{encode(prefix)}</Prefix>"
            f"<KeyCount>{len(rows)}</KeyCount><MaxKeys>{size}</MaxKeys>{encoding}"
            f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>{token}{''.join(rows)}{common}</ListBucketResult>"
        )

    def _delete_objects(self, request: Logged, objects: dict[str, Stored]) -> Answer:
        rows = ""
        quiet = b"<Quiet>true</Quiet>" in request.body
        for entry in ElementTree.fromstring(request.body).iter():
            if not entry.tag.endswith("Object"):
                continue
            key = next(child.text or "" for child in entry if child.tag.endswith("Key"))
            try:
                self._inject(Logged("DELETE", f"/{request.path.strip('/')}/{key}", {}, {}, b""))
            except _Refused as refused:
                rows += f"<Error><Key>{escape(key)}</Key><Code>{refused.code}</Code><Message>{refused.message}</Message></Error>"
                continue
            wanted = next((child.text or "" for child in entry if child.tag.endswith("ETag")), "").strip('"')
            if wanted and (key not in objects or wanted != objects[key].etag):
                code = "PreconditionFailed" if key in objects else "NoSuchKey"
                rows += f"<Error><Key>{escape(key)}</Key><Code>{code}</Code><Message>no</Message></Error>"
                continue
            objects.pop(key, None)
            if not quiet:
                rows += f"<Deleted><Key>{escape(key)}</Key></Deleted>"
        return _xml(f"<DeleteResult {NAMESPACE}>{rows}</DeleteResult>")

    def _object(self, request: Logged, bucket: str, key: str) -> Answer:
        if bucket not in self.buckets:
            raise _Refused(
                404, "NoSuchBucket", "The specified bucket does not exist", f"<BucketName>{bucket}</BucketName>"
            )
        method, query = request.method, request.query
        objects = self.buckets[bucket]
        if method == "POST" and "uploads" in query:
            return self._begin(request, bucket, key)
        if method == "PUT" and "partNumber" in query:
            return self._part(request)
        if method == "POST" and "uploadId" in query:
            return self._complete(request, bucket, key)
        if method == "GET" and "uploadId" in query:
            return self._list_parts(query)
        if method == "DELETE" and "uploadId" in query:
            self._upload(query).ended = "aborted"
            return Answer(204)
        if "tagging" in query:
            return self._tagging(request, self._find(objects, key))
        if "annotation" in query:
            return self._annotation(request, self._find(objects, key))
        if method == "PUT":
            return self._put(request, bucket, key)
        if method == "DELETE":
            wanted = request.headers.get("if-match", "").strip('"')
            if wanted and wanted != self._find(objects, key).etag:
                raise _Refused(
                    412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"
                )
            objects.pop(key, None)
            return Answer(204)
        return self._get(request, self._find(objects, key))

    def _find(self, objects: dict[str, Stored], key: str) -> Stored:
        if key not in objects:
            raise _Refused(404, "NoSuchKey", "The specified key does not exist.", f"<Key>{escape(key)}</Key>")
        return objects[key]

    def _upload(self, query: Mapping[str, str]) -> Upload:
        upload = self.uploads.get(query["uploadId"])
        if upload is None or upload.ended:
            raise _Refused(404, "NoSuchUpload", "The specified upload does not exist.")
        return upload

    def _begin(self, request: Logged, bucket: str, key: str) -> Answer:
        name = f"upload-{len(self.uploads) + 1}"
        self.uploads[name] = Upload(bucket, key, dict(request.headers), begun=datetime.now(timezone.utc))
        return _xml(
            f"<InitiateMultipartUploadResult {NAMESPACE}><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key>"
            f"<UploadId>{name}</UploadId></InitiateMultipartUploadResult>"
        )

    def _part(self, request: Logged) -> Answer:
        upload = self._upload(request.query)
        body = request.body
        copied = "x-amz-copy-source" in request.headers
        if copied:
            source = self._source(request)
            body = source.body
            if span := request.headers.get("x-amz-copy-source-range"):
                first, last = span.removeprefix("bytes=").split("-")
                body = body[int(first) : int(last) + 1]
        else:
            _check_sums(request.headers, body)
        etag = hashlib.md5(body).hexdigest()
        upload.parts[int(request.query["partNumber"])] = body, etag
        if copied:
            return _xml(f"<CopyPartResult {NAMESPACE}><ETag>&quot;{etag}&quot;</ETag></CopyPartResult>")
        return Answer(headers={"etag": f'"{etag}"', **_told_sums(request.headers)})

    def _complete(self, request: Logged, bucket: str, key: str) -> Answer:
        upload = self._upload(request.query)
        if request.headers.get("if-none-match") == "*" and key in self.buckets[bucket]:
            raise _Refused(
                412,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold",
                "<Condition>If-None-Match</Condition>",
            )
        names = [int(found) for found in re.findall(rb"<PartNumber>(\d+)</PartNumber>", request.body)]
        if not names or any(name not in upload.parts for name in names):
            raise _Refused(400, "InvalidPart", "One or more of the specified parts could not be found.")
        parts = [upload.parts[name] for name in names]
        body = b"".join(part for part, _ in parts)
        stored = self._made(upload.headers, body)
        digest = hashlib.md5(b"".join(bytes.fromhex(etag) for _, etag in parts)).hexdigest()
        stored.etag = f"{digest}-{len(parts)}"
        stored.parts = [part for part, _ in parts]
        stored.sums = {
            name.removeprefix("x-amz-checksum-"): value for name, value in _told_sums(request.headers).items()
        }
        self.buckets[bucket][key] = stored
        upload.ended = "completed"
        return _xml(
            f"<CompleteMultipartUploadResult {NAMESPACE}><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key>"
            f"<ETag>&quot;{stored.etag}&quot;</ETag></CompleteMultipartUploadResult>"
        )

    def _made(self, headers: Mapping[str, str], body: bytes) -> Stored:
        """An object of the headers that an upload began with."""
        kept = {name: headers[name] for name in KEPT if name in headers}
        if encoding := kept.get("content-encoding"):
            kept["content-encoding"] = ",".join(part for part in encoding.split(",") if part != "aws-chunked")
            if not kept["content-encoding"]:
                del kept["content-encoding"]
        return Stored(
            body=body,
            modified=self.now(),
            etag=hashlib.md5(body).hexdigest(),
            headers=kept,
            metadata={name[11:]: value for name, value in headers.items() if name.startswith("x-amz-meta-")},
            tags=dict(parse_qsl(headers.get("x-amz-tagging", ""), keep_blank_values=True)),
            access={name: headers[name] for name in ACCESS if name in headers},
        )

    def _put(self, request: Logged, bucket: str, key: str) -> Answer:
        headers = request.headers
        if headers.get("if-none-match") == "*" and key in self.buckets[bucket]:
            raise _Refused(
                412,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold",
                "<Condition>If-None-Match</Condition>",
            )
        if "x-amz-copy-source" in headers:
            return self._copy(request, bucket, key)
        _check_sums(headers, request.body)
        stored = self._made(headers, request.body)
        stored.sums = {name.removeprefix("x-amz-checksum-"): value for name, value in _told_sums(headers).items()}
        self.buckets[bucket][key] = stored
        return Answer(headers={"etag": f'"{stored.etag}"', **_told_sums(headers)})

    def _source(self, request: Logged) -> Stored:
        name = unquote(request.headers["x-amz-copy-source"].lstrip("/"), errors="surrogateescape").split("?versionId=")[
            0
        ]
        bucket, _, key = name.partition("/")
        stored = self._find(self.buckets.get(bucket, {}), key)
        wanted = request.headers.get("x-amz-copy-source-if-match")
        if wanted and wanted.strip('"') != stored.etag:
            raise _Refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        return stored

    def _copy(self, request: Logged, bucket: str, key: str) -> Answer:
        headers = request.headers
        source = self._source(request)
        stored = self._made(headers, source.body)
        if headers.get("x-amz-metadata-directive", "COPY") == "COPY":
            stored.headers = {name: value for name, value in stored.headers.items() if name not in PROPERTIES}
            stored.headers |= {name: source.headers[name] for name in PROPERTIES if name in source.headers}
            stored.metadata = dict(source.metadata)
        if headers.get("x-amz-tagging-directive", "COPY") == "COPY":
            stored.tags = dict(source.tags)
        if headers.get("x-amz-object-annotation-directive", "COPY") == "COPY":
            stored.annotations = dict(source.annotations)
        stored.sums = dict(source.sums)
        self.buckets[bucket][key] = stored
        return _xml(
            f"<CopyObjectResult {NAMESPACE}><LastModified>{_iso(stored.modified)}</LastModified>"
            f"<ETag>&quot;{stored.etag}&quot;</ETag></CopyObjectResult>"
        )

    def _tagging(self, request: Logged, stored: Stored) -> Answer:
        if request.method == "PUT":
            root = ElementTree.fromstring(request.body)
            texts = [child.text or "" for child in root.iter() if child.tag.endswith(("}Key", "}Value"))]
            stored.tags = dict(zip(texts[::2], texts[1::2], strict=True))
            return Answer()
        rows = "".join(
            f"<Tag><Key>{escape(name)}</Key><Value>{escape(value)}</Value></Tag>" for name, value in stored.tags.items()
        )
        return _xml(f"<Tagging {NAMESPACE}><TagSet>{rows}</TagSet></Tagging>")

    def _annotation(self, request: Logged, stored: Stored) -> Answer:
        name = request.query.get("annotationName") or request.headers.get("x-amz-annotation-name", "")
        if request.method == "PUT":
            stored.annotations[name] = request.body
            return _xml(
                f"<PutObjectAnnotationResult {NAMESPACE}><AnnotationName>{escape(name)}</AnnotationName>"
                "</PutObjectAnnotationResult>"
            )
        if name:
            if name not in stored.annotations:
                raise _Refused(404, "NoSuchAnnotation", "The specified annotation does not exist.")
            return Answer(headers={"content-type": "application/octet-stream"}, body=stored.annotations[name])
        rows = "".join(
            f"<Annotation><AnnotationName>{escape(each)}</AnnotationName><Size>{len(value)}</Size></Annotation>"
            for each, value in stored.annotations.items()
        )
        return _xml(
            f"<ListObjectAnnotationsResult {NAMESPACE}><IsTruncated>false</IsTruncated>"
            f"<Annotations>{rows}</Annotations></ListObjectAnnotationsResult>"
        )

    def _get(self, request: Logged, stored: Stored) -> Answer:
        headers = {
            "etag": f'"{stored.etag}"',
            "last-modified": format_datetime(stored.modified.replace(microsecond=0), usegmt=True),
            "accept-ranges": "bytes",
            **stored.headers,
            **{f"x-amz-meta-{name}": value for name, value in stored.metadata.items()},
        }
        headers.setdefault("content-type", "binary/octet-stream")
        if stored.restore:
            headers["x-amz-restore"] = stored.restore
        if stored.tags:
            headers["x-amz-tagging-count"] = str(len(stored.tags))
        wanted = request.headers.get("if-match")
        if wanted and wanted.strip('"') != stored.etag:
            raise _Refused(
                412,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold",
                "<Condition>If-Match</Condition>",
            )
        restored = 'ongoing-request="false"' in (stored.restore or "")
        if (
            request.method == "GET"
            and stored.headers.get("x-amz-storage-class") in ("GLACIER", "DEEP_ARCHIVE")
            and not restored
        ):
            raise _Refused(403, "InvalidObjectState", "The operation is not valid for the object's storage class")
        status, body = 200, stored.body
        if number := request.query.get("partNumber"):
            parts = stored.parts or [stored.body]
            start = sum(map(len, parts[: int(number) - 1]))
            body, status = parts[int(number) - 1], 206
            headers["content-range"] = f"bytes {start}-{start + len(body) - 1}/{len(stored.body)}"
            headers["x-amz-mp-parts-count"] = str(len(parts))
        elif span := request.headers.get("range"):
            first, _, last = span.removeprefix("bytes=").partition("-")
            start = int(first) if first else max(0, len(body) - int(last))
            stop = int(last) + 1 if last and first else len(body)
            if start >= len(body):
                raise _Refused(416, "InvalidRange", "The requested range is not satisfiable")
            body = body[start : min(stop, len(body))]
            status = 206
            headers["content-range"] = f"bytes {start}-{start + len(body) - 1}/{len(stored.body)}"
        if request.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED" and status == 200 and stored.sums:
            headers |= {f"x-amz-checksum-{name}": value for name, value in stored.sums.items()}
            headers["x-amz-checksum-type"] = stored.sum_type
        return Answer(status, headers, body)

    # faults

    def _inject(self, request: Logged) -> Fault | None:
        """The fault that the request meets; errors are raised."""
        for fault in self.faults:
            if (
                fault.times > 0
                and fault.method in (request.method, "*")
                and re.search(fault.path, request.line.split(" ", 1)[1])
            ):
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.action == "error" and fault.status >= 300:
                    raise _Refused(fault.status, fault.code, fault.message)
                return fault
        return None


def _iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _xml(text: str) -> Answer:
    return Answer(
        headers={"content-type": "application/xml"},
        body=f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode("utf-8", "surrogateescape"),
    )


def _told_sums(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in headers.items()
        if name.startswith("x-amz-checksum-") and name.removeprefix("x-amz-checksum-") in CHECKSUMS
    }


def _check_sums(headers: Mapping[str, str], body: bytes) -> None:
    for name, value in _told_sums(headers).items():
        algorithm = name.removeprefix("x-amz-checksum-")
        if len(body) > LARGE and algorithm in ("crc64nvme", "crc32c"):
            continue
        if base64.b64encode(CHECKSUMS[algorithm](body)).decode() != value:
            raise _Refused(
                400, "BadDigest", f"The {algorithm.upper()} you specified did not match the calculated checksum."
            )
    if (value := headers.get("content-md5")) and base64.b64encode(hashlib.md5(body).digest()).decode() != value:
        raise _Refused(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def log_message(self, *args: Any) -> None:
        """Nothing: the requests are in the log of the stand-in."""

    def handle_expect_100(self) -> bool:
        go_on = super().handle_expect_100()
        self.wfile.flush()
        return go_on

    def _any(self) -> None:
        headers = {
            name.lower(): value.encode("latin-1").decode("utf-8", "surrogateescape")
            for name, value in self.headers.items()
        }
        asked = self.path if self.path.startswith("/") else f"/{self.path.split('/', 3)[3]}"  # as of a proxy
        path, _, raw_query = asked.partition("?")
        query = dict(_pairs(raw_query))
        watch = self.stand_in.watch
        watch(Logged(self.command, path, query, headers, b"", raw_query), "came")
        body, trailers = self._read(headers)
        request = Logged(self.command, path, query, {**headers, **trailers}, body, raw_query)
        watch(request, "read")
        with self.stand_in.lock:
            self.stand_in.log.append(request)
            fault = None
            try:
                fault = self.stand_in._inject(request)
                answer = self.stand_in.answer(request) if fault is None or fault.action != "drop" else Answer()
                if fault is not None and fault.action == "error":
                    answer = _error(fault.code, fault.message, fault.status or 200)
            except _Refused as refused:
                answer = _error(refused.code, refused.message, refused.status, refused.extra)
        watch(request, "done")
        self._send(answer, fault, lambda: watch(request, "half"))
        watch(request, "sent")

    def _read(self, headers: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = b"".join(self._chunks())
        else:
            wanted = int(headers.get("content-length", 0))
            body = self.rfile.read(wanted)
            if len(body) < wanted:
                raise ConnectionError("the client went away in the middle of its request")
        if "x-amz-decoded-content-length" in headers:
            return _unchunked(body)
        return body, {}

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline() not in (b"\r\n", b"\n", b""):
            pass

    def _send(self, answer: Answer, fault: Fault | None, at_half: Callable[[], None]) -> None:
        if fault is not None and fault.action in ("drop", "reset"):
            if fault.action == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        if fault is not None and fault.seconds:
            time.sleep(fault.seconds)
        self.send_response(answer.status)
        body = answer.body
        for name, value in {**answer.headers, **(fault.headers if fault is not None else {})}.items():
            self.send_header(name, value.encode("utf-8", "surrogateescape").decode("latin-1"))
        self.send_header("x-amz-request-id", "REQUEST")
        chunked = self.stand_in.chunked and body and self.command != "HEAD"
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
            half = len(body) // 2
            body = b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:]) if part)
            body += b"0\r\nX-Trailer: 1\r\n\r\n"
        elif answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.close_connection = self.close_connection or self.stand_in.closes
        if self.command == "HEAD":
            return
        if fault is not None and fault.action in ("cut", "stall"):
            self.wfile.write(body[: fault.after])
            self.wfile.flush()
            self.close_connection = True
            return
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        at_half()
        self.wfile.write(body[len(body) // 2 :])


for _method in ("GET", "PUT", "POST", "DELETE", "HEAD"):
    setattr(_Handler, f"do_{_method}", _Handler._any)


def _pairs(raw_query: str) -> Iterator[tuple[str, str]]:
    for part in raw_query.split("&") if raw_query else ():
        name, _, value = part.partition("=")
        yield unquote(name), unquote(value, errors="surrogateescape")


def _error(code: str, message: str, status: int, extra: str = "") -> Answer:
    answer = _xml(
        f"<Error><Code>{code}</Code><Message>{escape(message)}</Message>{extra}<RequestId>REQUEST</RequestId></Error>"
    )
    answer.status = status
    return answer


def _unchunked(body: bytes) -> tuple[bytes, dict[str, str]]:
    """The content of an `aws-chunked` body, and what follows it."""
    content, at = [], 0
    while True:
        end = body.index(b"\r\n", at)
        size = int(body[at:end].split(b";")[0], 16)
        at = end + 2
        if size == 0:
            break
        content.append(body[at : at + size])
        at += size + 2
    trailers = {}
    for line in body[at:].split(b"\r\n"):
        if b":" in line:
            name, _, value = line.decode("latin-1").partition(":")
            trailers[name.strip().lower()] = value.strip()
    return b"".join(content), trailers


def seaweed_order(key: str) -> Any:
    """The order of a server that walks folders: `a/b` comes before `a-b`."""
    return [part.encode("utf-8", "surrogateescape") for part in key.split("/")]


def at(text: str) -> datetime:
    """`2024-01-02 03:04:05`, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)
