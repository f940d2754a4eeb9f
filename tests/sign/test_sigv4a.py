"""Asymmetric signatures: the key and the text are compared, the proof verified, for awscrt's are random."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from awsmini.records import Credentials, Request, Scope
from awsmini.sign import presign, sign, sigv4, sigv4a

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
KEYS = Credentials(access_key="AKIDEXAMPLE", secret_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token="tok/=+")
URLS = [
    "https://h.example.com/a%20b//c/../d?x=1&b=%2B&a",
    "http://b.accesspoint.s3-global.amazonaws.com/k%20e//y?list-type=2&prefix=",
    "https://h.example.com/",
]


def test_the_key_is_derived_as_aws_publishes_it():
    key = sigv4a.signing_key("AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom")
    assert f"{key.public[0]:064x}" == "15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb"
    assert f"{key.public[1]:064x}" == "0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0"


@pytest.mark.parametrize("double_encode", [True, False], ids=["others", "s3"])
@pytest.mark.parametrize("url", URLS)
def test_headers(url: str, double_encode: bool):
    scope = Scope(auth="v4a", region="eu-*,us-east-1", service="s3", double_encode=double_encode)
    request = Request(method="PUT", url=url, headers={"x-amz-meta-a": " a   b ", "User-Agent": "x"}, body=b"hello")
    with text_to_sign() as texts:
        signed = sign(request, scope, KEYS, NOW)
    rest, _, proof = signed.headers["Authorization"].partition(" Signature=")
    assert rest == (
        "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20300102/s3/aws4_request, SignedHeaders=host;"
        f"{'' if double_encode else 'x-amz-content-sha256;'}x-amz-date;x-amz-meta-a;x-amz-region-set;x-amz-security-token,"
    )
    assert signed.headers["X-Amz-Region-Set"] == "eu-*,us-east-1"
    verify(proof, texts[0])


@pytest.mark.parametrize("double_encode", [True, False], ids=["others", "s3"])
@pytest.mark.parametrize("url", URLS)
def test_headers_are_awscrts(url: str, double_encode: bool):
    scope = Scope(auth="v4a", region="*", service="s3", double_encode=double_encode)
    request = Request(method="PUT", url=url, headers={"x-amz-meta-a": " a   b ", "User-Agent": "x"}, body=b"hello")
    theirs = by_awscrt(request, scope).headers.get("authorization")
    with text_to_sign() as texts:
        ours = sign(request, scope, KEYS, NOW).headers["Authorization"]
    assert ours.partition("Signature=")[0] == theirs.partition("Signature=")[0]
    verify(theirs.rpartition("=")[2], texts[0])


@pytest.mark.parametrize("double_encode", [True, False], ids=["others", "s3"])
@pytest.mark.parametrize("url", URLS)
def test_urls(url: str, double_encode: bool):
    scope = Scope(auth="v4a", region="*", service="s3", double_encode=double_encode)
    request = sigv4.in_query(Request(method="GET", url=url, headers={"x-amz-meta-a": "b"}))
    with text_to_sign() as texts:
        ours = presign(request, scope, KEYS, NOW, 900).url
    rest, _, proof = ours.partition("&X-Amz-Signature=")
    assert rest.endswith("&X-Amz-Region-Set=%2A")
    verify(proof, texts[0])


@pytest.mark.parametrize("double_encode", [True, False], ids=["others", "s3"])
@pytest.mark.parametrize("url", URLS)
def test_urls_are_awscrts(url: str, double_encode: bool):
    scope = Scope(auth="v4a", region="*", service="s3", double_encode=double_encode)
    request = sigv4.in_query(Request(method="GET", url=url, headers={"x-amz-meta-a": "b"}))
    theirs = urlsplit(by_awscrt(request, scope, 900).path).query
    with text_to_sign() as texts:
        ours = urlsplit(presign(request, scope, KEYS, NOW, 900).url).query
    assert ours.partition("&X-Amz-Signature=")[0] == theirs.partition("&X-Amz-Signature=")[0]
    verify(theirs.rpartition("=")[2], texts[0])


@contextmanager
def text_to_sign() -> Iterator[list[str]]:
    """Collects what is signed meanwhile."""
    texts: list[str] = []
    original = sigv4a.string_to_sign

    def collect(*args: Any) -> str:
        texts.append(original(*args))
        return texts[-1]

    with patch.object(sigv4a, "string_to_sign", collect):
        yield texts


def verify(proof: str, text: str) -> None:
    key = sigv4a.signing_key(KEYS.access_key, KEYS.secret_key)
    public = ec.EllipticCurvePublicNumbers(*key.public, ec.SECP256R1()).public_key()
    public.verify(bytes.fromhex(proof), text.encode(), ec.ECDSA(SHA256()))


def by_awscrt(request: Request, scope: Scope, expires: int | None = None) -> Any:
    """The request as AWS's own library signs it."""
    auth = pytest.importorskip("awscrt.auth")
    http = pytest.importorskip("awscrt.http")
    in_query, s3 = expires is not None, not scope.double_encode
    kind, where = auth.AwsSignatureType, auth.AwsSignedBodyHeaderType
    config = auth.AwsSigningConfig(
        algorithm=auth.AwsSigningAlgorithm.V4_ASYMMETRIC,
        signature_type=kind.HTTP_REQUEST_QUERY_PARAMS if in_query else kind.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(KEYS.access_key, KEYS.secret_key, KEYS.token),
        region=scope.region,
        service=scope.service,
        date=NOW,
        should_sign_header=lambda name, **_: name.lower() not in sigv4.UNSIGNED_HEADERS,
        use_double_uri_encode=scope.double_encode,
        should_normalize_uri_path=scope.double_encode,
        signed_body_value="UNSIGNED-PAYLOAD" if in_query and s3 else None,
        signed_body_header_type=where.X_AMZ_CONTENT_SHA_256 if s3 and not in_query else where.NONE,
        expiration_in_seconds=expires,
    )
    url = urlsplit(request.url)
    headers = http.HttpHeaders([("host", sigv4.host_of(url)), *request.headers.items()])
    path = f"{url.path}?{url.query}" if url.query else url.path
    made = http.HttpRequest(request.method, path, headers, BytesIO(request.body) if request.body else None)
    auth.aws_sign_request(made, config).result()
    return made
