"""What goes into the engine and what comes out: tasks, results, pages of a listing, options. Plain values.

Whoever makes tasks gives an iterable that may be endless: the engine takes a few hundred at a time. `params` are
members of the API's operations by their own names (`ContentType`, `Metadata`, `SSECustomerKey`, `RequestPayer` …);
one mapping is best shared by many tasks, as the engine settles it once. Each request takes those that its operation
knows: `IfNoneMatch` goes with PutObject, or with CompleteMultipartUpload where the object is sent in parts.
"""

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, NamedTuple

from awsmini.records import NOTHING

MB = 1024 * 1024


class Upload(NamedTuple):
    """A file, or a stream that is read once and in order, to an object."""

    source: str | BinaryIO
    bucket: str
    key: str
    size: int | None = None  # what the plan was made with; a stream's is the expected size, which may be wrong
    params: Mapping[str, Any] = NOTHING  # shared by many
    varying: Mapping[str, str] = NOTHING  # this object's own: texts that go into headers (ContentType, Metadata.mtime)
    move: bool = False  # the file is deleted when the object is there
    tag: Any = None  # the caller's own


class Download(NamedTuple):
    """An object to a file, or to a stream that is written once and in order."""

    bucket: str
    key: str
    target: str | BinaryIO
    size: int | None = None  # from a listing or HEAD; None: the answer tells, and the object comes in one piece
    etag: str | None = None  # without its quotes
    last_modified: float | None = None  # seconds since 1970; None: the answer's Last-Modified
    checksums: Mapping[str, str] = NOTHING  # of the whole object, as a HEAD states them: {"crc64nvme": "…"}
    params: Mapping[str, Any] = NOTHING
    move: bool = False  # the object is deleted when the file is there
    tag: Any = None
    exact: bool = False  # only the object of that ETag; another is a ChangedObjectError


class Copy(NamedTuple):
    """An object to another one, by the service itself."""

    source_bucket: str
    source_key: str
    bucket: str
    key: str
    size: int = 0  # of the source
    etag: str | None = None  # of the source, without its quotes
    params: Mapping[str, Any] = NOTHING  # of CopyObject and, as far as they know them, of the requests for parts
    # Members for CreateMultipartUpload (the properties that CopyObject would take over by itself). Called on a
    # thread of its own where the object is copied in parts, so it may send requests.
    multipart_params: Callable[[], Mapping[str, Any]] | None = None
    # Called when the object is there and before `move` deletes the source; what it raises fails the copy.
    finish: Callable[[], None] | None = None
    move: bool = False
    tag: Any = None
    source_version: str | None = None
    exact: bool = False  # only a source of that ETag


class Delete(NamedTuple):
    """An object, or a version of one, that shall go."""

    bucket: str
    key: str
    version_id: str | None = None
    params: Mapping[str, Any] = NOTHING
    tag: Any = None
    etag: str | None = None  # only the object of that ETag, without its quotes


Task = Upload | Download | Copy | Delete


class Result(NamedTuple):
    """What became of a task. Errors are the core's own: ClientError, SendError, OSError, ChecksumError …"""

    task: Task
    error: Exception | None = None  # None: done
    size: int = 0  # bytes moved
    seconds: float = 0.0  # from the first request to the end
    etag: str | None = None  # without its quotes
    checksum: str | None = None  # what vouches for the content: `crc32:…`, in base64
    version_id: str | None = None


class Listed(NamedTuple):
    """One object of a listing."""

    key: str
    last_modified: str  # as it was sent: 2026-01-31T09:08:07.000Z
    etag: str  # without its quotes
    size: int
    storage_class: str = ""


class Page(NamedTuple):
    """One answer to ListObjectsV2."""

    objects: list[Listed]
    prefixes: list[str]  # common prefixes, where a delimiter was asked for


Progress = Callable[[Task, int], None]


class TransferOptions(NamedTuple):
    """The settings of the section `s3`, read."""

    multipart_threshold: int = 8 * MB
    multipart_chunksize: int = 8 * MB
    max_concurrent_requests: int | None = None  # None: not set, so as many as the latency asks for
    max_bandwidth: int | None = None  # bytes a second
    modified_metadata: str | None = (
        None  # the header that holds the time of the file that an object was; it counts first
    )
    batch_deletes: bool = True  # Delete tasks go by the thousand (DeleteObjects); off: one request each
    # Told, in the thread that runs the engine, of bytes moved; a negative number takes back what is moved again.
    progress: Progress | None = None


DEFAULTS = TransferOptions()
