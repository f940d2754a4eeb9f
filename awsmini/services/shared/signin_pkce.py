"""Proof Key for Code Exchange (RFC 7636): only who asked for the code can use it."""

import secrets
import string
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from awsmini.config.credentials.dpop import base64_url

_CHARACTERS = string.ascii_letters + string.digits + "-._~"


class Pkce(NamedTuple):
    verifier: str
    challenge: str
    state: str  # comes back with the code, to tell our own sign-in from another's


def new_pkce() -> Pkce:
    verifier = "".join(secrets.choice(_CHARACTERS) for _ in range(64))
    return Pkce(verifier, base64_url(sha256(verifier.encode()).digest()), str(uuid4()))


def authorize_url(endpoint: str, path: str, query: dict[str, str], challenge: str) -> str:
    """The page to sign in at."""
    parts = urlsplit(endpoint)
    encoded = urlencode(query, safe="-._~", quote_via=quote)
    return f"{parts.scheme}://{parts.netloc}{path}?{encoded}&code_challenge={challenge}"
