"""Requests that carry a token or nothing instead of a signature."""

from datetime import datetime

from awsmini.errors import AwsminiError
from awsmini.records import Credentials, Request, Scope, replace
from awsmini.sign.sigv4 import UNSIGNED_TRAILER, header, without


class NoAuthTokenError(AwsminiError):
    """A bearer token is needed and nobody has one."""

    def __init__(self) -> None:
        super().__init__("Unable to locate authorization token")


def bearer(request: Request, scope: Scope, credentials: Credentials | None, now: datetime) -> Request:
    """The request with `credentials.token` as its bearer token (RFC 6750, 2.1)."""
    if credentials is None or credentials.token is None:
        raise NoAuthTokenError
    headers = without(request.headers, "authorization")
    return replace(request, headers={**headers, "Authorization": f"Bearer {credentials.token}"})


def unsigned(request: Request, scope: Scope, credentials: Credentials | None, now: datetime) -> Request:
    """The request as it is. S3 wants to be told of a checksum in the trailer all the same."""
    if header(request.headers, "x-amz-trailer") is None:
        return request
    headers = without(request.headers, "x-amz-content-sha256")
    return replace(request, headers={**headers, "X-Amz-Content-SHA256": UNSIGNED_TRAILER})


def presign_unsigned(
    request: Request, scope: Scope, credentials: Credentials | None, now: datetime, expires: int
) -> Request:
    """The request as it is: its URL is open to all, or to none."""
    return request
