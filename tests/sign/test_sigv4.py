"""Signing with keys, against botocore for all that a request can be, and against fixed bytes where botocore is silent."""

import io
import random
from datetime import datetime, timezone
from unittest.mock import patch
from urllib.parse import parse_qsl, quote

import botocore.auth
import botocore.credentials
import pytest
from botocore.awsrequest import AWSRequest

from awsmini import log
from awsmini.errors import NoCredentialsError
from awsmini.records import Credentials, Request, Scope
from awsmini.send.body import UnseekableStreamError
from awsmini.sign import PRESIGNERS, SIGNERS, UnknownSchemeError, presign, sign, sigv4
from awsmini.sign.plain import NoAuthTokenError

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
KEYS = Credentials(access_key="AKIDEXAMPLE", secret_key="wJalr/XUtn+FEMI")
SESSION = Credentials(access_key="ASIAEXAMPLE", secret_key="secret", token="a/token+with=signs")
V4 = Scope(auth="v4", region="eu-west-1", service="sts")
S3 = Scope(auth="s3v4", region="eu-west-1", service="s3", double_encode=False)
EXPRESS = Scope(auth="s3express", region="eu-west-1", service="s3express", double_encode=False)
BOTOCORE = {
    "v4": botocore.auth.SigV4Auth,
    "s3v4": botocore.auth.S3SigV4Auth,
    "s3express": botocore.auth.S3ExpressAuth,
    "v4-query": botocore.auth.SigV4QueryAuth,
    "s3v4-query": botocore.auth.S3SigV4QueryAuth,
    "s3express-query": botocore.auth.S3ExpressQueryAuth,
}
PATHS = [
    "/", "/bucket/key", "/a%20b", "/a+b", "//double//slash/", "/%C3%BC/%E2%82%AC", "/100%25", "/a/./b/../c", "/~a_b-c.d",
    "/k%3A%3D%40", "/trailing/",
]  # fmt: skip
QUERIES = [
    "", "list-type=2&prefix=", "uploads", "a=2&a=1&a=", "b=%20%2B&a=%C3%BC", "Z=1&a=2&A=3", "x-id=PutObject&partNumber=1",
    "key=a%2Fb", "tagging",
]  # fmt: skip
HEADERS = [
    {}, {"Content-Type": "text/plain"}, {"x-amz-meta-a": "  a   b  ", "X-Amz-Meta-B": "c"},
    {"User-Agent": "x", "Expect": "100-continue", "Connection": "close"}, {"Content-MD5": "aaa=", "Range": "bytes=0-1"},
    {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}, {"x-amz-meta-u": "ü€"},
]  # fmt: skip
BODIES = [None, b"", b"hello", b"\0" * 70_000]


def by_botocore(auth: str, request: Request, scope: Scope, keys: Credentials, expires: int | None = None, **context):
    """The request as botocore signs it."""
    made = AWSRequest(method=request.method, url=request.url, headers=dict(request.headers), data=request.body or b"")
    made.context.update(context)
    theirs = botocore.credentials.Credentials(keys.access_key, keys.secret_key, keys.token)
    more = {"identity_cache": None} if "express" in auth else {}
    if expires is not None:
        more["expires"] = expires
    with patch("botocore.auth.get_current_datetime", lambda **_: NOW.replace(tzinfo=None)):
        BOTOCORE[auth](theirs, scope.service, scope.region, **more).add_auth(made)
    return made


def random_requests(count: int) -> list[Request]:
    dice = random.Random(20300102)
    hosts = ["https://h.example.com", "http://127.0.0.1:8333", "https://h.example.com:443", "https://[::1]:8443"]
    made = []
    for _ in range(count):
        query = dice.choice(QUERIES)
        url = dice.choice(hosts) + dice.choice(PATHS) + (f"?{query}" if query else "")
        method = dice.choice(["GET", "PUT", "POST", "DELETE", "HEAD"])
        made.append(Request(method=method, url=url, headers=dice.choice(HEADERS), body=dice.choice(BODIES)))
    return made


