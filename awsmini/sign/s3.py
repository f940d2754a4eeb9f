"""Signature Version 4 as S3 wants it: the path as it is sent, and the payload's hash always in a header.

Directory buckets (S3 Express) are signed with session credentials, whose token has a header of its own.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from awsmini.records import Credentials, Request, Scope, replace
from awsmini.sign.sigv4 import (
    ALGORITHM,
    UNSIGNED_PAYLOAD,
    UNSIGNED_TRAILER,
    authorized,
    body_hash,
    credential_scope,
    header,
    in_query,
    presigned,
    required,
    signature,
    signing_key,
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


def post_fields(
    fields: Mapping[str, str],
    conditions: Sequence[Any],
    scope: Scope,
    credentials: Credentials | None,
    now: datetime,
    expires: int,
) -> dict[str, str]:
    """The form fields of a presigned POST (a browser's upload): those given, the policy and its signature.

    `conditions` are the policy's, as maps or lists; `expires` is in seconds.
    """
    keys = required(credentials)
    stamp = timestamp(now)
    express = scope.auth == "s3express"
    proof = {
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": f"{keys.access_key}/{credential_scope(stamp, scope)}",
        "x-amz-date": stamp,
    }
    if keys.token is not None:
        proof[SESSION_TOKEN if express else "x-amz-security-token"] = keys.token
    end = now.astimezone(timezone.utc) + timedelta(seconds=expires)
    policy = {
        "expiration": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "conditions": [*conditions, *({name: value} for name, value in proof.items())],
    }
    encoded_policy = base64.b64encode(json.dumps(policy).encode()).decode()
    key = signing_key(keys.secret_key, stamp[:8], scope.region, scope.service)
    return {**fields, **proof, "policy": encoded_policy, "x-amz-signature": signature(key, encoded_policy)}


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
