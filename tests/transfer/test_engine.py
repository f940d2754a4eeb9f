"""The engine against an S3 of our own: what it stores and reads, and what it does when things go wrong."""

import io
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from awsmini.errors import (
    AwsminiError,
    BrokenStreamError,
    ChecksumError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)
from awsmini.transfer.engine import Engine
from awsmini.transfer.errors import ChangedObjectError, FullObjectChecksumError
from awsmini.transfer.records import Copy, Delete, Download, Result, Task, TransferOptions, Upload
from tests.servers import clean_environment
from tests.services.s3.stand_in import Logged, StandIn, _Refused
from tests.transfer.clients import s3_client

MB = 1024 * 1024
OPTIONS = TransferOptions(multipart_threshold=MB // 2, multipart_chunksize=MB // 4)
WHEN = datetime(2021, 2, 3, 4, 5, 6, 750000, tzinfo=timezone.utc)


@pytest.fixture
def s3() -> Iterator[StandIn]:
    with StandIn() as server:
        server.bucket("box", "other")
        yield server


@pytest.fixture(params=["direct", "fallback"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def engine_at(
    server: StandIn, home: Path, way: str = "direct", options: TransferOptions = OPTIONS, **more: Any
) -> Engine:
    """An engine whose retries do not wait. `fallback`: a proxy is configured, which this host is reached without."""
    env = {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"} if way == "fallback" else {}
    client = s3_client(home, server.url, env, **more)
    client._context = client._context._replace(app=client._context.app._replace(uniform=lambda: 0.0))
    return Engine(client, options)


def run(engine: Engine, *tasks: Task) -> list[Result]:
    with engine:
        return list(engine.run(tasks))


def only(results: Iterable[Result]) -> Result:
    (result,) = results
    return result


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.*") if len(path.suffix) == 9)


SIZES = [0, 1, 4096, 64 * 1024, 64 * 1024 + 1, MB // 2 - 1, MB // 2, MB, MB + 1]


@pytest.mark.parametrize("size", SIZES)
def test_there_and_back(s3: StandIn, tmp_path: Path, way: str, size: int) -> None:
    content = os.urandom(size)
    source = tmp_path / "source"
    source.write_bytes(content)
    up = only(
        run(
            engine_at(s3, tmp_path, way),
            Upload(str(source), "box", "a b/ü", params={"ContentType": "x/y"}, varying={"Metadata.mtime": "12.5"}),
        )
    )
    assert up.error is None
    stored = s3.buckets["box"]["a b/ü"]
    assert stored.body == content
    assert stored.headers["content-type"] == "x/y"
    assert stored.metadata == {"mtime": "12.5"}
    assert up.size == size
    assert up.etag == stored.etag
    assert ("-" in stored.etag) == (size >= MB // 2)
    stored.modified = WHEN
    target = tmp_path / "new" / "folder" / "target"
    down = only(run(engine_at(s3, tmp_path, way), Download("box", "a b/ü", str(target), size, stored.etag)))
    assert down.error is None
    assert target.read_bytes() == content
    assert target.stat().st_mtime_ns == int(WHEN.timestamp()) * 10**9
    assert target.stat().st_mode & 0o777 == 0o666 & ~_umask()
    assert leftovers(tmp_path) == []


def _umask() -> int:
    before = os.umask(0)
    os.umask(before)
    return before


@pytest.mark.parametrize("size", [0, 5, MB // 2, 3 * MB + 17])
@pytest.mark.parametrize("expected", [None, 0, 100 * MB])
def test_streams(s3: StandIn, tmp_path: Path, way: str, size: int, expected: int | None) -> None:
    content = os.urandom(size)
    up = only(run(engine_at(s3, tmp_path, way), Upload(io.BytesIO(content), "box", "k", expected)))
    assert up.error is None
    assert s3.buckets["box"]["k"].body == content
    out = io.BytesIO()
    down = only(run(engine_at(s3, tmp_path, way), Download("box", "k", out)))
    assert down.error is None
    assert out.getvalue() == content


def test_many_small_ones_over_few_connections(s3: StandIn, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(300):
        (source / f"f{number:03}").write_bytes(b"%d" % number)
    shared: dict[str, str] = {"StorageClass": "STANDARD_IA"}
    with engine_at(s3, tmp_path) as engine:
        results = list(
            engine.run(Upload(str(path), "box", f"p/{path.name}", params=shared) for path in source.iterdir())
        )
    assert all(result.error is None for result in results)
    assert {key: stored.body for key, stored in s3.buckets["box"].items()} == {
        f"p/f{number:03}": b"%d" % number for number in range(300)
    }
    assert s3.connections <= 17 * 16
    target = tmp_path / "target"
    with engine_at(s3, tmp_path) as engine:
        listed = (item for page in engine.list("box", "p/", page_size=70) for item in page.objects)
        results = list(
            engine.run(Download("box", item.key, str(target / item.key), item.size, item.etag) for item in listed)
        )
    assert len(results) == 300
    assert all((target / f"p/f{number:03}").read_bytes() == b"%d" % number for number in range(300))
    assert len([line for line in s3.lines() if "list-type=2" in line]) == 5


def test_listings(s3: StandIn, tmp_path: Path, way: str) -> None:
    keys = ["a", "b&<>", "c d", "d/e", "d/f", "ü", "z+%2F", "line\nbreak", "\x01"]
    for key in keys:
        s3.put("box", key, b"12345", modified=WHEN)
    with engine_at(s3, tmp_path, way) as engine:
        pages = list(engine.list("box", page_size=2))
        folders = list(engine.list("box", delimiter="/"))
        with pytest.raises(ClientError, match="NoSuchBucket"):
            list(engine.list("nothing"))
    found = [item for page in pages for item in page.objects]
    assert [item.key for item in found] == sorted(keys, key=str.encode)
    assert {(item.size, item.etag, item.last_modified, item.storage_class) for item in found} == {
        (5, s3.buckets["box"]["a"].etag, "2021-02-03T04:05:06.750Z", "STANDARD")
    }
    assert len(pages) == 5
    assert [page.prefixes for page in folders] == [["d/"]]


def test_copies(s3: StandIn, tmp_path: Path, way: str) -> None:
    small, large = s3.put("other", "s ?v=1&%2F", b"small"), s3.put("other", "l ü", os.urandom(MB))
    asked = []

    def properties() -> dict[str, Any]:
        asked.append(1)
        return {"ContentType": "kept/type"}

    results = run(
        engine_at(s3, tmp_path, way),
        Copy("other", "s ?v=1&%2F", "box", "s2", 5, small.etag),
        Copy("other", "l ü", "box", "l2", MB, large.etag, multipart_params=properties, finish=lambda: asked.append(2)),
    )
    assert [result.error for result in results] == [None, None]
    assert s3.buckets["box"]["s2"].body == b"small"
    assert s3.buckets["box"]["l2"].body == large.body
    assert s3.buckets["box"]["l2"].headers["content-type"] == "kept/type"
    assert asked == [1, 2]


def test_moves_delete_the_source_last(s3: StandIn, tmp_path: Path, way: str) -> None:
    for name, size in (("small", 10), ("large", MB)):
        (tmp_path / name).write_bytes(b"x" * size)
        s3.put("box", f"down-{name}", b"y" * size)
        s3.put("other", f"copy-{name}", b"z" * size)
    s3.fail("PUT", r"/box/up-never", status=403, code="AccessDenied")
    (tmp_path / "never").write_bytes(b"n")
    tasks: list[Task] = [Upload(str(tmp_path / "never"), "box", "up-never", move=True)]
    for name, size in (("small", 10), ("large", MB)):
        tasks += [
            Upload(str(tmp_path / name), "box", f"up-{name}", move=True),
            Download(
                "box",
                f"down-{name}",
                str(tmp_path / f"down-{name}"),
                size,
                s3.buckets["box"][f"down-{name}"].etag,
                move=True,
            ),
            Copy("other", f"copy-{name}", "box", f"copied-{name}", size, move=True),
        ]
    results = run(engine_at(s3, tmp_path, way), *tasks)
    assert [isinstance(result.error, ClientError) for result in results if result.error] == [True]
    assert (tmp_path / "never").exists()
    assert not (tmp_path / "small").exists()
    assert not (tmp_path / "large").exists()
    assert sorted(s3.buckets["box"]) == ["copied-large", "copied-small", "up-large", "up-small"]
    assert s3.buckets["other"] == {}
    assert (tmp_path / "down-large").read_bytes() == b"y" * MB


def test_deletions_go_by_the_thousand(s3: StandIn, tmp_path: Path) -> None:
    keys = [f"k{number:04} &<>ü" for number in range(2500)]
    for key in keys:
        s3.put("box", key)
    s3.fail("DELETE", r"/box/k0007.*", status=403, code="AccessDenied", message="no")
    results = run(engine_at(s3, tmp_path), *(Delete("box", key) for key in keys))
    assert len(results) == 2500
    (refused,) = [result for result in results if result.error]
    assert isinstance(refused.task, Delete)
    assert refused.task.key == keys[7]
    assert str(refused.error) == "An error occurred (AccessDenied) when calling the DeleteObject operation: no"
    assert list(s3.buckets["box"]) == [keys[7]]
    assert s3.lines().count("POST /box?delete") == 3


def test_deletions_and_their_results_fill_no_memory(s3: StandIn, tmp_path: Path) -> None:
    """Neither while the service takes its time, nor while their source waits for pages of a listing."""
    taken = given = most = 0
    engine = engine_at(s3, tmp_path)

    def tasks() -> Iterator[Task]:
        nonlocal taken
        for number in range(40_000):
            if number % 2000 == 0 and number > 10_000:
                list(engine.list("box"))
            taken += 1
            yield Delete("box", f"k{number}")

    with engine:
        for result in engine.run(tasks()):
            given += 1
            most = max(most, taken - given)
            assert result.error is None
    assert given == 40_000
    assert most < 22_000


def test_deletions_one_by_one(s3: StandIn, tmp_path: Path, way: str) -> None:
    for key in ("a", "b"):
        s3.put("box", key)
    results = run(
        engine_at(s3, tmp_path, way, OPTIONS._replace(batch_deletes=False)),
        Delete("box", "a"),
        Delete("box", "b", "v1"),
    )
    assert [result.error for result in results] == [None, None]
    assert sorted(s3.lines()) == ["DELETE /box/a", "DELETE /box/b?versionId=v1"]


def test_a_service_without_batches_gets_single_deletions(s3: StandIn, tmp_path: Path) -> None:
    s3.put("box", "a")
    s3.fail("POST", "/box", status=501, code="NotImplemented")
    assert only(run(engine_at(s3, tmp_path), Delete("box", "a"))).error is None
    assert s3.buckets["box"] == {}


FAULTS = [
    {"status": 503, "code": "SlowDown"},
    {"status": 500, "code": "InternalError"},
    {"status": 400, "code": "RequestTimeout"},
    {"action": "drop"},
    {"action": "reset"},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(next(iter(fault.values()))))
@pytest.mark.parametrize("size", [1000, MB])
def test_retries(s3: StandIn, tmp_path: Path, way: str, fault: dict[str, Any], size: int) -> None:
    """Twice wrong, then well: three attempts are enough for each request of a transfer."""
    content = os.urandom(size)
    (tmp_path / "f").write_bytes(content)
    for method in ("PUT", "GET", "POST"):
        s3.fail(method, "/box/", times=2, **fault)
    assert only(run(engine_at(s3, tmp_path, way), Upload(str(tmp_path / "f"), "box", "k"))).error is None
    assert s3.buckets["box"]["k"].body == content
    down = Download("box", "k", str(tmp_path / "g"), size, s3.buckets["box"]["k"].etag)
    assert only(run(engine_at(s3, tmp_path, way), down)).error is None
    assert (tmp_path / "g").read_bytes() == content


@pytest.mark.parametrize("size", [1000, MB])
def test_what_stays_wrong_is_told(s3: StandIn, tmp_path: Path, way: str, size: int) -> None:
    (tmp_path / "f").write_bytes(b"x" * size)
    stored = s3.put("box", "there", b"x" * size)
    s3.fail("PUT", "/box/gone", action="drop")
    s3.fail("PUT", "/box/busy", status=503, code="SlowDown", message="slow")
    s3.fail("GET", "/box/there", status=403, code="AccessDenied", message="no")
    results = run(
        engine_at(s3, tmp_path, way),
        Upload(str(tmp_path / "f"), "box", "gone", tag=0),
        Upload(str(tmp_path / "f"), "box", "busy", tag=1),
        Download("box", "there", str(tmp_path / "g"), size, stored.etag, tag=2),
    )
    gone, busy, there = sorted(results, key=lambda result: result.task.tag)
    assert isinstance(gone.error, ConnectionClosedError)
    name = "PutObject" if size < MB // 2 else "UploadPart"
    assert str(busy.error) == (
        f"An error occurred (SlowDown) when calling the {name} operation (reached max retries: 2): slow"
    )
    assert "AccessDenied" in str(there.error)
    assert not (tmp_path / "g").exists()
    assert leftovers(tmp_path) == []
    assert s3.open_uploads() == []
    assert "gone" not in s3.buckets["box"]


@pytest.mark.parametrize("action", ["cut"])
@pytest.mark.parametrize("size", [100_000, MB])
def test_a_body_that_breaks_off_goes_on(s3: StandIn, tmp_path: Path, way: str, action: str, size: int) -> None:
    content = os.urandom(size)
    stored = s3.put("box", "k", content)
    s3.fail("GET", "/box/k", action=action, after=70_000, times=2)
    result = only(run(engine_at(s3, tmp_path, way), Download("box", "k", str(tmp_path / "g"), size, stored.etag)))
    assert result.error is None
    assert (tmp_path / "g").read_bytes() == content
    if size == MB:
        ranges = [request.headers.get("range") for request in s3.log if request.method == "GET"]
        assert any(span and int(span[6:].partition("-")[0]) % (MB // 4) == 70_000 for span in ranges)
        assert all("if-match" in request.headers for request in s3.log if request.headers.get("range"))


def test_a_body_that_always_breaks_off_fails(s3: StandIn, tmp_path: Path) -> None:
    s3.put("box", "k", b"x" * 100_000)
    s3.fail("GET", "/box/k", action="cut", after=50_000)
    result = only(run(engine_at(s3, tmp_path), Download("box", "k", str(tmp_path / "g"), 100_000)))
    assert isinstance(result.error, BrokenStreamError)
    assert "IncompleteRead(50000 bytes read, 50000 more expected)" in str(result.error)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("g")] == []


def test_a_server_that_says_nothing(s3: StandIn, tmp_path: Path, way: str) -> None:
    s3.put("box", "k", b"x")
    s3.fail("GET", "/box/k", action="stall", seconds=3)
    engine = engine_at(s3, tmp_path, way, flags={"cli_read_timeout": 1})
    engine._core._context = engine._core._context._replace(
        retry_policy=engine._core.retry_policy._replace(max_attempts=1)
    )
    assert isinstance(
        only(run(engine, Download("box", "k", str(tmp_path / "g"), 1))).error, ReadTimeoutError | AwsminiError
    )


def test_nobody_there(tmp_path: Path, way: str) -> None:
    with StandIn() as server:
        url = server.url
    gone = StandIn()
    gone.__class__ = type("Gone", (StandIn,), {"url": url})
    (tmp_path / "f").write_bytes(b"x")
    result = only(run(engine_at(gone, tmp_path, way), Upload(str(tmp_path / "f"), "box", "k")))
    assert isinstance(result.error, EndpointConnectionError)
    assert str(result.error) == f'Could not connect to the endpoint URL: "{url}/box/k"'


def test_checksums_of_answers(s3: StandIn, tmp_path: Path, way: str) -> None:
    s3.put("box", "small", b"small", sums={"crc32": "AAAAAA=="})
    large = s3.put("box", "large", os.urandom(MB), sums={"crc32": "AAAAAA=="})
    small, big = run(
        engine_at(s3, tmp_path, way),
        Download("box", "small", str(tmp_path / "small"), 5),
        Download("box", "large", str(tmp_path / "large"), MB, large.etag),
    )
    assert isinstance(small.error, ChecksumError)
    assert isinstance(big.error, FullObjectChecksumError | ChecksumError)
    assert [path.name for path in tmp_path.iterdir()] == [] or not (tmp_path / "large").exists()
    assert not (tmp_path / "small").exists()
    assert leftovers(tmp_path) == []


def test_an_object_that_changes_while_it_is_read(s3: StandIn, tmp_path: Path, way: str) -> None:
    s3.put("box", "k", os.urandom(MB))
    result = only(
        run(
            engine_at(s3, tmp_path, way),
            Download("box", "k", str(tmp_path / "g"), MB, "0" * 32, checksums={"crc32": "AAAAAA=="}),
        )
    )
    assert isinstance(result.error, ChangedObjectError)
    assert str(result.error) == 'Contents of stored object "k" in bucket "box" did not match expected ETag.'


def test_bad_tasks_fail_by_themselves(s3: StandIn, tmp_path: Path, way: str) -> None:
    (tmp_path / "f").write_bytes(b"x")
    source = str(tmp_path / "f")
    results = run(
        engine_at(s3, tmp_path, way),
        Upload(str(tmp_path / "none"), "box", "k"),
        Upload(str(tmp_path), "box", "k"),
        Upload(source, "no/bucket", "k"),
        Upload(source, "box", ""),
        Upload(source, "box", "bad\udcff"),
        Upload(source, "box", "k", params={"Metadata": {"a": "ü"}}),
        Upload(source, "box", "fine"),
    )
    kinds = [type(result.error) for result in sorted(results, key=lambda result: result.task.key)]
    assert len(results) == 7
    assert kinds.count(type(None)) == 1
    assert FileNotFoundError in kinds
    assert IsADirectoryError in kinds
    assert kinds.count(ParamValidationError) == 3
    assert UnicodeEncodeError in kinds
    assert list(s3.buckets["box"]) == ["fine"]


def test_progress_ends_at_the_size(s3: StandIn, tmp_path: Path, way: str) -> None:
    moved: dict[str, int] = {}

    def progress(task: Any, count: int) -> None:
        moved[task.key] = moved.get(task.key, 0) + count

    sizes = {"small": 1000, "middle": 200_000, "large": MB}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(b"x" * size)
    s3.fail("PUT", "/box/", times=2, action="drop")
    run(
        engine_at(s3, tmp_path, way, OPTIONS._replace(progress=progress)),
        *(Upload(str(tmp_path / name), "box", name) for name in sizes),
    )
    assert moved == sizes
    moved.clear()
    s3.fail("GET", "/box/", times=3, action="cut", after=500)
    run(
        engine_at(s3, tmp_path, way, OPTIONS._replace(progress=progress)),
        *(
            Download("box", name, str(tmp_path / f"d{name}"), size, s3.buckets["box"][name].etag)
            for name, size in sizes.items()
        ),
    )
    assert moved == sizes


def test_the_bucket_is_elsewhere(s3: StandIn, tmp_path: Path, way: str) -> None:
    for number in range(40):
        (tmp_path / f"f{number}").write_bytes(b"x")
    s3.regions["box"] = "us-west-2"
    otherwise = s3._inject

    def inject(request: Logged) -> Any:
        if request.method == "PUT" and "/eu-west-1/" in request.headers["authorization"]:
            raise _Refused(301, "PermanentRedirect", "elsewhere")
        return otherwise(request)

    s3._inject = inject  # type: ignore[method-assign]
    results = run(
        engine_at(s3, tmp_path, way),
        *(Upload(str(tmp_path / f"f{number}"), "box", f"k{number}") for number in range(40)),
    )
    assert [str(result.error) for result in results if result.error] == []
    assert "us-west-2" in s3.log[-1].headers["authorization"]
    assert len(s3.buckets["box"]) == 40
    assert sum(line.startswith("HEAD /box") for line in s3.lines()) <= 2


def test_errors_of_the_source_of_tasks_come_out(s3: StandIn, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")

    def tasks() -> Iterator[Task]:
        yield Upload(str(tmp_path / "f"), "box", "k")
        raise ValueError("of the source")

    with engine_at(s3, tmp_path) as engine, pytest.raises(ValueError, match="of the source"):
        list(engine.run(tasks()))


def test_max_bandwidth(s3: StandIn, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x" * 300_000)
    options = OPTIONS._replace(max_bandwidth=400_000)
    result = only(run(engine_at(s3, tmp_path, "direct", options), Upload(str(tmp_path / "f"), "box", "k")))
    assert result.error is None
    assert result.seconds > 0.4


def test_neither_requests_nor_urllib3_are_loaded(s3: StandIn, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x" * MB)
    code = f"""
import sys
from pathlib import Path
from awsmini.session import Session
from awsmini.transfer.engine import Engine
from awsmini.transfer.records import *
options = TransferOptions(multipart_threshold=1000, multipart_chunksize=1000)
client = Session(region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b").client("s3", endpoint_url={s3.url!r})
with Engine(client, options) as engine:
    assert [r.error for r in engine.run([Upload({str(tmp_path / "f")!r}, "box", "k")])] == [None]
    assert [len(page.objects) for page in engine.list("box")] == [1]
    assert [r.error for r in engine.run([Download("box", "k", {str(tmp_path / "g")!r}, {MB})])] == [None]
    assert [r.error for r in engine.run([Delete("box", "k")])] == [None]
print(sorted({{"requests", "urllib3", "rich", "http.client", "asyncio", "ssl"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=clean_environment(tmp_path),
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
