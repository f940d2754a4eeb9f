"""The engine against a service that checks signatures: over http and https, over the loop and over threads."""

import os
from pathlib import Path
from typing import Any

import pytest

from awsmini.transfer.engine import Engine
from awsmini.transfer.records import Copy, Delete, Download, Result, Task, TransferOptions, Upload
from tests.servers import SeaweedFS
from tests.transfer.clients import s3_client

MB = 1024 * 1024
OPTIONS = TransferOptions(multipart_threshold=6 * MB, multipart_chunksize=5 * MB)
KEYS = [
    "plain",
    "with blank",
    "ü/ä",
    "a+b=c&d",
    "quote'\"",
    "tilde~!*()",
    "deep/er/and/deeper",
    "percent%2F",
    "\U0001f600",
]


def engine(weed: SeaweedFS, home: Path, secure: bool, way: str) -> Engine:
    env = {"AWS_ACCESS_KEY_ID": weed.access_key, "AWS_SECRET_ACCESS_KEY": weed.secret_key, "AWS_REGION": "us-east-1"}
    if way == "fallback":
        env |= {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    client = s3_client(home, weed.https_url if secure else weed.url, env, verify=weed.ca_bundle)
    return Engine(client, OPTIONS)


def succeed(made: Engine, *tasks: Task) -> list[Result]:
    with made:
        results = list(made.run(tasks))
    assert [result.error for result in results] == [None] * len(tasks)
    return results


@pytest.mark.parametrize("way", ["direct", "fallback"])
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_there_and_back(seaweedfs: SeaweedFS, tmp_path: Path, secure: bool, way: str) -> None:
    bucket = f"engine-{way}-{'s' if secure else 'p'}"
    with engine(seaweedfs, tmp_path, secure, way) as made:
        made.call("CreateBucket", {"Bucket": bucket})
    contents = {key: os.urandom(1000 + 70_000 * at) for at, key in enumerate(KEYS)} | {"large": os.urandom(12 * MB + 5)}
    paths = {key: tmp_path / f"f{at}" for at, key in enumerate(contents)}
    for key, path in paths.items():
        path.write_bytes(contents[key])
    params: dict[str, Any] = {"Metadata": {"one": "two  words"}, "ContentType": "x/y"}
    succeed(
        engine(seaweedfs, tmp_path, secure, way),
        *(Upload(str(path), bucket, key, params=params) for key, path in paths.items()),
    )
    with engine(seaweedfs, tmp_path, secure, way) as made:
        listed = [item for page in made.list(bucket, page_size=4) for item in page.objects]
        head = made.head(bucket, "ü/ä")
    assert sorted(item.key for item in listed) == sorted(contents)
    assert {item.key: item.size for item in listed} == {key: len(content) for key, content in contents.items()}
    assert head["ContentType"] == "x/y"
    assert head["Metadata"] == {"one": "two  words"}
    assert "aws-chunked" not in head.get("ContentEncoding", "")
    target = tmp_path / "target"
    succeed(
        engine(seaweedfs, tmp_path, secure, way),
        *(Download(bucket, item.key, str(target / item.key), item.size, item.etag) for item in listed),
    )
    for key, content in contents.items():
        assert (target / key).read_bytes() == content
    large = next(item for item in listed if item.key == "large")
    succeed(
        engine(seaweedfs, tmp_path, secure, way),
        Copy(bucket, "ü/ä", bucket, "copy ü", len(contents["ü/ä"])),
        Copy(bucket, "large", bucket, "copy large", large.size, large.etag),
    )
    with engine(seaweedfs, tmp_path, secure, way) as made:
        sizes = {item.key: item.size for page in made.list(bucket, "copy") for item in page.objects}
        assert sizes == {"copy ü": len(contents["ü/ä"]), "copy large": large.size}
        keys = [item.key for page in made.list(bucket) for item in page.objects]
        assert all(result.error is None for result in made.run(Delete(bucket, key) for key in keys))
        assert [item for page in made.list(bucket) for item in page.objects] == []
