"""A real S3 gateway that checks signatures: what it accepts is signed as it was sent, byte for byte."""

import hashlib
import re
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, unquote_plus
from xml.etree import ElementTree

import pytest

from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel
from awsmini.records import Credentials, Reply, Request, Scope
from awsmini.send.checksums import with_checksum
from awsmini.send.http import HttpSender
from awsmini.send.options import SenderOptions
from awsmini.send.proxies import Proxies
from awsmini.sign import presign, sign
from tests.servers import SeaweedFS

SCOPE = Scope(auth="s3v4", region="us-east-1", service="s3", double_encode=False, unsigned_stream=True)
KEYS = [
    "plain", "with space", "a+b", "dir//double//slash", "ünïcödé/日本", "100%", "%41", "%2F", "a&b=c?d#e", "semi;colon,comma",
    "quote'\"", "star*(paren)!~", "dots/.../x", "tab\there", "~tilde-._", "[brackets]", "colon:at@",
]  # fmt: skip


class Gateway:
    """Calls on the gateway, signed and sent by awsmini's own functions."""

    def __init__(self, server: SeaweedFS, base: str, **options: Any) -> None:
        self.base = base
        self.keys = Credentials(access_key=server.access_key, secret_key=server.secret_key)
        self.send = HttpSender(SenderOptions(verify=server.ca_bundle, proxies=Proxies(), **options))

    def url(self, path: str, query: str = "") -> str:
        return f"{self.base}{quote(path, safe='/~')}{'?' if query else ''}{query}"

    def call(
        self,
        method: str,
        path: str,
        query: str = "",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        operation: str | None = None,
        stream: bool = False,
    ) -> Reply:
        request = Request(method=method, url=self.url(path, query), headers=headers or {}, body=body, stream=stream)
        if operation:
            request = with_checksum(request, S3.operation_model(operation), {})
        return self.send(sign(request, SCOPE, self.keys, datetime.now(timezone.utc)))

    def presigned(self, method: str, path: str, query: str = "", now: datetime | None = None) -> str:
        request = Request(method=method, url=self.url(path, query))
        return presign(request, SCOPE, self.keys, now or datetime.now(timezone.utc), 60).url


S3 = ServiceModel(ModelFinder({}).lines("s3"))


@pytest.fixture(scope="module", params=["http", "https"])
def gateway(request: pytest.FixtureRequest, seaweedfs: SeaweedFS) -> Gateway:
    gateway = Gateway(seaweedfs, seaweedfs.url if request.param == "http" else seaweedfs.https_url)
    made = gateway.call("PUT", f"/signatures-{request.param}")
    assert made.status == 200, made.body
    gateway.base += f"/signatures-{request.param}"
    return gateway


@pytest.mark.parametrize("key", KEYS)
def test_objects_with_awkward_keys(gateway: Gateway, key: str):
    body = key.encode() * 3
    put = gateway.call("PUT", f"/{key}", body=body, operation="PutObject")
    assert put.status == 200, put.body
    assert put.headers["etag"] == f'"{hashlib.md5(body).hexdigest()}"'
    assert gateway.call("GET", f"/{key}").body == body
    head = gateway.call("HEAD", f"/{key}")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(body)))
    listed = gateway.call("GET", "/", f"list-type=2&encoding-type=url&prefix={quote(key, safe='')}")
    assert listed.status == 200, listed.body
    if "//" not in key:  # which this gateway keeps as one slash
        assert [unquote_plus(found) for found in texts(listed, "Key")] == [key]
    assert gateway.call("DELETE", f"/{key}").status == 204
    assert gateway.call("GET", f"/{key}").status == 404


@pytest.mark.parametrize("key", KEYS)
def test_presigned_urls(gateway: Gateway, key: str, fetch: Callable[..., bytes]):
    fetch(gateway.presigned("PUT", f"/{key}"), "PUT", b"by url")
    assert fetch(gateway.presigned("GET", f"/{key}", "response-content-type=text%2Fx")) == b"by url"
    assert gateway.call("DELETE", f"/{key}").status == 204


def test_a_presigned_url_ends_and_holds_for_one_method(gateway: Gateway, fetch: Callable[..., bytes]):
    gateway.call("PUT", "/once", body=b"x")
    late = datetime.now(timezone.utc) - timedelta(minutes=5)
    with pytest.raises(HTTPError, match="403"):
        fetch(gateway.presigned("GET", "/once", now=late))
    with pytest.raises(HTTPError, match="403"):
        fetch(gateway.presigned("GET", "/once"), "PUT", b"y")
    assert gateway.call("GET", "/once").body == b"x"


