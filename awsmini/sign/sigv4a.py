"""Signature Version 4A: one asymmetric signature for a set of regions (multi-region access points, global endpoints).

The steps are Version 4's. The key is a private key on the curve P-256, derived from the secret access key alone;
the region set, `scope.region`, is signed as a header or a parameter of the query.
"""

import hmac
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from awsmini.config.credentials.p256 import SIZE, N, PrivateKey
from awsmini.records import Credentials, Request, Scope, replace
from awsmini.sign import s3, sigv4

ALGORITHM = "AWS4-ECDSA-P256-SHA256"


def sign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime) -> Request:
    """The request with the headers X-Amz-Region-Set, X-Amz-Date, X-Amz-Security-Token and Authorization."""
    keys = sigv4.required(credentials)
    body = _payload(request, scope)
    headers = sigv4.without(request.headers, "authorization", "x-amz-date", "x-amz-security-token", "x-amz-region-set")
    headers |= {"X-Amz-Date": sigv4.timestamp(now), "X-Amz-Region-Set": scope.region or "*"}
    if keys.token:
        headers["X-Amz-Security-Token"] = keys.token
    if not scope.double_encode or body == sigv4.UNSIGNED_PAYLOAD:
        headers = {**sigv4.without(headers, "x-amz-content-sha256"), "X-Amz-Content-SHA256": body}
    url = urlsplit(request.url)
    signed = sigv4.headers_to_sign(headers, sigv4.host_of(url))
    path = sigv4.canonical_path(url.path, scope)
    canonical = sigv4.canonical_request(request.method, path, sigv4.canonical_query(url.query), signed, body)
    headers["Authorization"] = (
        f"{ALGORITHM} Credential={keys.access_key}/{credential_scope(headers['X-Amz-Date'], scope)}, "
        f"SignedHeaders={sigv4.signed_headers(signed)}, Signature={_prove(canonical, scope, keys, now)}"
    )
    return replace(request, headers=headers)


def presign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime, expires: int) -> Request:
    """The request as a URL good for `expires` seconds."""
    keys = sigv4.required(credentials)
    request = sigv4.in_query(request)
    body = sigv4.payload(request, scope) if scope.double_encode else sigv4.UNSIGNED_PAYLOAD
    headers = sigv4.without_form_type(request.headers)
    url = urlsplit(request.url)
    signed = sigv4.headers_to_sign(headers, sigv4.host_of(url))
    stamp = sigv4.timestamp(now)
    ours = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{keys.access_key}/{credential_scope(stamp, scope)}",
        "X-Amz-Date": stamp,
        "X-Amz-SignedHeaders": sigv4.signed_headers(signed),
        "X-Amz-Expires": str(expires),
        **({"X-Amz-Security-Token": keys.token} if keys.token else {}),
        "X-Amz-Region-Set": scope.region or "*",
    }
    query = "&".join(filter(None, (url.query, sigv4.encoded(ours))))
    path = sigv4.canonical_path(url.path, scope)
    canonical = sigv4.canonical_request(request.method, path, sigv4.canonical_query(query), signed, body)
    query += f"&X-Amz-Signature={_prove(canonical, scope, keys, now)}"
    return replace(request, headers=headers, url=url._replace(query=query).geturl())


def credential_scope(stamp: str, scope: Scope) -> str:
    return f"{stamp[:8]}/{scope.service}/aws4_request"


def string_to_sign(stamp: str, scope: Scope, canonical: str) -> str:
    return f"{ALGORITHM}\n{stamp}\n{credential_scope(stamp, scope)}\n{sha256(canonical.encode()).hexdigest()}"


@lru_cache(maxsize=16)
def signing_key(access_key: str, secret_key: str) -> PrivateKey:
    """The private key of a pair of keys (NIST SP 800-108, counter mode, until a number fits the curve)."""
    for counter in range(1, 255):
        message = (1).to_bytes(4, "big") + ALGORITHM.encode() + b"\0" + access_key.encode()
        message += bytes((counter,)) + (SIZE * 8).to_bytes(4, "big")
        candidate = int.from_bytes(hmac.digest(f"AWS4A{secret_key}".encode(), message, "sha256"), "big")
        if candidate <= N - 2:
            return PrivateKey.of(candidate + 1)
    raise AssertionError("unreachable: each try fails once in 2^32")


def der(signature: bytes) -> bytes:
    """A signature's two numbers as ASN.1 has them: a sequence of two integers."""
    numbers = b"".join(_integer(signature[at : at + SIZE]) for at in (0, SIZE))
    return bytes((0x30, len(numbers))) + numbers


def _integer(number: bytes) -> bytes:
    digits = number.lstrip(b"\0") or b"\0"
    if digits[0] & 0x80:
        digits = b"\0" + digits
    return bytes((0x02, len(digits))) + digits


def _payload(request: Request, scope: Scope) -> str:
    return sigv4.payload(request, scope) if scope.double_encode else s3.payload(request, scope)


def _prove(canonical: str, scope: Scope, keys: Credentials, now: datetime) -> str:
    text = string_to_sign(sigv4.timestamp(now), scope, canonical)
    return der(signing_key(keys.access_key, keys.secret_key).sign(text.encode())).hex()
