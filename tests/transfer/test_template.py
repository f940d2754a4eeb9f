"""Call templates: what they make is byte for byte what the core's stages make."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from awsmini.client import Client
from awsmini.errors import ParamValidationError
from awsmini.records import Reply, Request
from awsmini.send.checksums import body_checksum, default_algorithm
from awsmini.sign.sigv4 import body_hash
from awsmini.transfer.core import Core
from awsmini.transfer.template import put_header, template
from tests.transfer.clients import NOW, nobody, s3_client

KEYS = ("a", "a b/ä+%2F&=?#", "/lead//double/", "../up/./x", "~-_.*'()!", "\U0001f600", "new\nline\x01", "k" * 1024)
ACCESS_POINT = "arn:aws:s3:us-west-2:123456789012:accesspoint/mine"
SESSION = b"""<CreateSessionResult><Credentials><SessionToken>EXPRESS-TOKEN</SessionToken><SecretAccessKey>xs</SecretAccessKey>
<AccessKeyId>XAK</AccessKeyId><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>"""
CUSTOMER = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "0123456789abcdef0123456789abcdef"}


def express_sender(_options: Any) -> Any:
    def send(request: Request) -> Reply:
        assert "?session" in request.url
        return Reply(200, "OK", {"content-type": "application/xml"}, SESSION, request=request)

    return send


def rendered(
    client: Client, name: str, params: dict[str, Any], varying: Mapping[str, str]
) -> tuple[str, str, dict[str, str]]:
    """Method, URL and headers that the template makes of a call."""
    core = Core(client)
    operation = core.operation(name)
    body = params.pop("Body", None)
    fixed = {known: value for known, value in params.items() if known not in varying and known != "Key"}
    made = template(core, operation, fixed, tuple(varying), body is not None or name == "DeleteObjects")
    values: dict[bytes, bytes] = {b"invocation": b"i", b"attempt": b"attempt=1", b"length": b"0"}
    for known, text in varying.items():
        in_query = known in ("ContinuationToken", "VersionId")
        if in_query:
            values[known.encode()] = quote(text, safe="").encode()
        else:
            put_header(values, known, text)
    if name == "DeleteObjects":
        body = core.signed(core.prepare(operation, params)).body
    if body is not None:
        values[b"sum"] = body_checksum(body, made.algorithm or "crc32").encode()
        values[b"hash"] = body_hash(body).encode()
        values[b"length"] = b"%d" % len(body)
    head = made.head(params.get("Key", ""), NOW, values).decode()
    lines = head.removesuffix("\r\n\r\n").split("\r\n")
    method, target, version = lines[0].split(" ")
    assert version == "HTTP/1.1"
    headers = dict(line.split(": ", 1) for line in lines[1:])
    return method, f"{made.origin.scheme}://{headers.pop('Host')}{target}", headers


def expected(client: Client, name: str, params: dict[str, Any]) -> tuple[str, str, dict[str, str]]:
    _, request, _ = client._signed_request(client._service_model.operation_model(name), params, trailers=False)
    return request.method, request.url, dict(request.headers)


def assert_same(client: Client, name: str, params: dict[str, Any], varying: Mapping[str, str] | None = None) -> None:
    method, url, headers = rendered(client, name, dict(params), varying or {})
    plain = {known: text for known, text in (varying or {}).items() if "." not in known}
    wanted_method, wanted_url, wanted = expected(client, name, {**params, **plain})
    assert (method, url) == (wanted_method, wanted_url)
    assert headers.pop("Accept-Encoding") == "identity"
    length = headers.pop("Content-Length", None)
    assert (length is None) == (method in ("GET", "HEAD"))
    wanted.pop("Expect", None)  # small bodies go at once
    for moving in ("amz-sdk-invocation-id", "amz-sdk-request"):
        assert headers.pop(moving)
        wanted.pop(moving)
    for headline in (headers, wanted):
        headline["User-Agent"] = headline["User-Agent"].partition(" sid/")[0]
    assert headers == wanted
    assert varying or list(headers) == list(wanted)


OPERATIONS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("PutObject", {"Body": b"hello"}, {"ContentType": "text/plain;  charset=utf-8"}),
    ("PutObject", {"Body": b"", "ContentType": "a/b", "StorageClass": "STANDARD_IA", **CUSTOMER}, {}),
    ("PutObject", {"Body": b"x", "Metadata": {"Um": "1", "mtime": "17.5"}, "RequestPayer": "requester"}, {"Metadata.mtime": "17.5"}),
    ("PutObject", {"Body": b"x", "ChecksumAlgorithm": "SHA256", "IfNoneMatch": "*"}, {}),
    ("PutObject", {"Body": b"x", "ChecksumCRC32C": "yZRlqg==", "ACL": "public-read"}, {}),
    ("GetObject", {}, {}),
    ("GetObject", {"RequestPayer": "requester", "Range": "bytes=8-15", "IfMatch": '"abc"', **CUSTOMER}, {"Range": "bytes=8-15", "IfMatch": '"abc"'}),
    ("HeadObject", {"ChecksumMode": "ENABLED"}, {}),
    ("DeleteObject", {"VersionId": "v+/1="}, {"VersionId": "v+/1="}),
    ("CopyObject", {"CopySource": "src/a%20b", "MetadataDirective": "REPLACE", "Metadata": {"a": "b"}}, {}),
    ("UploadPart", {"Body": b"x" * 100, "UploadId": "u/1+", "PartNumber": 7}, {}),
    ("CreateMultipartUpload", {"ContentType": "text/x", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "k"}, {}),
    ("UploadPartCopy", {"CopySource": "src/k", "CopySourceRange": "bytes=0-9", "UploadId": "u", "PartNumber": 1}, {"CopySourceRange": "bytes=0-9"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "params", "varying"), OPERATIONS, ids=lambda value: value if isinstance(value, str) else ""
)
@pytest.mark.parametrize("url", [None, "http://127.0.0.1:9000", "http://[::1]:9000/pre/fix"])
def test_operations(
    tmp_path: Path, name: str, params: dict[str, Any], varying: dict[str, str], url: str | None
) -> None:
    env = {"AWS_SESSION_TOKEN": "tok+en=="} if url is None else {}
    client = s3_client(tmp_path, url, env, sender=nobody, now=lambda: NOW)
    if url is None and name in ("PutObject", "UploadPart"):
        client = s3_client(tmp_path, "http://h.example", env, sender=nobody, now=lambda: NOW)
    assert_same(client, name, {"Bucket": "bucket", "Key": "a b/c", **params}, varying)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", ["PutObject", "GetObject"])
def test_odd_keys(tmp_path: Path, key: str, name: str) -> None:
    client = s3_client(tmp_path, "http://s3.example:81", sender=nobody, now=lambda: NOW)
    assert_same(client, name, {"Bucket": "bucket", "Key": key, **({"Body": b"1"} if name == "PutObject" else {})})


@pytest.mark.parametrize("bucket", ["bucket", "with.dots", ACCESS_POINT, "dir--use1-az4--x-s3"])
@pytest.mark.parametrize("style", ["auto", "path", "virtual"])
def test_buckets(tmp_path: Path, bucket: str, style: str) -> None:
    config = tmp_path / "config"
    config.write_text(f"[default]\ns3 =\n  addressing_style = {style}\n  payload_signing_enabled = false\n")
    env = {"AWS_CONFIG_FILE": str(config)}
    client = s3_client(tmp_path, None, env, sender=express_sender, now=lambda: NOW)
    express = bucket.endswith("--x-s3")
    for name in ("GetObject", "DeleteObject", *(() if express else ("PutObject",))):
        params = {"Bucket": bucket, "Key": "k", **({"Body": b"1"} if name == "PutObject" else {})}
        if not express:
            assert_same(client, name, params)
            continue
        method, url, headers = rendered(client, name, params, {})
        assert headers["x-amz-s3session-token"] == "EXPRESS-TOKEN"
        call = client_call(client, name, params)
        assert (method, url) == (call.method, call.url)
        assert headers["Authorization"] == call.headers["Authorization"]


def client_call(client: Client, name: str, params: dict[str, Any]) -> Request:
    core = Core(client)
    return core.signed(core.prepare(core.operation(name), params))


def test_list_and_batch_delete(tmp_path: Path) -> None:
    client = s3_client(tmp_path, None, sender=nobody, now=lambda: NOW)
    listing = {"Bucket": "b-u", "Prefix": "p /ü", "Delimiter": "/", "MaxKeys": 7, "ContinuationToken": "1+/=%"}
    assert_same(client, "ListObjectsV2", listing, {"ContinuationToken": "1+/=%"})
    objects = [{"Key": "a<&>\r\n"}, {"Key": "b", "VersionId": "v"}]
    assert_same(client, "DeleteObjects", {"Bucket": "b-u", "Delete": {"Objects": objects, "Quiet": True}})


def test_behind_tls_the_body_is_unsigned_and_has_its_checksum_in_a_header(tmp_path: Path) -> None:
    client = s3_client(tmp_path, None, sender=nobody, now=lambda: NOW)
    _, url, headers = rendered(client, "PutObject", {"Bucket": "bucket", "Key": "k", "Body": b"hello"}, {})
    assert urlsplit(url).scheme == "https"
    assert headers["X-Amz-Content-SHA256"] == "UNSIGNED-PAYLOAD"
    algorithm = default_algorithm().lower()
    assert headers[f"x-amz-checksum-{algorithm}"] == body_checksum(b"hello", algorithm)
    assert f"x-amz-checksum-{algorithm}" in headers["Authorization"]


def test_without_signature(tmp_path: Path) -> None:
    client = s3_client(tmp_path, "http://h.example", flags={"sign_request": False}, sender=nobody, now=lambda: NOW)
    assert_same(client, "GetObject", {"Bucket": "bucket", "Key": "k"})


def test_checksums_only_where_required(tmp_path: Path) -> None:
    env = {"AWS_REQUEST_CHECKSUM_CALCULATION": "when_required", "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required"}
    client = s3_client(tmp_path, "http://h.example", env, sender=nobody, now=lambda: NOW)
    assert_same(client, "PutObject", {"Bucket": "bucket", "Key": "k", "Body": b"1"})
    assert_same(client, "GetObject", {"Bucket": "bucket", "Key": "k"})
    assert_same(client, "DeleteObjects", {"Bucket": "b-u", "Delete": {"Objects": [{"Key": "a"}], "Quiet": True}})


def test_the_key_of_another_day(tmp_path: Path) -> None:
    client = s3_client(tmp_path, "http://h.example", sender=nobody, now=lambda: NOW)
    core = Core(client)
    made = template(core, core.operation("GetObject"), {"Bucket": "bucket"})
    values: dict[bytes, bytes] = {b"invocation": b"i", b"attempt": b"a"}
    before = made.head("k", NOW, values)
    later = NOW.replace(month=12, day=1, hour=0)
    after = made.head("k", later, values)
    assert b"/20261129/" in before
    assert b"/20261201/" in after
    other = template(core, core.operation("GetObject"), {"Bucket": "bucket"})
    assert other.head("k", later, values) == after


def test_what_the_core_refuses_is_refused_here(tmp_path: Path) -> None:
    core = Core(s3_client(tmp_path, "http://h.example", sender=nobody))
    with pytest.raises(ParamValidationError, match="Invalid bucket name"):
        template(core, core.operation("GetObject"), {"Bucket": "no/bucket"})
    with pytest.raises(ParamValidationError, match="Non ascii"):
        template(core, core.operation("PutObject"), {"Bucket": "b-u", "Metadata": {"a": "ü"}}, body=True)
    with pytest.raises(ValueError, match="Invalid header value"):
        put_header({}, "Range", "a\r\nX-Evil: 1")
