"""`client.upload_file` and its kin, as boto3 has them, against an S3 of our own."""

import io
import os
import time
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from json import loads
from pathlib import Path
from typing import Any

import pytest

import awsmini
from awsmini.errors import ClientError
from awsmini.sign.sigv4 import signature, signing_key
from tests.services.s3.stand_in import StandIn
from tests.transfer.clients import KEYS, NOW, s3_client

MB = 1024 * 1024
SMALL = awsmini.TransferConfig(multipart_threshold=MB // 2, multipart_chunksize=MB // 4, max_concurrency=3)


@pytest.fixture
def s3() -> Iterator[StandIn]:
    with StandIn() as server:
        server.bucket("box", "other")
        yield server


@pytest.fixture
def client(s3: StandIn, tmp_path: Path) -> Any:
    return s3_client(tmp_path, s3.url)


@pytest.mark.parametrize("size", [0, 5, MB // 2, 12 * MB + 17])
def test_files_there_and_back(s3, client, tmp_path, size):
    content = os.urandom(size)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    told: list[int] = []
    extra = {"ContentType": "x/y", "Metadata": {"author": "ann"}}
    client.upload_file(source, "box", "a b/ü", ExtraArgs=extra, Callback=told.append, Config=SMALL)
    stored = s3.buckets["box"]["a b/ü"]
    assert (stored.body, stored.headers["content-type"], stored.metadata) == (content, "x/y", {"author": "ann"})
    assert sum(told) == size
    told.clear()
    stored.modified = datetime(2020, 1, 1, tzinfo=timezone.utc)
    client.download_file("box", "a b/ü", str(target), Callback=told.append, Config=SMALL)
    assert target.read_bytes() == content
    assert sum(told) == size
    assert time.time() - target.stat().st_mtime < 60  # when it was made, as boto3 has it


class Giver:
    """A file object with nothing but `read`."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(min(size, 1000) if size >= 0 else size)


class Taker:
    """A file object with nothing but `write`, which says nothing."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, data: bytes) -> None:
        assert isinstance(data, bytes)
        self.content += data


@pytest.mark.parametrize("size", [0, 5, 3 * MB + 17])
def test_file_objects(s3, client, size):
    content = os.urandom(size)
    client.upload_fileobj(Giver(content), "box", "k", ExtraArgs={"ACL": "private"}, Config=SMALL)
    assert s3.buckets["box"]["k"].body == content
    taker, told = Taker(), []
    client.download_fileobj("box", "k", taker, Callback=told.append, Config=SMALL)
    assert (taker.content, sum(told)) == (content, size)
    opened = io.BytesIO(b"skipped" + content)
    opened.seek(7)
    client.upload_fileobj(opened, "box", "rest")
    assert s3.buckets["box"]["rest"].body == content
    assert not opened.closed


@pytest.mark.parametrize("size", [5, MB + 17])
def test_copies(s3, client, size):
    content = os.urandom(size)
    s3.put("other", "from/ü", content)
    s3.buckets["other"]["from/ü"].headers["content-type"] = "x/y"
    s3.buckets["other"]["from/ü"].metadata["author"] = "ann"
    told: list[int] = []
    client.copy({"Bucket": "other", "Key": "from/ü"}, "box", "to", Callback=told.append, Config=SMALL)
    stored = s3.buckets["box"]["to"]
    assert (stored.body, sum(told)) == (content, size)
    assert (stored.headers["content-type"], stored.metadata) == ("x/y", {"author": "ann"})  # in parts as well
    extra = {"MetadataDirective": "REPLACE", "ContentType": "q/r", "Metadata": {"author": "bob"}}
    client.copy({"Bucket": "other", "Key": "from/ü"}, "box", "to", ExtraArgs=extra, Config=SMALL)
    stored = s3.buckets["box"]["to"]
    assert (stored.headers["content-type"], stored.metadata) == ("q/r", {"author": "bob"})


@pytest.mark.parametrize("size", [5, MB + 17])
def test_a_version_is_copied(s3, client, size):
    s3.put("other", "k", bytes(size))
    client.copy({"Bucket": "other", "Key": "k", "VersionId": "v 1"}, "box", "to", Config=SMALL)
    asked = [request for request in s3.log if request.method == "HEAD"]
    sources = {request.headers["x-amz-copy-source"] for request in s3.log if "x-amz-copy-source" in request.headers}
    assert asked[0].query["versionId"] == "v 1"
    assert len(sources) == 1
    assert sources <= {"other/k?versionId=v%201", "other/k?versionId=v 1"}


def test_another_client_looks_at_the_source(s3, client, tmp_path):
    s3.put("other", "k", b"hello")
    with StandIn() as elsewhere:
        elsewhere.put("other", "k", b"hello")
        client.copy({"Bucket": "other", "Key": "k"}, "box", "to", SourceClient=s3_client(tmp_path, elsewhere.url))
        assert [request.method for request in elsewhere.log] == ["HEAD"]
    assert s3.buckets["box"]["to"].body == b"hello"


def test_from_many_threads_at_once(s3, client, tmp_path):
    def there_and_back(number: int) -> bytes:
        source, target = tmp_path / f"s{number}", tmp_path / f"t{number}"
        source.write_bytes(b"%d" % number * 1000)
        client.upload_file(source, "box", str(number))
        client.download_file("box", str(number), target)
        return target.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(there_and_back, range(24))) == [b"%d" % number * 1000 for number in range(24)]


def test_what_cannot_be_done_is_an_error_and_leaves_nothing(s3, client, tmp_path):
    with pytest.raises(ClientError, match=r"\(404\) when calling the HeadObject operation: Not Found"):
        client.download_file("box", "none", tmp_path / "target")
    with pytest.raises(FileNotFoundError):
        client.upload_file(tmp_path / "none", "box", "k")
    (tmp_path / "source").write_bytes(bytes(MB))
    s3.fail("PUT", "/box/k", status=403, code="AccessDenied", times=9)
    with pytest.raises(ClientError, match="AccessDenied"):
        client.upload_file(tmp_path / "source", "box", "k", Config=SMALL)
    assert {upload.ended for upload in s3.uploads.values()} == {"aborted"}
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["source"]
    stopped = awsmini.ClientError({"Error": {}}, "Stopped")

    def stop(_: int) -> None:
        raise stopped

    with pytest.raises(ClientError) as caught:
        client.upload_file(tmp_path / "source", "box", "other", Callback=stop)
    assert caught.value is stopped


BAD = [
    (
        lambda c: c.upload_file("x", "box", "k", ExtraArgs={"Bucket": "y"}),
        ValueError,
        "Invalid extra_args key 'Bucket'",
    ),
    (lambda c: c.download_file("box", "k", "x", ExtraArgs={"Range": "y"}), ValueError, "must be one of: IfMatch, "),
    (lambda c: c.copy({"Bucket": "b", "Key": "k"}, "box", "k", ExtraArgs={"Nosuch": 1}), ValueError, "'Nosuch'"),
    (lambda c: c.copy("b/k", "box", "k"), TypeError, "CopySource has to be"),
    (lambda c: c.upload_fileobj("text", "box", "k"), ValueError, "must implement read"),
    (lambda c: c.upload_fileobj(io.StringIO("text"), "box", "k"), TypeError, "has to give bytes, and gives text"),
    (lambda c: c.download_fileobj("box", "k", "text"), ValueError, "must implement write"),
    (lambda c: c.upload_file("x", "box", "k", Callback=5), awsmini.ParamValidationError, "Callback has to be"),
    (lambda c: c.upload_file("x", "box", "k", Config={}), TypeError, "Config has to be an awsmini.TransferConfig"),
    (lambda c: c.upload_file("x", "box", "k", ExtraArgs=[1]), TypeError, "ExtraArgs has to be a dict"),
    (lambda _: awsmini.TransferConfig(multipart_chunksize=0), ValueError, "multipart_chunksize has to be"),
]


@pytest.mark.parametrize(("call", "kind", "message"), BAD)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(s3, client, call, kind, message):
    with pytest.raises(kind, match=message):
        call(client)
    assert s3.log == []


def test_a_form_that_uploads(tmp_path):
    client = s3_client(tmp_path, now=lambda: NOW)
    made = client.generate_presigned_post(
        "box", "in/${filename}", {"acl": "private"}, [{"acl": "private"}, ["content-length-range", 1, 9]], 60
    )
    assert made["url"] == "https://box.s3.eu-west-1.amazonaws.com/"
    fields = dict(made["fields"])
    policy = fields.pop("policy")
    credential = f"{KEYS['AWS_ACCESS_KEY_ID']}/20261129/eu-west-1/s3/aws4_request"
    key = signing_key(KEYS["AWS_SECRET_ACCESS_KEY"], "20261129", "eu-west-1", "s3")
    assert fields.pop("x-amz-signature") == signature(key, policy)
    signed = {
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": credential,
        "x-amz-date": "20261129T235958Z",
    }
    assert fields == {"acl": "private", "key": "in/${filename}", **signed}
    assert loads(b64decode(policy)) == {
        "expiration": "2026-11-30T00:00:58Z",
        "conditions": [
            {"acl": "private"},
            ["content-length-range", 1, 9],
            {"bucket": "box"},
            ["starts-with", "$key", "in/"],
            *({name: value} for name, value in signed.items()),
        ],
    }


def test_the_form_of_who_signs_nothing(tmp_path):
    client = s3_client(tmp_path, flags={"sign_request": False})
    assert client.generate_presigned_post("box", "k") == {
        "url": "https://box.s3.eu-west-1.amazonaws.com/",
        "fields": {"key": "k"},
    }
