"""What has to be known of an object before it is read in parts: its size, its ETag, and what vouches for it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from awsmini.records import Output
from awsmini.transfer.core import Core, known_members
from awsmini.transfer.records import Download
from awsmini.transfer.shared import bare
from awsmini.transfer.sums import POLYNOMIALS, PREFIX, Stated, can_sum, stated_checksum

LARGEST_PART = 64 * 1024 * 1024  # bytes of a part whose hash is taken in one go


class Piece(NamedTuple):
    """A range that one thread reads."""

    start: int
    size: int
    part: int = 0  # of the object's own parts


class Facts(NamedTuple):
    size: int
    etag: str | None
    modified: float | None
    stated: Stated | None = None
    pieces: tuple[Piece, ...] = ()


def object_facts(core: Core, task: Download, piece_size: int, threshold: int) -> Facts:
    """What the task says, completed by HeadObject where that is not enough. Raises ClientError, SendError."""
    stated = _given(task)
    size, etag, modified = task.size, task.etag, task.last_modified
    ranged = size is None or size >= threshold
    if size is None or (ranged and (etag is None or (stated is None and core.validates_answers))):
        output = head(core, task)
        size = int(output.get("ContentLength", 0))
        etag = bare(output.get("ETag"))
        if modified is None and output.get("LastModified") is not None:
            modified = output["LastModified"].timestamp()
        if core.validates_answers:
            stated = stated_checksum(output["ResponseMetadata"]["HTTPHeaders"], None, ranged=True)
    if size < threshold:
        return Facts(size, etag, modified, None if stated and stated.parts else stated, (Piece(0, size),))
    pieces = tuple(_pieces(0, size, piece_size, 0))
    if stated is not None and stated.parts:
        own = _by_own_parts(core, task, size, stated, piece_size)
        return Facts(size, etag, modified, stated if own else None, own or pieces)
    return Facts(size, etag, modified, stated, pieces)


def head(core: Core, task: Download, **more: Any) -> Output:
    """The output of HeadObject for a download's object."""
    params = known_members(core.operation("HeadObject"), task.params)
    params.pop("Range", None)
    return core.call(
        "HeadObject", {**params, "Bucket": task.bucket, "Key": task.key, "ChecksumMode": "ENABLED", **more}
    )


def _given(task: Download) -> Stated | None:
    headers: Mapping[str, str] = {PREFIX + name.lower(): value for name, value in task.checksums.items()}
    return stated_checksum(headers, None, ranged=True)


def _by_own_parts(core: Core, task: Download, size: int, stated: Stated, piece_size: int) -> tuple[Piece, ...] | None:
    """Ranges within the parts that the object was uploaded in, where these are all of one size; else None."""
    if not can_sum(stated.algorithm, None):
        return None
    first = int(head(core, task, PartNumber=1).get("ContentLength", 0))
    if not first or -(-size // first) != stated.parts:
        return None
    if stated.algorithm not in POLYNOMIALS:
        if first > LARGEST_PART:
            return None
        piece_size = first
    return tuple(
        piece
        for number in range(stated.parts)
        for piece in _pieces(number * first, min((number + 1) * first, size), piece_size, number)
    )


def parts_are_even(core: Core, task: Download, facts: Facts) -> bool:
    """Whether the parts that an object was uploaded in are of one size, as the pieces suppose. Asked where they fail."""
    sizes: dict[int, int] = {}
    for piece in facts.pieces:
        sizes[piece.part] = sizes.get(piece.part, 0) + piece.size
    return all(
        int(head(core, task, PartNumber=number + 1).get("ContentLength", 0)) == size for number, size in sizes.items()
    )


def _pieces(start: int, end: int, size: int, part: int) -> list[Piece]:
    return [Piece(at, min(size, end - at), part) for at in range(start, end, size)]
