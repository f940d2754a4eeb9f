"""Signature Version 4 as S3 wants it: the path as it is sent, and the payload's hash always in a header.

Directory buckets (S3 Express) are signed with session credentials, whose token has a header of its own.
"""

from collections.abc import Mapping
from datetime import datetime

from awsmini.records import Credentials, Request, Scope, replace
from awsmini.sign.sigv4 import (
    UNSIGNED_PAYLOAD,
    UNSIGNED_TRAILER,
    authorized,
    body_hash,
    header,
    in_query,
    presigned,
    required,
    timestamp,
    without,
)

SESSION_TOKEN = "X-Amz-S3session-Token"


def sign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime) -> Request:
    """The request with its Authorization header and `X-Amz-Content-SHA256`."""
    keys = required(credentials)
    return _signed(request, scope, keys, now, {"X-Amz-Security-Token": keys.token} if keys.token else {})


def sign_express(request: Request, scope: Scope, credentials: Credentials | None, now: datetime) -> Request:
    """The same with the credentials of a session made by CreateSession."""
    keys = required(credentials)
    stated = header(request.headers, "x-amz-s3session-token") is not None
    return _signed(request, scope, keys, now, {} if stated or not keys.token else {"x-amz-s3session-token": keys.token})


def presign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime, expires: int) -> Request:
    """The request as a URL, whatever body will be sent to it."""
    return presigned(in_query(request), _as_sent(scope), required(credentials), now, expires, UNSIGNED_PAYLOAD)


def presign_express(
    request: Request, scope: Scope, credentials: Credentials | None, now: datetime, expires: int
) -> Request:
    """The same with the credentials of a session."""
    keys = required(credentials)
    return presigned(in_query(request), _as_sent(scope), keys, now, expires, UNSIGNED_PAYLOAD, SESSION_TOKEN)


def payload(request: Request, scope: Scope) -> str:
    """The payload's hash, or the word that stands for it.

    A body is left unsigned behind TLS where a Content-MD5 vouches for it, or where the user's
    `payload_signing_enabled = false` says so.
    """
    if header(request.headers, "x-amz-trailer") is not None:
        return UNSIGNED_TRAILER
    if scope.unsigned_payload:
        return UNSIGNED_PAYLOAD
    covered = request.url.startswith("https") and header(request.headers, "content-md5") is not None
    if covered and scope.unsigned_stream:
        return UNSIGNED_PAYLOAD
    return body_hash(request.body)


def _signed(request: Request, scope: Scope, keys: Credentials, now: datetime, token: Mapping[str, str]) -> Request:
    headers = without(request.headers, "authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256")
    body = payload(request, scope)
    headers |= {"X-Amz-Date": timestamp(now), **token, "X-Amz-Content-SHA256": body}
    return authorized(replace(request, headers=headers), _as_sent(scope), keys, now, body)


def _as_sent(scope: Scope) -> Scope:
    return replace(scope, double_encode=False) if scope.double_encode else scope
