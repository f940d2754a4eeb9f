"""What vouches for an object is checked in each way that it can be: whole, by the object's own parts, in recursive runs."""

import base64
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from awsmini.send.crc import crc64nvme
from awsmini.transfer.errors import ChangedFileError, FullObjectChecksumError
from awsmini.transfer.records import Download, TransferOptions, Upload
from tests.services.s3.stand_in import StandIn
from tests.transfer.test_engine import MB, engine_at, only, run

OPTIONS = TransferOptions(multipart_threshold=200_000, multipart_chunksize=150_000)


@pytest.fixture
def s3() -> Iterator[StandIn]:
    with StandIn() as server:
        server.bucket("box")
        yield server


def encoded(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def composite(parts: list[bytes], algorithm: str) -> str:
    """The sum of the parts' sums, as services state it."""
    if algorithm == "crc32":
        whole = crc32(b"".join(crc32(part).to_bytes(4, "big") for part in parts)).to_bytes(4, "big")
    else:
        whole = hashlib.new(algorithm, b"".join(hashlib.new(algorithm, part).digest() for part in parts)).digest()
    return f"{encoded(whole)}-{len(parts)}"


@pytest.mark.parametrize("algorithm", ["crc32", "sha256"])
@pytest.mark.parametrize("right", [True, False])
def test_by_its_own_parts(s3: StandIn, tmp_path: Path, algorithm: str, right: bool) -> None:
    parts = [os.urandom(400_000), os.urandom(400_000), os.urandom(123_456)]
    stated = composite(parts if right else parts[::-1], algorithm)
    stored = s3.put("box", "k", b"".join(parts), sums={algorithm: stated})
    stored.parts, stored.sum_type = parts, "COMPOSITE"
    task = Download("box", "k", str(tmp_path / "g"), len(stored.body), stored.etag)
    result = only(run(engine_at(s3, tmp_path, options=OPTIONS), task))
    if right:
        assert result.error is None
        assert (tmp_path / "g").read_bytes() == stored.body
        assert result.checksum == f"{algorithm}:{stated.partition('-')[0]}"
    else:
        assert isinstance(result.error, FullObjectChecksumError)
        assert list(tmp_path.glob("g*")) == []


def test_parts_of_several_sizes_are_not_looked_at(s3: StandIn, tmp_path: Path) -> None:
    parts = [os.urandom(300_000), os.urandom(100_000), os.urandom(300_000)]
    stored = s3.put("box", "k", b"".join(parts), sums={"crc32": "AAAAAA==-3"})
    stored.parts = parts
    task = Download("box", "k", str(tmp_path / "g"), len(stored.body), stored.etag)
    assert only(run(engine_at(s3, tmp_path, options=OPTIONS), task)).error is None


@pytest.mark.parametrize("right", [True, False])
def test_a_whole_objects_sum_is_put_together(s3: StandIn, tmp_path: Path, right: bool) -> None:
    content = os.urandom(MB + 3)
    stated = encoded((crc32(content) ^ (not right)).to_bytes(4, "big"))
    stored = s3.put("box", "k", content, sums={"crc32": stated})
    known = Download("box", "k", str(tmp_path / "a"), len(content), stored.etag, checksums={"crc32": stated})
    listed = Download("box", "k", str(tmp_path / "b"), len(content), stored.etag)
    for result in run(engine_at(s3, tmp_path, options=OPTIONS), known, listed):
        if right:
            assert result.error is None
        else:
            assert str(result.error) == (
                f"Expected full object checksum (crc32) {stated} did not match combined checksum: "
                f"{encoded(crc32(content).to_bytes(4, 'big'))}"
            )


def test_nothing_is_checked_where_the_setting_says_so(s3: StandIn, tmp_path: Path) -> None:
    content = os.urandom(MB)
    stored = s3.put("box", "k", content, sums={"crc32": "AAAAAA=="})
    small = s3.put("box", "s", b"small", sums={"crc32": "AAAAAA=="})
    engine = engine_at(s3, tmp_path, options=OPTIONS)
    engine._core._context = engine._core._context._replace(response_checksum="when_required")
    tasks = (
        Download("box", "k", str(tmp_path / "g"), MB, stored.etag),
        Download("box", "s", str(tmp_path / "h"), 5, small.etag),
    )
    assert [result.error for result in run(engine, *tasks)] == [None, None]
    assert not any(request.method == "HEAD" for request in s3.log)


def test_small_objects_of_aws_cli_v2_are_checked_without_awscrt(s3: StandIn, tmp_path: Path) -> None:
    s3.put("box", "k", b"hello", sums={"crc64nvme": encoded(crc64nvme(b"hellO").to_bytes(8, "big"))})
    result = only(run(engine_at(s3, tmp_path, options=OPTIONS), Download("box", "k", str(tmp_path / "g"), 5)))
    assert "did not match calculated checksum" in str(result.error)


@pytest.mark.parametrize("size", [100_000, MB])
@pytest.mark.parametrize("change", ["grow", "shrink", "touch"])
def test_files_that_change_while_they_are_sent(s3: StandIn, tmp_path: Path, size: int, change: str) -> None:
    """The change comes with the first bytes that have gone."""
    path = tmp_path / "f"
    path.write_bytes(b"x" * size)

    def progress(_task: object, _count: int) -> None:
        if change == "grow":
            with open(path, "ab") as file:
                file.write(b"more")
        elif change == "shrink":
            os.truncate(path, 70_000)
        else:
            os.utime(path, (1, 1))

    options = OPTIONS._replace(progress=progress, max_bandwidth=600_000)
    result = only(run(engine_at(s3, tmp_path, options=options), Upload(str(path), "box", "k")))
    assert isinstance(result.error, ChangedFileError), result
    assert s3.buckets["box"] == {}
    assert s3.open_uploads() == []


def test_uploads_carry_sums(s3: StandIn, tmp_path: Path) -> None:
    for name, size in (("small", 5), ("large", MB)):
        (tmp_path / name).write_bytes(os.urandom(size))
    results = run(
        engine_at(s3, tmp_path, options=OPTIONS),
        *(Upload(str(tmp_path / name), "box", name) for name in ("small", "large")),
    )
    assert [result.error for result in results] == [None, None]
    for request in s3.log:
        if request.method == "PUT":
            assert any(name.startswith("x-amz-checksum-crc") for name in request.headers)
            assert request.headers["x-amz-content-sha256"] == hashlib.sha256(request.body).hexdigest()
            assert "aws-chunked" not in request.headers.get("content-encoding", "")
            assert "expect" not in request.headers
