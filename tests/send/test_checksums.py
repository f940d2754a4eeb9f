"""Checksums of requests and answers."""

import base64
import hashlib
import io
from typing import Any
from zlib import crc32

import pytest

from awsmini.errors import ChecksumError
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.records import Call, Endpoint, Reply, Request, Scope
from awsmini.send import checksums, crc
from awsmini.send.body import UnseekableStreamError, rewind
from awsmini.send.checksums import AwsChunked, UnsupportedChecksumError, features, verified, with_checksum

S3 = ServiceModel(ModelFinder({}).lines("s3"))
HTTP, HTTPS = "http://h/k", "https://h/k"
HELLO_CRC32 = "NhCmhg=="
HELLO_SHA256 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="


@pytest.fixture(autouse=True)
def _without_awscrt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests say when awscrt is there, whether it is or not."""
    monkeypatch.setattr(checksums, "has_crt", lambda: False)


def put(url: str = HTTP, body: Any = b"hello", name: str = "PutObject", **headers: str) -> Request:
    return Request(
        method="PUT", url=url, headers={key.replace("_", "-"): value for key, value in headers.items()}, body=body
    )


def operation(name: str = "PutObject") -> OperationModel:
    return S3.operation_model(name)


@pytest.mark.parametrize(
    ("name", "params", "calculation", "expected"),
    [
        ("PutObject", {}, "when_supported", {"x-amz-checksum-crc32": HELLO_CRC32, "x-amz-sdk-checksum-algorithm": "CRC32"}),
        ("PutObject", {}, "when_required", {}),
        ("PutObject", {"ChecksumAlgorithm": "SHA256"}, "when_supported", {"x-amz-checksum-sha256": HELLO_SHA256}),
        ("PutObject", {"ChecksumAlgorithm": "CRC32"}, "when_required", {"x-amz-checksum-crc32": HELLO_CRC32}),
        ("PutObject", {"ChecksumAlgorithm": "crc32c"}, "when_supported", {"x-amz-checksum-crc32c": "mnG7TA=="}),
        ("PutObject", {"ChecksumAlgorithm": "CRC64NVME"}, "when_supported", {"x-amz-checksum-crc64nvme": "M3eFcAZSQlc="}),
        ("PutObject", {"ChecksumAlgorithm": "SHA1"}, "when_supported", {"x-amz-checksum-sha1": "qvTGHdzF6KLavt4PO0gs2a6pQ00="}),
        (
            "DeleteObjects", {}, "when_required",
            {"x-amz-checksum-crc32": HELLO_CRC32, "x-amz-sdk-checksum-algorithm": "CRC32"},
        ),
        (
            "CreateMultipartUpload", {}, "when_supported",
            {"x-amz-checksum-crc32": HELLO_CRC32, "x-amz-checksum-algorithm": "CRC32"},
        ),
        ("GetObject", {}, "when_supported", {}),
        ("ListBuckets", {}, "when_supported", {}),
    ],
)  # fmt: skip
def test_checksums_in_headers(name: str, params: dict[str, str], calculation: str, expected: dict[str, str]):
    if name == "CreateMultipartUpload" and "requestAlgorithmMember" not in operation(name).http_checksum:
        expected = {}
    assert dict(with_checksum(put(), operation(name), params, calculation).headers) == expected


@pytest.mark.parametrize(
    "given", ["x-amz-checksum-sha256", "X-Amz-Checksum-CRC32C", "x-amz-checksum-algorithm", "x-amz-checksum-md5"]
)
def test_a_checksum_that_was_given_is_the_only_one(given: str):
    request = put(HTTPS, **{given: "x"})
    assert with_checksum(request, operation(), {"ChecksumAlgorithm": "SHA256"}) is request


def test_other_services_that_need_one():
    model = ServiceModel(ModelFinder({}).lines("s3control"))
    needing = next(
        model.operation_model(name)
        for name in model.operation_names
        if model.operation_model(name).http_checksum_required
    )
    assert with_checksum(put(), needing, {}, "when_required").headers == {"x-amz-checksum-crc32": HELLO_CRC32}


def test_presigned_urls_have_none_but_what_was_asked_for():
    assert with_checksum(put(), operation(), {}, presigning=True).headers == {}
    asked = with_checksum(put(), operation(), {"ChecksumAlgorithm": "SHA256"}, presigning=True)
    assert list(asked.headers) == ["x-amz-checksum-sha256"]


def test_without_a_body():
    assert with_checksum(put(body=None), operation(), {}).headers["x-amz-checksum-crc32"] == "AAAAAA=="


def test_a_stream_is_read_and_put_back():
    body = io.BytesIO(b"skip hello")
    body.seek(5)
    request = with_checksum(put(body=body), operation(), {})
    assert request.headers["x-amz-checksum-crc32"] == HELLO_CRC32
    assert body.tell() == 5


def test_a_stream_that_cannot_be_put_back():
    class Pipe(io.RawIOBase):
        def tell(self) -> int:
            raise OSError(29, "Illegal seek")

    with pytest.raises(UnseekableStreamError):
        with_checksum(put(body=Pipe()), operation(), {})


def test_with_awscrt_the_default_is_aws_cli_v2s(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checksums, "has_crt", lambda: True)
    monkeypatch.setattr(checksums, "_python_left", 0)
    monkeypatch.setitem(checksums.CRCS, "crc64nvme", ("awsmini.send.crc:crc64nvme", "", 8))
    headers = with_checksum(put(), operation(), {}).headers
    assert headers == {"x-amz-checksum-crc64nvme": "M3eFcAZSQlc=", "x-amz-sdk-checksum-algorithm": "CRC64NVME"}


@pytest.mark.parametrize("body", [b"hello", io.BytesIO(b"hello")], ids=["bytes", "stream"])
def test_trailers_over_tls(body: Any):
    request = with_checksum(put(HTTPS, body, Content_Length="5", content_type="x"), operation(), {})
    assert request.headers == {
        "content-type": "x",
        "Transfer-Encoding": "chunked",
        "Content-Encoding": "aws-chunked",
        "X-Amz-Trailer": "x-amz-checksum-crc32",
        "X-Amz-Decoded-Content-Length": "5",
        "x-amz-sdk-checksum-algorithm": "CRC32",
    }
    expected = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
    assert request.body.read() == expected
    assert rewind(request).body.read() == expected


def test_a_content_encoding_comes_before():
    request = with_checksum(put(HTTPS, content_encoding="gzip"), operation(), {})
    assert request.headers["Content-Encoding"] == "gzip,aws-chunked"
    assert "content-encoding" not in request.headers


def test_operations_without_a_stream_have_no_trailer():
    assert "x-amz-checksum-crc32" in with_checksum(put(HTTPS), operation("DeleteObjects"), {}).headers


@pytest.mark.parametrize("size", [997, 100_000, 5_000_000, -1, None])
@pytest.mark.parametrize("length", [0, 1, 1024 * 1024, 2_500_000])
def test_aws_chunked_is_botocores(size: int | None, length: int):
    httpchecksum = pytest.importorskip("botocore.httpchecksum")
    data = bytes(range(256)) * (length // 256 + 1)
    theirs = httpchecksum.AwsChunkedWrapper(
        io.BytesIO(data[:length]), checksum_cls=httpchecksum.Sha256Checksum, checksum_name="x-amz-checksum-sha256"
    )
    ours = AwsChunked(io.BytesIO(data[:length]), "sha256")
    expected = theirs.read()
    for _ in range(2):
        assert b"".join(iter(lambda: ours.read(size), b"")) == expected  # type: ignore[arg-type]
        ours.seek(0)


def test_aws_chunked_goes_back_to_the_start_only():
    body = AwsChunked(io.BytesIO(b"x"), "crc32")
    for where in ((1, 0), (0, 2)):
        with pytest.raises(OSError, match="start of stream"):
            body.seek(*where)


@pytest.mark.parametrize(
    ("function", "data", "expected"),
    [
        (crc.crc32c, b"", 0),
        (crc.crc32c, b"123456789", 0xE3069283),
        (crc.crc32c, bytes(32), 0x8A9136AA),
        (crc.crc32c, b"\xff" * 32, 0x62A8AB43),
        (crc.crc64nvme, b"", 0),
        (crc.crc64nvme, b"123456789", 0xAE8B14860A799888),
        (crc.crc64nvme, bytes(4096), 0x6482D367EB22B64E),
        (crc.crc64nvme, b"\xff" * 4096, 0xC0DDBA7302ECA3AC),
    ],
)
def test_published_sums(function: Any, data: bytes, expected: int):
    assert function(data) == expected
    assert function(data[3:], function(data[:3])) == expected


def test_sums_are_awscrts():
    crt = pytest.importorskip("awscrt.checksums")
    data = hashlib.sha512(b"x").digest() * 3
    assert crc.crc32c(data) == crt.crc32c(data)
    assert crc.crc64nvme(data) == crt.crc64nvme(data)


@pytest.mark.parametrize("algorithm", ["xxhash3", "XXHASH64", "md5", "x"])
def test_algorithms_not_known_here(algorithm: str):
    with pytest.raises(UnsupportedChecksumError, match=f"Unsupported checksum algorithm: {algorithm.lower()}"):
        with_checksum(put(), operation(), {"ChecksumAlgorithm": algorithm})


def test_awscrts_hashes(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("awscrt.checksums")
    monkeypatch.setattr(checksums, "has_crt", lambda: True)
    for algorithm, size in (("XXHASH64", 8), ("XXHASH3", 8), ("XXHASH128", 16)):
        headers = with_checksum(put(), operation(), {"ChecksumAlgorithm": algorithm}).headers
        assert len(base64.b64decode(headers[f"x-amz-checksum-{algorithm.lower()}"])) == size


# Answers.


def call(name: str = "GetObject", **params: str) -> Call:
    return Call(operation=operation(name), params=params, endpoint=Endpoint(url=HTTPS), scope=Scope(auth="s3v4"))


def got(body: bytes, streamed: bool = True, status: int = 200, **sums: str) -> Reply:
    headers = {f"x-amz-checksum-{name}": value for name, value in sums.items()} | {"content-length": str(len(body))}
    raw = io.BytesIO(body) if streamed else None
    return Reply(status=status, reason="OK", headers=headers, body=b"" if streamed else body, raw=raw)


def read_all(reply: Reply, size: int | None) -> bytes:
    if size is None:
        return bytes(reply.raw.read())
    return b"".join(iter(lambda: reply.raw.read(size), b""))


@pytest.mark.parametrize("size", [None, 1, 2, 100])
@pytest.mark.parametrize("sums", [{"crc32": HELLO_CRC32}, {"sha256": HELLO_SHA256}, {"crc64nvme": "M3eFcAZSQlc="}])
def test_streams_that_are_right(sums: dict[str, str], size: int | None):
    checked = verified(got(b"hello", **sums), call(ChecksumMode="ENABLED"))
    assert read_all(checked, size) == b"hello"
    assert checked.raw.read(10) == b""


@pytest.mark.parametrize("size", [None, 1, 100])
@pytest.mark.parametrize(
    ("sums", "stated", "is_"),
    [
        ({"crc32": "AAAAAA=="}, "AAAAAA==", HELLO_CRC32),
        ({"crc32": HELLO_CRC32, "crc32c": "AAAAAA=="}, "AAAAAA==", "mnG7TA=="),
        ({"sha256": HELLO_CRC32, "sha1": "qvTGHdzF6KLavt4PO0gs2a6pQ00=", "crc64nvme": "x"}, "x", "M3eFcAZSQlc="),
    ],
)
def test_streams_that_are_wrong(sums: dict[str, str], stated: str, is_: str, size: int | None):
    checked = verified(got(b"hello", **sums), call(ChecksumMode="ENABLED"))
    with pytest.raises(ChecksumError) as caught:
        read_all(checked, size)
    assert str(caught.value) == f"Expected checksum {stated} did not match calculated checksum: {is_}"
    assert caught.value.exit_code == 255


def test_a_stream_that_is_iterated():
    checked = verified(got(b"hello" * 50_000, crc32="AAAAAA=="), call(ChecksumMode="ENABLED"))
    with pytest.raises(ChecksumError):
        list(checked.raw)


def test_whole_bodies():
    right = got(b"hello", streamed=False, crc32=HELLO_CRC32)
    assert verified(right, call(ChecksumMode="ENABLED")) is right
    with pytest.raises(ChecksumError):
        verified(got(b"hellO", streamed=False, crc32=HELLO_CRC32), call(ChecksumMode="ENABLED"))


@pytest.mark.parametrize(
    ("reply", "how"),
    [
        (got(b"hello"), {}),
        (got(b"hello", crc32="AAAAAA==-3"), {}),
        (got(b"hello", unknown="AAAAAA=="), {}),
        (got(b"hello", streamed=False, status=404, crc32="AAAAAA=="), {}),
        (got(b"hello", crc32="AAAAAA=="), {"validation": "when_required"}),
    ],
    ids=["none", "of parts", "unknown", "error", "not asked for"],
)
def test_answers_left_alone(reply: Reply, how: dict[str, str]):
    assert verified(reply, call(), **how) is reply


def test_what_the_user_asked_for_is_done_whatever_the_setting():
    checked = verified(got(b"hello", crc32="AAAAAA=="), call(ChecksumMode="ENABLED"), "when_required")
    with pytest.raises(ChecksumError):
        checked.raw.read()


def test_operations_that_promise_nothing():
    reply = got(b"hello", crc32="AAAAAA==")
    assert verified(reply, call("ListBuckets")) is reply


def test_long_answers_are_not_summed_in_python():
    headers = {"content-length": "2000000", "x-amz-checksum-crc64nvme": "x", "x-amz-checksum-sha1": "y"}
    reply = Reply(status=200, reason="OK", headers=headers, raw=io.BytesIO(b""))
    with pytest.raises(ChecksumError, match="checksum y did not"):
        verified(reply, call()).raw.read()
    only_slow = Reply(status=200, reason="OK", headers={"x-amz-checksum-crc64nvme": "x"}, raw=io.BytesIO(b""))
    assert verified(only_slow, call()) is only_slow


# The settings, and what the User-Agent says.


def test_what_the_user_agent_says():
    sent = with_checksum(put(), operation(), {})
    assert set(features(sent)) == {
        "FLEXIBLE_CHECKSUMS_REQ_WHEN_SUPPORTED", "FLEXIBLE_CHECKSUMS_RES_WHEN_SUPPORTED", "FLEXIBLE_CHECKSUMS_REQ_CRC32",
    }  # fmt: skip
    trailing = with_checksum(put(HTTPS), operation(), {"ChecksumAlgorithm": "CRC64NVME"})
    assert "FLEXIBLE_CHECKSUMS_REQ_CRC64" in set(features(trailing, "when_required", "when_required"))
    assert "FLEXIBLE_CHECKSUMS_REQ_MD5" in set(features(put(x_amz_checksum_md5="x")))
    assert len(set(features(put(sha256="x", x_amz_checksum_mode="ENABLED")))) == 2


def test_pythons_own_sum_is_the_one_meant():
    assert base64.b64encode(crc32(b"hello").to_bytes(4, "big")).decode() == HELLO_CRC32
