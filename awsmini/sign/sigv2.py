"""Signature Version 2, which SimpleDB still speaks: the signature is one more parameter of the form."""

import base64
import hmac
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from awsmini.records import Credentials, Request, Scope, replace
from awsmini.sign.sigv4 import required


def sign(request: Request, scope: Scope, credentials: Credentials | None, now: datetime) -> Request:
    """The request, whose body is a form, with the parameters of the signature added to the form."""
    keys = required(credentials)
    assert isinstance(request.body, bytes)
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    form.pop("Signature", None)
    form |= {
        "AWSAccessKeyId": keys.access_key,
        "SignatureVersion": "2",
        "SignatureMethod": "HmacSHA256",
        "Timestamp": f"{now.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
    }
    if keys.token:
        form["SecurityToken"] = keys.token
    form["Signature"] = signature(keys.secret_key, string_to_sign(request.method, request.url, form))
    return replace(request, body=urlencode(form).encode())


def string_to_sign(method: str, url: str, form: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(f"{quote(name, safe='')}={quote(form[name], safe='-_~')}" for name in sorted(form))
    return f"{method}\n{parts.netloc}\n{parts.path or '/'}\n{query}"


def signature(secret_key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(secret_key.encode(), text.encode(), "sha256")).decode()
