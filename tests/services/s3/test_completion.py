"""Paths of the s3 commands, completed: buckets, folders and objects of the account beside local files."""

import pytest

from awsmini.completion.main import output
from tests.services.s3.stand_in import StandIn
from tests.terminal import CREDENTIALS


@pytest.fixture
def offers(tmp_path, monkeypatch):
    """Candidates for a line, as zsh gets them; an account with a few objects answers."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s3.txt").write_text("")
    with StandIn() as s3:
        for key in ("logs/2026/a.gz", "logs/2026/b.gz", "logs/x y", "letter"):
            s3.put("bucket", key)
        s3.bucket("bin", "other")
        env = {
            **CREDENTIALS,
            "HOME": str(tmp_path),
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": s3.url,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

        def completed(line, **more):
            text = output(["zsh"], {**env, **more, "COMP_LINE": line, "COMP_POINT": str(len(line))}, lambda: 5.0)
            return [candidate.split("\t")[1] for candidate in text.splitlines()]

        yield completed


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("aws s3 ls s3://b", ["s3://bin/", "s3://bucket/"]),
        ("aws s3 ls s3://bucket/l", ["s3://bucket/logs/", "s3://bucket/letter"]),
        ("aws s3 cp . s3://bucket/logs/", ["s3://bucket/logs/2026/", "s3://bucket/logs/x y"]),
        ("aws s3 rm s3://bucket/logs/2026/b", ["s3://bucket/logs/2026/b.gz"]),
        ("aws s3 cp s3", ["s3://", "s3.txt"]),
        ("aws s3 cp s3.", ["s3.txt"]),
        ("aws s3 mb s3://nothing", []),
        ("aws s3 ls s3://nob/", []),
    ],
)
def test_paths(offers, line, found):
    assert sorted(offers(line)) == sorted(found)


def test_nothing_is_asked_where_that_is_not_wanted(offers):
    assert offers("aws s3 ls s3://b", AWSMINI_COMPLETE_REMOTE="0") == []


def test_words_and_options(offers):
    assert {
        "cp",
        "mv",
        "rm",
        "sync",
        "ls",
        "mb",
        "rb",
        "presign",
        "website",
        "du",
        "cat",
        "head",
        "find",
        "tree",
    } <= set(offers("aws s3 "))
    assert offers("aws s3 cp --storage-class STANDARD_") == ["STANDARD_IA"]
    assert "--exclude" in offers("aws s3 sync --ex")
