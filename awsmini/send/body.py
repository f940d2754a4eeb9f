"""What a request's body says of itself: how long it is, and how it is sent once more."""

import os
from typing import BinaryIO

from awsmini.errors import AwsminiError
from awsmini.records import Request

Body = bytes | bytearray | BinaryIO | None


class UnseekableStreamError(AwsminiError):
    """A stream has to be read twice (to hash it, or to send it again) and cannot be."""

    def __init__(self, body: object) -> None:
        super().__init__(f"Need to rewind the stream {body}, but stream is not seekable.")


def length(body: Body) -> int | None:
    """How many bytes are left to send; None where only reading would tell."""
    if body is None:
        return 0
    if isinstance(body, (bytes, bytearray)):
        return len(body)
    sized = getattr(body, "__len__", None)
    if sized is not None:
        return int(sized())
    try:
        here = body.tell()
        end = body.seek(0, os.SEEK_END)
        body.seek(here)
    except (AttributeError, OSError):
        return None
    return end - here


def rewind(request: Request) -> Request:
    """The request, ready to be sent again from the start of its body. Raises UnseekableStreamError."""
    body = request.body
    if body is not None and not isinstance(body, (bytes, bytearray)):
        try:
            body.seek(0)
        except (AttributeError, OSError) as error:
            raise UnseekableStreamError(body) from error
    return request