def test_a_stream_with_its_checksum(gateway: Gateway):
    """Over TLS the checksum is a trailer, and the body is sent in aws-chunked form."""
    content = bytes(range(256)) * 12_000
    put = gateway.call(
        "PUT", "/stream", body=BytesIO(content), headers={"Expect": "100-continue"}, operation="PutObject"
    )
    assert put.status == 200, put.body
    got = gateway.call("GET", "/stream", stream=True)
    assert b"".join(got.raw) == content
    part = gateway.call("GET", "/stream", headers={"Range": "bytes=5-9"})
    assert (part.status, part.body) == (206, content[5:10])


def test_an_empty_object(gateway: Gateway):
    assert gateway.call("PUT", "/empty", body=BytesIO(b""), operation="PutObject").status == 200
    assert gateway.call("GET", "/empty").body == b""


def test_multipart(gateway: Gateway):
    started = gateway.call("POST", "/multi part", "uploads")
    upload = texts(started, "UploadId")[0]
    tags = []
    for number in (1, 2):
        query = f"partNumber={number}&uploadId={quote(upload, safe='')}"
        content = BytesIO(bytes([number]) * 5 * 1024 * 1024)
        tags.append(gateway.call("PUT", "/multi part", query, content, operation="UploadPart").headers["etag"])
    parts = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{tag}</ETag></Part>" for n, tag in enumerate(tags, 1))
    body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    done = gateway.call("POST", "/multi part", f"uploadId={quote(upload, safe='')}", body)
    assert done.status == 200, done.body
    assert int(gateway.call("HEAD", "/multi part").headers["content-length"]) == 10 * 1024 * 1024


def test_several_objects_deleted_at_once(gateway: Gateway):
    for key in ("del/1", "del/2"):
        gateway.call("PUT", f"/{key}", body=b"x")
    body = b"<Delete><Object><Key>del/1</Key></Object><Object><Key>del/2</Key></Object></Delete>"
    deleted = gateway.call("POST", "/", "delete", body, operation="DeleteObjects")
    assert sorted(texts(deleted, "Key")) == ["del/1", "del/2"], deleted.body


def test_headers_with_metadata(gateway: Gateway):
    headers = {
        "x-amz-meta-Spaces": "a   b  c",
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "no-cache",
    }
    assert gateway.call("PUT", "/meta", body=b"x", headers=headers).status == 200
    assert gateway.call("HEAD", "/meta").headers["content-type"] == headers["Content-Type"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"secret_key": "wrong"}, "SignatureDoesNotMatch"), ({"access_key": "AKIDNOBODY"}, "InvalidAccessKeyId")],
)
def test_wrong_keys_are_refused(gateway: Gateway, seaweedfs: SeaweedFS, change: dict[str, str], code: str):
    keys = {"access_key": seaweedfs.access_key, "secret_key": seaweedfs.secret_key, **change}
    request = Request(method="GET", url=gateway.url("/x"))
    reply = gateway.send(sign(request, SCOPE, Credentials(**keys), datetime.now(timezone.utc)))
    assert (reply.status, texts(reply, "Code")) == (403, [code])


def test_a_request_changed_after_signing_is_refused(gateway: Gateway):
    signed = sign(
        Request(method="PUT", url=gateway.url("/x"), body=b"a"), SCOPE, gateway.keys, datetime.now(timezone.utc)
    )
    other = gateway.send(Request(method="PUT", url=gateway.url("/y"), headers=signed.headers, body=b"a"))
    assert (other.status, texts(other, "Code")) == (403, ["SignatureDoesNotMatch"])


@pytest.fixture
def fetch(gateway: Gateway, seaweedfs: SeaweedFS) -> Callable[..., bytes]:
    """A program that knows nothing of AWS, as the users of presigned URLs are."""
    context = ssl.create_default_context(cafile=seaweedfs.ca_bundle)

    def fetch(url: str, method: str = "GET", body: bytes | None = None) -> bytes:
        headers = {"Content-Type": "binary/octet-stream"} if body else {}
        request = urllib.request.Request(url, body, headers, method=method)
        handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)]
        with urllib.request.build_opener(*handlers).open(request, timeout=10) as reply:
            return bytes(reply.read())

    return fetch


def texts(reply: Reply, name: str) -> list[str]:
    """The texts of all elements of a name, in any namespace."""
    root = ElementTree.fromstring(re.sub(rb' xmlns="[^"]+"', b"", reply.body))
    return [element.text or "" for element in root.iter(name)]