@pytest.mark.parametrize(
    ("auth", "scope", "keys"),
    [("v4", V4, KEYS), ("v4", V4, SESSION), ("s3v4", S3, KEYS), ("s3v4", S3, SESSION), ("s3express", EXPRESS, SESSION)],
)
def test_headers_are_botocores(auth: str, scope: Scope, keys: Credentials):
    for request in random_requests(150):
        theirs = {name.lower(): value for name, value in by_botocore(auth, request, scope, keys).headers.items()}
        ours = {name.lower(): value for name, value in sign(request, scope, keys, NOW).headers.items()}
        assert ours == theirs, request


@pytest.mark.parametrize(("auth", "scope"), [("v4", V4), ("s3v4", S3), ("s3express", EXPRESS)])
@pytest.mark.parametrize("keys", [KEYS, SESSION], ids=["keys", "session"])
def test_urls_are_botocores(auth: str, scope: Scope, keys: Credentials):
    for request in random_requests(150):
        bodiless = Request(method=request.method, url=request.url, headers=request.headers)
        theirs = by_botocore(f"{auth}-query", bodiless, scope, keys, 900)
        assert presign(bodiless, scope, keys, NOW, 900).url == theirs.url, request


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"Action=GetCallerIdentity&Version=2011-06-15", sigv4.FORM_TYPE),
        (b"Action=A&Name=a+b%2F%C3%BC&Empty=", sigv4.FORM_TYPE),
        (b'{"TableName": "a b", "Limit": 5, "Names": ["x", "y"]}', "application/x-amz-json-1.0"),
    ],
)
def test_parameters_of_a_body_move_into_the_url(body: bytes, content_type: str):
    request = Request(
        method="POST", url="https://h.example.com/?x=1", headers={"Content-Type": content_type}, body=body
    )
    made = AWSRequest(method="POST", url=request.url, headers=dict(request.headers))
    made.data = body if body.startswith(b"{") else dict(parse_qsl(body.decode(), keep_blank_values=True))
    with patch("botocore.auth.get_current_datetime", lambda **_: NOW.replace(tzinfo=None)):
        keys = botocore.credentials.Credentials(KEYS.access_key, KEYS.secret_key)
        botocore.auth.SigV4QueryAuth(keys, V4.service, V4.region, expires=60).add_auth(made)
    ours = presign(request, V4, KEYS, NOW, 60)
    assert ours.url == made.url
    assert ours.body is None


def test_a_stream_is_hashed_from_where_it_stands_and_put_back():
    body = io.BytesIO(b"skip hello")
    body.read(5)
    request = Request(method="PUT", url="http://h/k", body=body)
    signed = sign(request, S3, KEYS, NOW)
    assert body.read() == b"hello"
    assert signed.headers["X-Amz-Content-SHA256"] == sigv4.body_hash(b"hello")


def test_a_stream_that_cannot_be_put_back_is_refused():
    class Pipe(io.RawIOBase):
        def tell(self) -> int:
            raise OSError(29, "Illegal seek")

    with pytest.raises(UnseekableStreamError, match="not seekable"):
        sign(Request(method="PUT", url="http://h/k", body=Pipe()), S3, KEYS, NOW)


@pytest.mark.parametrize(
    ("url", "headers", "scope", "expected"),
    [
        ("https://h/k", {"X-Amz-Trailer": "x-amz-checksum-crc32"}, {"unsigned_stream": True}, sigv4.UNSIGNED_TRAILER),
        ("https://h/k", {"Content-MD5": "a="}, {"unsigned_stream": True}, sigv4.UNSIGNED_PAYLOAD),
        ("https://h/k", {"Content-MD5": "a="}, {}, sigv4.body_hash(b"hello")),
        ("http://h/k", {"Content-MD5": "a="}, {"unsigned_stream": True}, sigv4.body_hash(b"hello")),
        ("https://h/k", {}, {"unsigned_stream": True}, sigv4.body_hash(b"hello")),
        ("http://h/k", {}, {"unsigned_payload": True}, sigv4.UNSIGNED_PAYLOAD),
    ],
)
def test_what_stands_for_the_payload_of_s3(url: str, headers: dict[str, str], scope: dict[str, bool], expected: str):
    request = Request(method="PUT", url=url, headers=headers, body=b"hello")
    signed = sign(request, Scope(auth="s3v4", region="r", service="s3", **scope), KEYS, NOW)
    assert signed.headers["X-Amz-Content-SHA256"] == expected


