"""Request → Request: signing. Credentials and the time come as arguments, so the same call gives the same bytes.

`scope.auth` names the scheme; the tables below say which function knows it. Schemes are botocore's
(`botocore/auth.py`): what it calls `v4-s3express` is `s3express` here.
"""

from datetime import datetime

from awsmini.errors import AwsminiError
from awsmini.records import Credentials, Request, Scope
from awsmini.references import resolve_name

SIGNERS = {
    "v4": "awsmini.sign.sigv4:sign",
    "s3v4": "awsmini.sign.s3:sign",
    "s3express": "awsmini.sign.s3:sign_express",
    "v4a": "awsmini.sign.sigv4a:sign",
    "v2": "awsmini.sign.sigv2:sign",
    "bearer": "awsmini.sign.plain:bearer",
    "none": "awsmini.sign.plain:unsigned",
}
PRESIGNERS = {
    "v4": "awsmini.sign.sigv4:presign",
    "s3v4": "awsmini.sign.s3:presign",
    "s3express": "awsmini.sign.s3:presign_express",
    "v4a": "awsmini.sign.sigv4a:presign",
    "none": "awsmini.sign.plain:presign_unsigned",
}


class UnknownSchemeError(AwsminiError):
    """A request names an auth scheme that is not known here, or that cannot make URLs."""


def sign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime) -> Request:
    """The request with what proves who sends it. Raises NoCredentialsError where the scheme needs keys."""
    if scope.auth not in SIGNERS:
        raise UnknownSchemeError(f"Unknown Signature Version: {scope.auth}.")
    signed: Request = resolve_name(SIGNERS[scope.auth])(request, scope, credentials, now)
    return signed


def presign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime, expires: int) -> Request:
    """The request with the proof in its URL, good for `expires` seconds. A body of parameters moves there too.

    The headers that remain are signed: whoever uses the URL sends them as they are.
    """
    if scope.auth not in PRESIGNERS:
        raise UnknownSchemeError(f"Signature version is not supported: {scope.auth}-query")
    signed: Request = resolve_name(PRESIGNERS[scope.auth])(request, scope, credentials, now, expires)
    return signed
