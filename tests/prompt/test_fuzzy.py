"""What is found by some of its characters, and in which order."""

import time

import pytest

from awsmini.prompt.offers import ranked

COMMANDS = ["describe-instances", "describe-instance-status", "describe-images", "run-instances", "dms"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", COMMANDS),
        ("dms", ["dms", "describe-images"]),
        ("DMS", ["dms", "describe-images"]),
        ("descinst", ["describe-instance-status", "describe-instances"]),
        ("ins", ["run-instances", "describe-instance-status", "describe-instances"]),
        ("di", ["describe-images", "describe-instance-status", "describe-instances"]),
        ("dimg", ["describe-images"]),
        ("images-", []),
        ("x", []),
        (".*", []),
    ],
)
def test_ranked(typed, found):
    assert ranked(typed, COMMANDS, str) == found


def test_what_stands_close_together_comes_first():
    assert ranked("ab", ["a-b", "xxab", "ab", "xab", "a--b"], str) == ["ab", "xab", "xxab", "a-b", "a--b"]


def test_long_lines_take_no_time():
    start = time.process_time()
    assert ranked("ab" * 100 + "z", ["ab" * 5000] * 50, str) == []
    assert time.process_time() - start < 1