@pytest.mark.parametrize("url", ["https://h.example.com/a", "http://h.example.com/a"])
def test_an_unsigned_body_is_botocores(url: str):
    scope = Scope(auth="v4", region="eu-west-1", service="ebs", unsigned_payload=True)
    request = Request(method="PUT", url=url, body=b"hello")
    theirs = by_botocore("v4", request, scope, KEYS, payload_signing_enabled=False)
    assert dict(sign(request, scope, KEYS, NOW).headers) == dict(theirs.headers.items())


def test_signing_again_replaces_what_was_there():
    request = Request(method="PUT", url="https://h/k", headers={"x-amz-date": "old", "authorization": "old"}, body=b"x")
    first = sign(request, S3, SESSION, NOW)
    later = sign(first, S3, SESSION, NOW.replace(second=9))
    assert len({name.lower() for name in later.headers}) == len(later.headers)
    assert later.headers["X-Amz-Date"] == "20300102T030409Z"
    assert later.headers["Authorization"] != first.headers["Authorization"]
    assert request.headers == {"x-amz-date": "old", "authorization": "old"}


def test_every_scheme_says_so_when_keys_are_missing():
    request = Request(method="POST", url="https://h/", body=b"a=1")
    for auth in set(SIGNERS) - {"bearer", "none"}:
        with pytest.raises(NoCredentialsError):
            sign(request, Scope(auth=auth, region="r", service="s"), None, NOW)
    for auth in set(PRESIGNERS) - {"none"}:
        with pytest.raises(NoCredentialsError):
            presign(Request(method="GET", url="https://h/"), Scope(auth=auth, region="r", service="s"), None, NOW, 1)


def test_bearer_tokens_and_no_signature_at_all():
    request = Request(method="GET", url="https://h/", headers={"authorization": "old"})
    token = Credentials(access_key="", secret_key="", token="abc")
    assert sign(request, Scope(auth="bearer"), token, NOW).headers == {"Authorization": "Bearer abc"}
    with pytest.raises(NoAuthTokenError, match="Unable to locate authorization token"):
        sign(request, Scope(auth="bearer"), None, NOW)
    assert sign(request, Scope(auth="none"), None, NOW) is request
    assert presign(request, Scope(auth="none"), None, NOW, 5) is request
    trailing = Request(method="PUT", url="https://h/", headers={"X-Amz-Trailer": "x-amz-checksum-crc32"})
    assert sign(trailing, Scope(auth="none"), None, NOW).headers["X-Amz-Content-SHA256"] == sigv4.UNSIGNED_TRAILER


def test_unknown_schemes_are_named():
    request = Request(method="GET", url="https://h/")
    with pytest.raises(UnknownSchemeError, match="Unknown Signature Version: v9"):
        sign(request, Scope(auth="v9"), KEYS, NOW)
    with pytest.raises(UnknownSchemeError, match="not supported: bearer-query"):
        presign(request, Scope(auth="bearer"), KEYS, NOW, 5)


def test_version_2_is_botocores():
    body = b"Action=ListDomains&Version=2009-04-15&Name=a+b%2Fc"
    made = AWSRequest(method="POST", url="https://sdb.amazonaws.com/")
    made.data = {"Action": "ListDomains", "Version": "2009-04-15", "Name": "a b/c"}
    theirs = botocore.credentials.Credentials(SESSION.access_key, SESSION.secret_key, SESSION.token)
    with patch("botocore.auth.time.gmtime", lambda: NOW.timetuple()):
        botocore.auth.SigV2Auth(theirs).add_auth(made)
    request = Request(method="POST", url="https://sdb.amazonaws.com/", body=body)
    assert sign(request, Scope(auth="v2"), SESSION, NOW).body == made.prepare().body.encode()


def test_no_secret_is_logged():
    stderr = io.StringIO()
    log.configure_logging(stderr)
    try:
        sign(Request(method="GET", url="https://h/"), V4, SESSION, NOW)
        presign(Request(method="GET", url="https://h/"), V4, SESSION, NOW, 5)
    finally:
        log.stop()
    assert "CanonicalRequest" in stderr.getvalue()
    assert "X-Amz-Expires=5" in stderr.getvalue()
    for secret in (SESSION.secret_key, SESSION.token, quote(SESSION.token, safe="")):
        assert secret not in stderr.getvalue()
