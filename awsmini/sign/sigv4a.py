"""Signature Version 4A: asymmetric, good in a set of regions (multi-region access points, global endpoints).

The elliptic-curve arithmetic is awscrt's, so this needs the extra `crt`. `scope.region` is the region set.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from awsmini.errors import AwsminiError
from awsmini.records import Credentials, Request, Scope
from awsmini.sign import s3, sigv4

try:
    from awscrt import auth, http
except ImportError:
    auth = http = None


class MissingCrtError(AwsminiError):
    """The extra `crt` is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "This operation is signed with SigV4a, which needs an additional dependency. "
            'Install it with: pip install "awsmini[crt]"'
        )


def sign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime) -> Request:
    """The request with its Authorization header (and X-Amz-Region-Set, X-Amz-Date …)."""
    body = _payload(request, scope)
    headers = sigv4.without(
        request.headers, "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"
    )
    headers = {"host": sigv4.host_of(urlsplit(request.url)), **headers}
    signed = _crt_signed(replace(request, headers=headers), scope, credentials, now, body)
    return replace(request, headers=dict(signed.headers))


def presign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime, expires: int) -> Request:
    """The request as a URL good for `expires` seconds."""
    request = sigv4.bodiless(request)
    body = _payload(request, scope) if scope.double_encode else sigv4.UNSIGNED_PAYLOAD
    headers = sigv4.without_form_type(
        sigv4.without(request.headers, "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token")
    )
    url = urlsplit(request.url)
    headers = {"host": sigv4.host_of(url), **headers}
    request = replace(request, headers=headers, url=url._replace(query=sigv4.re_encoded(url.query)).geturl())
    signed = _crt_signed(request, scope, credentials, now, body, expires)
    return replace(request, url=url._replace(query=urlsplit(signed.path).query).geturl())


def _payload(request: Request, scope: Scope) -> str | None:
    """What stands for the payload; None lets awscrt hash it."""
    if not scope.double_encode:
        return s3.payload(request, scope)
    stated = sigv4.payload(replace(request, body=None), scope)
    return None if stated == sigv4.EMPTY_HASH else stated


def _crt_signed(
    request: Request,
    scope: Scope,
    credentials: Credentials | None,
    now: datetime,
    body: str | None,
    expires: int | None = None,
) -> Any:
    """awscrt's request after signing: its `headers` and `path` carry the proof."""
    keys = sigv4.required(credentials)
    if auth is None:
        raise MissingCrtError
    in_query = expires is not None
    in_header = not in_query and (body is not None or not scope.double_encode)
    config = auth.AwsSigningConfig(
        algorithm=auth.AwsSigningAlgorithm.V4_ASYMMETRIC,
        signature_type=auth.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS
        if in_query
        else auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(
            access_key_id=keys.access_key, secret_access_key=keys.secret_key, session_token=keys.token
        ),
        region=scope.region or "*",
        service=scope.service,
        date=now.astimezone(timezone.utc),
        should_sign_header=lambda name, **_: name.lower() not in sigv4.UNSIGNED_HEADERS,
        use_double_uri_encode=scope.double_encode,
        should_normalize_uri_path=scope.double_encode,
        signed_body_value=body,
        signed_body_header_type=auth.AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256
        if in_header
        else auth.AwsSignedBodyHeaderType.NONE,
        expiration_in_seconds=expires,
    )
    crt_request = _crt_request(request.method, request.url, request.headers, request.body)
    auth.aws_sign_request(crt_request, config).result()
    return crt_request


def _crt_request(method: str, url: str, headers: Mapping[str, str], body: bytes | BinaryIO | None) -> Any:
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    stream = BytesIO(body) if isinstance(body, (bytes, bytearray)) else body
    return http.HttpRequest(method, path, http.HttpHeaders(list(headers.items())), stream)
