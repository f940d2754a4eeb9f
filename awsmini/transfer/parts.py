"""How an object is cut into parts, and what uploads in parts have in common."""

from base64 import b64encode
from collections.abc import Mapping
from time import monotonic
from typing import Any

from awsmini.errors import ClientError, ResponseParseError, SendError
from awsmini.records import Output
from awsmini.send.checksums import default_algorithm
from awsmini.transfer.core import Core, known_members
from awsmini.transfer.journal import Begun
from awsmini.transfer.records import MB, Copy, Upload
from awsmini.transfer.shared import Shared, bare
from awsmini.transfer.sums import POLYNOMIALS, combine, crc_of, decoded
from awsmini.transfer.workers import LargeTransfer

PARTS_MOST = 10_000
PART_LEAST = 5 * MB
PART_MOST = 5 * 1024 * MB
# Members that say something of one body, and so of no part.
OF_WHOLE = ("Body", "ContentMD5", "ContentLength")


def part_size(chunksize: int, size: int | None) -> int:
    """Bytes of a part: as configured within the service's limits, doubled until there are few enough parts."""
    found = min(max(chunksize, PART_LEAST), PART_MOST)
    while size is not None and -(-size // found) > PARTS_MOST and found < PART_MOST:
        found = min(found * 2, PART_MOST)
    return found


def place_of(core: Core) -> str:
    """Whose uploads those of this client are."""
    endpoints = core.client._context.endpoints
    return f"{endpoints.endpoint_url or ''}|{endpoints.region or ''}"


class InParts(LargeTransfer):
    """CreateMultipartUpload, then parts, then CompleteMultipartUpload, or AbortMultipartUpload."""

    def __init__(self, shared: Shared, task: Upload | Copy) -> None:
        super().__init__()
        self.task = task
        self.shared = shared
        self.started = monotonic()
        self.algorithm: str | None = None  # of the parts' checksums, where they have any
        self.parts: dict[int, dict[str, Any]] = {}
        self.crcs: dict[int, tuple[int, int]] = {}  # of parts: CRC and length
        self.size = 0
        self.output: Output = {}
        self._upload_id: str | None = None
        self._mark = 0  # in the journal
        self._is_whole = False  # the checksum will be the whole object's

    def create(self, params: Mapping[str, Any]) -> None:
        """Begin the upload. Raises ClientError, SendError."""
        taken = self._members("CreateMultipartUpload", params)
        taken.update(self._checksum_members(params))
        core, journal = self.shared.core, self.shared.journal
        begun = Begun(place_of(core), self.task.bucket, self.task.key, at=core.app.now().timestamp())
        self._mark = journal.note_begun(begun)
        try:
            output = core.call("CreateMultipartUpload", taken)
        except Exception as error:
            if not isinstance(error, SendError | ResponseParseError):  # after which there may be one
                journal.note_ended(self._mark)
            raise
        self._upload_id = str(output["UploadId"])
        self._is_whole = output.get("ChecksumType") == "FULL_OBJECT"
        journal.note_id(self._mark, self._upload_id)

    def part_params(self, operation: str, number: int) -> dict[str, Any]:
        """What each request for a part says."""
        params = self._members(operation, self.task.params)
        for name in list(params):
            if name in OF_WHOLE or name.startswith(("Checksum", "If")):
                del params[name]
        return {**params, "UploadId": self._upload_id, "PartNumber": number + 1}

    def keep_part(self, number: int, output: Mapping[str, Any]) -> None:
        """A part is there."""
        self.parts[number] = {"PartNumber": number + 1, "ETag": output.get("ETag")}
        for name, value in output.items():
            if name.startswith("Checksum") and name != "ChecksumType":
                self.parts[number][name] = value

    def complete(self) -> None:
        """Put the object together. Raises ClientError, SendError."""
        params = self._members("CompleteMultipartUpload", self.task.params)
        params["UploadId"] = self._upload_id
        params["MultipartUpload"] = {"Parts": [self.parts[number] for number in sorted(self.parts)]}
        whole = self._whole_checksum()
        if whole is not None:
            params[checksum_member(self.algorithm or "")] = whole
            params["ChecksumType"] = "FULL_OBJECT"
        self.output = self.shared.core.call("CompleteMultipartUpload", params)
        self.shared.journal.note_ended(self._mark)

    def abort(self) -> None:
        """Leave nothing behind."""
        if self._upload_id is None:
            return
        params = self._members("AbortMultipartUpload", self.task.params)
        try:
            self.shared.core.call("AbortMultipartUpload", {**params, "UploadId": self._upload_id})
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "NoSuchUpload":
                raise
        self.shared.journal.note_ended(self._mark)

    def facts(self) -> dict[str, Any]:
        """What the result tells."""
        output = self.output
        stated = next(
            (f"{name[8:].lower()}:{value}" for name, value in output.items() if name in CHECKSUM_MEMBERS), None
        )
        return {
            "size": self.size,
            "etag": bare(output.get("ETag")),
            "checksum": stated,
            "version_id": output.get("VersionId"),
        }

    def tell(self) -> None:
        if self.error is not None:
            self.shared.failed(self, self.task, self.started, self.error)
        else:
            self.shared.done(self, self.task, self.started, **self.facts())

    def _members(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        taken = known_members(self.shared.core.operation(operation), params)
        return {**taken, "Bucket": self.task.bucket, "Key": self.task.key}

    def _checksum_members(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Which checksums the parts will have. A CRC that nobody asked for is one of the whole object."""
        if isinstance(self.task, Copy):
            return {}
        asked = params.get("ChecksumAlgorithm")
        if asked:
            self.algorithm = str(asked).lower()
            return {}
        if not self.shared.core.adds_checksums:
            return {}
        self.algorithm = default_algorithm().lower()
        members = {"ChecksumAlgorithm": default_algorithm()}
        return members if "ChecksumType" in params else {**members, "ChecksumType": "FULL_OBJECT"}

    def _whole_checksum(self) -> str | None:
        """The whole object's CRC, put together from its parts'; None where it has none."""
        if (
            not self._is_whole
            or self.algorithm not in POLYNOMIALS
            or len(self.crcs) != len(self.parts)
            or not self.crcs
        ):
            return None
        total, _ = self.crcs[0]
        for number in range(1, len(self.crcs)):
            total = combine(self.algorithm, total, *self.crcs[number])
        return encoded_crc(self.algorithm, total)


def encoded_crc(algorithm: str, crc: int) -> str:
    return b64encode(crc.to_bytes(POLYNOMIALS[algorithm][1] // 8, "big")).decode()


def crc_in(value: str) -> int:
    """A CRC from its base64."""
    return crc_of(decoded(value))


def checksum_member(algorithm: str) -> str:
    """`crc32` is the member ChecksumCRC32."""
    return f"Checksum{algorithm.upper()}"


CHECKSUM_MEMBERS = frozenset(
    map(
        checksum_member,
        ("crc32", "crc32c", "crc64nvme", "sha1", "sha256", "sha512", "xxhash64", "xxhash3", "xxhash128"),
    )
)
