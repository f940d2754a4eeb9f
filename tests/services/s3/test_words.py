"""Words of the command line: paths, sizes, settings, content types. Pure, so tables."""

import os

import pytest

from awsmini.errors import ParamValidationError
from awsmini.services.s3 import paths, transfer_settings
from awsmini.services.s3.content_types import guess_in, read
from awsmini.services.s3.sizes import readable, to_int
from awsmini.services.s3.transfer_settings import TransferConfigError

POINT = "arn:aws:s3:us-west-2:123456789012:accesspoint"
OUTPOST = "arn:aws:s3-outposts:us-west-2:123456789012:outpost"


@pytest.mark.parametrize(
    ("path", "bucket", "key"),
    [
        ("s3://b/k", "b", "k"),
        ("s3://b", "b", ""),
        ("s3://b/", "b", ""),
        ("s3://b//k", "b", "/k"),
        ("s3://b/a/b/", "b", "a/b/"),
        ("b/k", "b", "k"),
        (f"s3://{POINT}/name/key/part", f"{POINT}/name", "key/part"),
        (f"s3://{POINT}:name/key", f"{POINT}:name", "key"),
        (f"s3://{POINT}/name", f"{POINT}/name", ""),
        ("s3://arn:aws:s3::123456789012:accesspoint/x.mrap/k", "arn:aws:s3::123456789012:accesspoint/x.mrap", "k"),
        (f"s3://{OUTPOST}/op-1/accesspoint/name/k", f"{OUTPOST}/op-1/accesspoint/name", "k"),
        (f"s3://{OUTPOST}:op-1:accesspoint:name:k", f"{OUTPOST}:op-1:accesspoint:name", "k"),
    ],
)
def test_bucket_and_key(path, bucket, key):
    assert paths.bucket_and_key(path) == (bucket, key)


@pytest.mark.parametrize(
    "path",
    [
        "s3://arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/name/k",
        f"s3://{OUTPOST}/op-1/bucket/b/k",
    ],
)
def test_what_other_commands_are_for(path):
    with pytest.raises(ParamValidationError, match="s3 commands do not support"):
        paths.bucket_and_key(path)


@pytest.mark.parametrize(
    ("path", "many", "root", "named"),
    [
        ("s3://b/k", False, "k", True),
        ("s3://b/k/", False, "k/", False),
        ("s3://b/", False, "", False),
        ("s3://b/k", True, "k/", False),
        ("s3://b", True, "", False),
        ("file", False, "{cwd}/file", True),
        ("new/", False, "{cwd}/new/", False),
        ("folder", False, "{cwd}/folder/", False),
        ("file", True, "{cwd}/file/", False),
        ("a/../file", False, "{cwd}/file", True),
    ],
)
def test_location(tmp_path, monkeypatch, path, many, root, named):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    found = paths.location(path, many=many)
    assert (found.root, found.named) == (root.format(cwd=tmp_path), named)


def test_relative_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = paths.RelativePaths().shown
    assert shown(f"{tmp_path}/f") == "./f"
    assert shown(f"{tmp_path}/d/f") == "d/f"
    assert shown(f"{tmp_path.parent}/f") == "../f"
    assert shown(f"{tmp_path}/d/") == "d/"
    assert shown("/f") == os.path.join(os.path.relpath("/", tmp_path), "f")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 Bytes"), (1, "1 Byte"), (1023, "1023 Bytes"), (1024, "1.0 KiB"), (1048575, "1.0 MiB"),
        (1048576, "1.0 MiB"), (1023.7, "1023 Bytes"), (1536, "1.5 KiB"), (5 * 1024**4, "5.0 TiB"), (2**60, "1.0 EiB"),
        (2**71, "2048.0 EiB"),
    ],
)  # fmt: skip
def test_readable(size, text):
    assert readable(size) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [("10", 10), ("1KB", 1024), ("8mb", 8 * 1024**2), ("1GiB", 1024**3), ("2TB", 2 * 1024**4), ("3kib", 3072)],
)
def test_to_int(text, size):
    assert to_int(text) == size


@pytest.mark.parametrize("text", ["5XB", "", "MB", "1.5MB"])
def test_no_size(text):
    with pytest.raises(ValueError):
        to_int(text)


@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ({}, "multipart_threshold", 8 * 1024**2),
        ({"multipart_threshold": "64MB"}, "multipart_threshold", 64 * 1024**2),
        ({"multipart_chunksize": "16MiB"}, "multipart_chunksize", 16 * 1024**2),
        ({"max_concurrent_requests": "3"}, "max_concurrent_requests", 3),
        ({"max_bandwidth": "1MB/s"}, "max_bandwidth", 1024**2),
        ({"max_bandwidth": "8Mb/s"}, "max_bandwidth", 1024**2),
        ({"max_bandwidth": "1000B/s"}, "max_bandwidth", 1000),
        ({"max_bandwidth": "1000"}, "max_bandwidth", 1000),
        ({"preferred_transfer_client": "default"}, "client", "classic"),
    ],
)
def test_settings(section, field, value):
    assert getattr(transfer_settings.read(section), field) == value


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"max_bandwidth": "1MB"}, "Invalid rate: 1MB. The value must be expressed as an integer"),
        ({"multipart_threshold": "5XB"}, "Invalid size value: 5xb"),
        ({"max_concurrent_requests": "0"}, "Value for max_concurrent_requests must be a positive integer: 0"),
        ({"max_queue_size": "many"}, "Value for max_queue_size must be a positive integer: many"),
        ({"preferred_transfer_client": "own"}, "Supported values are: auto, classic, crt"),
    ],
)
def test_settings_that_cannot_be_used(section, message):
    with pytest.raises(TransferConfigError, match=message):
        transfer_settings.read(section)


TYPES = {"html": "text/html", "tar": "application/x-tar", "svg": "image/svg+xml", "jpg": "image/jpeg", "R": "text/x-r"}


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("/a/b.html", "text/html"), ("b.HTML", "text/html"), ("b", None), (".html", None), ("..html", None),
        ("b.html.bak", None), ("b.tar.gz", "application/x-tar"), ("b.tgz", "application/x-tar"), ("b.gz", None),
        ("b.tbz2", "application/x-tar"), ("b.svgz", "image/svg+xml"), ("b.html.gz", "text/html"), ("b.html.Z", "text/html"),
        ("b.R", "text/x-r"), ("b.r", None), ("x.html/b", None), ("b.", None), ("a b.jpg", "image/jpeg"),
    ],
)  # fmt: skip
def test_content_types(name, content_type):
    assert guess_in(TYPES, name) == content_type


def test_a_mime_types_file(tmp_path):
    file = tmp_path / "mime.types"
    file.write_text("# comment\ntext/x-own own  mine # not this\napplication/none\n\n")
    assert read(str(file)) == {"own": "text/x-own", "mine": "text/x-own"}
    assert read(str(tmp_path / "none")) == {}
