"""Names from the account: asked for once, in time, and never a word about what goes wrong."""

import stat
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from awsmini.completion import remote
from tests.servers import answer
from tests.terminal import CREDENTIALS

TABLES = "aws dynamodb describe-table --table-name "


@pytest.fixture
def asking(completed, capture_server):
    """`completed` with an account that is the capture server."""
    there = {
        **CREDENTIALS,
        "AWSMINI_COMPLETE_REMOTE": "1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": capture_server.url,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return lambda line, more=None, **how: completed(line, {**there, **(more or {})}, **how)


def kept(tmp_path: Path) -> list[Path]:
    return list((tmp_path / ".local/state/awsmini/completion").glob("*"))


def test_names_of_the_account(asking, capture_server):
    capture_server.replies(200, {"TableNames": ["orders", "users", "other"]})
    assert asking(TABLES + "o") == ["orders", "other"]
    assert capture_server.request.headers["X-Amz-Target"].endswith(".ListTables")


def test_they_are_kept_for_a_while_by_the_owner_alone(asking, capture_server, tmp_path):
    capture_server.replies(200, {"TableNames": ["orders"]})
    assert asking(TABLES) == asking(TABLES + "or") == ["orders"]
    [file] = kept(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_and_then_asked_for_again(asking, capture_server, tmp_path, monkeypatch):
    capture_server.replies(200, {"TableNames": ["orders"]})
    capture_server.replies(200, {"TableNames": ["users"]})
    assert asking(TABLES) == ["orders"]
    later = time.time() + remote.KEPT + 1
    monkeypatch.setattr("awsmini.completion.remote.time.time", lambda: later)
    assert asking(TABLES) == ["users"]
    assert len(kept(tmp_path)) == 1


def test_they_are_kept_apart_by_region_profile_keys_and_endpoint(asking, capture_server):
    capture_server.always(lambda request: answer(200, {"TableNames": [request.headers["Authorization"].split("/")[2]]}))
    assert asking(TABLES) == ["us-east-1"]
    assert asking("aws --region eu-west-1 dynamodb describe-table --table-name ") == ["eu-west-1"]
    assert asking(TABLES, {"AWS_ACCESS_KEY_ID": "OTHER"}) == ["us-east-1"]
    assert len(capture_server.requests) == 3


def test_all_pages(asking, capture_server):
    capture_server.replies(200, {"TableNames": ["abc"], "LastEvaluatedTableName": "abc"})
    capture_server.replies(200, {"TableNames": ["def"]})
    assert asking(TABLES) == ["abc", "def"]


def test_a_list_leaves_out_what_it_has(asking, capture_server):
    capture_server.replies(
        200,
        "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item><item><vpcId>vpc-2</vpcId></item></vpcSet>"
        "</DescribeVpcsResponse>",
    )
    assert asking("aws ec2 describe-vpcs --vpc-ids vpc-2 ") == ["vpc-1"]


def test_what_the_line_gives_goes_along(asking, capture_server):
    capture_server.replies(200, {"nodegroups": ["n"]})
    assert asking("aws eks describe-nodegroup --cluster-name c --nodegroup-name ") == ["n"]
    assert capture_server.request.path == "/clusters/c/node-groups"


def test_an_endpoint_url_on_the_line_counts(asking, capture_server):
    capture_server.replies(200, {"TableNames": ["orders"]})
    line = f"aws --endpoint-url {capture_server.url} dynamodb describe-table --table-name "
    assert asking(line, {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}) == ["orders"]


def test_off(asking, capture_server):
    assert asking(TABLES, {"AWSMINI_COMPLETE_REMOTE": "0"}) == []
    assert capture_server.requests == []


def test_an_enum_asks_nobody(asking, capture_server):
    assert asking("aws s3api get-object --checksum-mode ") == ["ENABLED"]
    assert capture_server.requests == []


@pytest.mark.parametrize("reply", [(400, {"__type": "AccessDeniedException"}), (500, "boom"), (200, "{"), (200, "[]")])
def test_errors_are_silent_and_not_asked_for_again_at_once(asking, capture_server, capfd, reply):
    capture_server.replies(*reply)
    assert asking(TABLES) == asking(TABLES) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "broken",
    [
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
        {"AWS_PROFILE": "nosuch"},
        {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        {"AWS_DEFAULT_REGION": "", "AWS_ENDPOINT_URL": ""},
        {"AWSMINI_LOCAL": "1"},
        {"AWS_MAX_ATTEMPTS": "x"},
        {"XDG_STATE_HOME": "/dev/null"},
    ],
)
def test_without_a_way_there_are_no_names(asking, capture_server, capfd, broken):
    capture_server.always(lambda request: answer(200, {"TableNames": []}))
    assert asking(TABLES, broken) == []
    assert capfd.readouterr() == ("", "")


def test_nobody_waits_longer_than_there_is_time(asking, capture_server, tmp_path):
    capture_server.replies(200, {"TableNames": ["orders"]}, delay=1.5)
    started = time.monotonic()
    assert asking(TABLES, seconds=0.5) == []
    assert time.monotonic() - started < 1.4
    assert kept(tmp_path) == []
    time.sleep(1.2)  # the server answers, and nobody is there


def test_pages_that_come_in_time_are_shown(asking, capture_server):
    capture_server.replies(200, {"TableNames": ["abc"], "LastEvaluatedTableName": "abc"})
    capture_server.replies(200, {"TableNames": ["def"]}, delay=2.5)
    assert asking(TABLES, seconds=1.5) == ["abc"]
    time.sleep(1.2)


def test_no_time_left(asking, capture_server):
    assert asking(TABLES, seconds=0.1) == []
    assert capture_server.requests == []


def test_nobody_is_asked_for_an_mfa_code(asking, capture_server, tmp_path, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: pytest.fail("asked for a code"))
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(
        "[profile p]\nrole_arn = arn:aws:iam::1:role/r\nmfa_serial = arn:aws:iam::1:mfa/m\nsource_profile = q\n"
        "[profile q]\naws_access_key_id = a\naws_secret_access_key = b\n"
    )
    assert asking("aws --profile p dynamodb describe-table --table-name ") == []


def test_a_broken_file_of_kept_names_is_asked_for_again(asking, capture_server, tmp_path):
    capture_server.replies(200, {"TableNames": ["a"]}, times=2)
    asking(TABLES)
    kept(tmp_path)[0].write_text("{")
    assert asking(TABLES) == ["a"]


def loads_its_ec2(moto: str) -> None:
    """Ask it once: the first answer may take longer than completion waits."""
    with urlopen(moto, b"Action=DescribeSubnets&Version=2016-11-15") as answered:
        answered.read()


def test_from_moto(completed, moto):
    account = {
        **CREDENTIALS,
        "AWSMINI_COMPLETE_REMOTE": "1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": moto,
    }
    loads_its_ec2(moto)
    subnets = completed("aws ec2 describe-subnets --subnet-ids subnet-", account, seconds=30)
    assert len(subnets) > 2
    assert completed(f"aws ec2 describe-subnets --subnet-ids {subnets[0]} ", account, seconds=30) == subnets[1:]
