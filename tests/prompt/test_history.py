"""The file of lines, which AWS CLI v2 reads and writes too."""

import json
import os
import stat

import pytest

from awsmini.prompt import history


@pytest.fixture
def env(tmp_path):
    return {"HOME": str(tmp_path)}


@pytest.fixture
def file(tmp_path):
    return tmp_path / ".aws/cli/cache/prompt_history.json"


def test_there_is_none_at_first(env):
    assert history.load(env) == []


def test_lines_are_kept_in_order(env, file):
    history.add("ec2 describe-vpcs", env)
    history.add("s3api list-buckets --query 'é'", env)
    assert json.loads(file.read_bytes()) == {
        "version": 1,
        "commands": ["ec2 describe-vpcs", "s3api list-buckets --query 'é'"],
    }
    assert history.load(env) == ["ec2 describe-vpcs", "s3api list-buckets --query 'é'"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == [file.name]


def test_the_oldest_go(env, file):
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"version": 1, "commands": [f"x{number}" for number in range(600)]}))
    history.add("last", env)
    lines = history.load(env)
    assert (len(lines), lines[0], lines[-1]) == (500, "x101", "last")


@pytest.mark.parametrize(
    "content", ["", "[", "[]", "{}", '{"commands": 3}', '{"commands": [1, null]}', "[" * 100000, "\xff"]
)
def test_what_is_not_understood_counts_as_empty(env, file, content):
    file.parent.mkdir(parents=True)
    file.write_text(content, "latin-1")
    assert history.load(env) == []
    history.add("x", env)
    assert history.load(env) == ["x"]


def test_a_file_that_cannot_be_written_is_no_reason_to_fail(env, file):
    file.parent.mkdir(parents=True)
    file.mkdir()
    history.add("x", env)
    assert history.load(env) == []


def test_what_else_is_in_the_file_stays(env, file):
    file.parent.mkdir(parents=True)
    file.write_text('{"version": 1, "commands": ["a"], "more": 1}')
    history.add("b", env)
    assert json.loads(file.read_bytes()) == {"version": 1, "commands": ["a", "b"], "more": 1}


def test_newest_first():
    assert history.newest_first(["a", " b", "a", "", "c ", "b"]) == ["b", "c", "a"]
