"""Proof of possession (DPoP, RFC 9449): a signed note that this request is made by whoever has the key."""

import base64
import json
from collections.abc import Mapping

from awsmini.config.credentials.p256 import SIZE, PrivateKey


def base64_url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def proof(key: PrivateKey, url: str, issued_at: int, unique_id: str) -> str:
    """The DPoP header of a POST to `url`. `issued_at` is in seconds since the epoch."""
    x, y = (base64_url(number.to_bytes(SIZE, "big")) for number in key.public)
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": {"kty": "EC", "x": x, "y": y, "crv": "P-256"}}
    payload = {"htm": "POST", "htu": url, "iat": issued_at, "jti": unique_id}
    signed = f"{_part(header)}.{_part(payload)}"
    return f"{signed}.{base64_url(key.sign(signed.encode()))}"


def _part(content: Mapping[str, object]) -> str:
    return base64_url(json.dumps(content, separators=(",", ":")).encode())
