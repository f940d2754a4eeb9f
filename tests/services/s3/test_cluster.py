"""`--cluster`: the same comes of it as without, wherever the keys are cut, and whatever gets lost on the way."""

import random
from collections.abc import Iterator

import pytest

from tests.services.s3.made_cluster import Made, in_this_process
from tests.services.s3.stand_in import Logged, StandIn
from tests.terminal import Terminal

pytest.importorskip("distributed")


@pytest.fixture
def made() -> Iterator[Made]:
    with in_this_process(Made(random.Random(1))) as cluster:
        yield cluster


@pytest.mark.parametrize(
    "paths", [("src", "s3://b/t"), ("s3://b/full", "dst"), ("s3://b/full", "s3://b/t")], ids=["up", "down", "copy"]
)
def test_what_an_old_copy_has_moved_is_no_failure(
    aws_s3: Terminal, s3: StandIn, made: Made, paths: tuple[str, str]
) -> None:
    """A worker that was taken for gone goes on beside the one that does its shard anew."""
    (aws_s3.home / "src").mkdir()
    (aws_s3.home / "dst").mkdir()
    for name in "abc":
        (aws_s3.home / "src" / name).write_bytes(b"hello")
        s3.put("b", f"full/{name}", b"hello")
    lost = {"src": lambda: (aws_s3.home / "src/c").unlink(), "s3": lambda: s3.buckets["b"].pop("full/c", None)}

    def moves(request: Logged, stage: str) -> None:
        """Between its listing and its transfers, the other one has been there; one has gone another way."""
        if stage == "came" and request.method != "HEAD" and "list-type" not in request.query and not moved:
            moved.append(1)
            for name in "ab":
                if paths[0] == "src":
                    (aws_s3.home / "src" / name).unlink()
                else:
                    s3.buckets["b"].pop(f"full/{name}")
                if paths[1] == "dst":
                    (aws_s3.home / "dst" / name).write_bytes(b"hello")
                else:
                    s3.put("b", f"t/{name}", b"hello")
            lost[paths[0].partition(":")[0]]()

    moved: list[int] = []
    s3.watch = moves
    done = aws_s3(["s3", "mv", *paths, "--recursive", "--cluster", "local:1"])
    s3.watch = lambda request, stage: None
    assert moved
    assert "2 transferred (10 Bytes)" in done.stderr
    if paths[0] == "src":  # the third one was gone before it was met
        assert done.code == 0, done.stderr
    else:
        assert done.code == 1, done.stderr
        assert done.stderr.count("move failed") == 1, done.stderr
        assert f"{paths[0]}/c" in done.stderr
