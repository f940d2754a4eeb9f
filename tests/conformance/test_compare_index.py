"""Every command and option of AWS CLI v2 is here."""

import sqlite3
from contextlib import closing

import pytest

from tests.conformance.compare_index import differences


@pytest.mark.every
def test_nothing_is_missing(awscli_v2_index):
    assert differences(awscli_v2_index) == []


@pytest.fixture
def index(tmp_path):
    """An index as AWS CLI v2 lays it out, with a few commands and options, some of which nobody has."""
    path = tmp_path / "ac.index"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE command_table (command TEXT, full_name TEXT, parent TEXT)")
        database.execute("CREATE TABLE param_table (argname TEXT, command TEXT, parent TEXT)")
        commands = [("aws", ""), ("kinesisvideo", "aws"), ("list-streams", "aws.kinesisvideo"), ("gizmo", "aws"),
                    ("wait", "aws.s3api"), ("bucket-exists", "aws.s3api.wait"), ("s3api", "aws"),
                    ("configure", "aws"), ("get", "aws.configure"), ("juggle", "aws.configure")]  # fmt: skip
        database.executemany("INSERT INTO command_table VALUES (?, NULL, ?)", commands)
        options = [("region", "aws", ""), ("teleport", "aws", ""), ("max-results", "list-streams", "aws.kinesisvideo"),
                   ("fly", "list-streams", "aws.kinesisvideo"), ("bucket", "bucket-exists", "aws.s3api.wait"),
                   ("varname", "get", "aws.configure")]  # fmt: skip
        database.executemany("INSERT INTO param_table VALUES (?, ?, ?)", options)
    return path


def test_what_is_missing_is_told(index):
    assert differences(index) == ["--teleport", "configure juggle", "gizmo", "kinesisvideo list-streams --fly"]
