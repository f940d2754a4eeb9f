"""Uploads in parts that runs before this one left open: aborted if that can be done, and forgotten in the end."""

from collections.abc import Iterator

from awsmini.errors import AwsminiError, ClientError
from awsmini.transfer.core import Core
from awsmini.transfer.journal import Begun, Journal
from awsmini.transfer.parts import place_of

TRIES = 3
KEPT = 30 * 86400  # seconds that an upload of another place is remembered
NEAR = 900  # seconds between the clocks here and there, at most


def clear_up(core: Core, journal: Journal) -> None:
    """What was left at this place is aborted. What could not be is noted again, so that a later run tries."""
    place, now = place_of(core), core.app.now().timestamp()
    answers = True  # whoever does not is asked no further
    for begun in journal.left_behind():
        left = begun
        if begun.place == place and answers:
            try:
                if is_gone(core, begun):
                    continue
            except AwsminiError:
                answers = False
            left = begun._replace(tries=begun.tries + 1)
        if left.tries < TRIES and now - left.at < KEPT:
            journal.note_begun(left)


def is_gone(core: Core, begun: Begun) -> bool:
    """Abort an upload; whether there is no such upload any more. Raises SendError."""
    try:
        for upload_id in [begun.upload_id] if begun.upload_id else _unheard(core, begun):
            core.call("AbortMultipartUpload", {"Bucket": begun.bucket, "Key": begun.key, "UploadId": upload_id})
    except ClientError as error:
        return error.response["Error"].get("Code") in ("NoSuchUpload", "NoSuchBucket")
    return True


def _unheard(core: Core, begun: Begun) -> Iterator[str]:
    """Uploads that may be the one whose answer never came: of that key and time, and without any part."""
    place = {"Bucket": begun.bucket}
    for each in core.call("ListMultipartUploads", {**place, "Prefix": begun.key}).get("Uploads", ()):
        if each["Key"] == begun.key and abs(each["Initiated"].timestamp() - begun.at) < NEAR:
            upload = {"Key": begun.key, "UploadId": each["UploadId"]}
            if not core.call("ListParts", {**place, **upload, "MaxParts": 1}).get("Parts"):
                yield each["UploadId"]
