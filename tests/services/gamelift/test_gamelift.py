"""`gamelift upload-build` and `get-game-session-log`."""

import io
import os
import zipfile
from typing import Any

import pytest

from tests.servers import Answer, Received, answer
from tests.terminal import Terminal

UPLOAD = "gamelift upload-build --name n --build-version 1 --build-root b"
CREDENTIALS = {"AccessKeyId": "AKUP", "SecretAccessKey": "SUP", "SessionToken": "TOK"}


class GameLift:
    def __init__(self) -> None:
        self.refused: str | None = None
        self.seen: dict[str, Any] = {}
        self.put: Received | None = None

    def __call__(self, request: Received) -> Answer:
        if request.method == "PUT":
            self.put = request
            return answer(200, "", {"ETag": '"e"'})
        operation = request.headers["X-Amz-Target"].rpartition(".")[2]
        self.seen[operation] = request.json
        if operation == self.refused:
            return answer(400, {"__type": "InvalidRequestException", "message": "bad"})
        if operation == "CreateBuild":
            return answer(200, {"Build": {"BuildId": "build-1"}})
        return answer(200, {"UploadCredentials": CREDENTIALS, "StorageLocation": {"Bucket": "bkt", "Key": "k/x"}})


@pytest.fixture
def gamelift(aws: Terminal) -> GameLift:
    found = GameLift()
    aws.service.always(found)
    aws.write("b/sub/x", "1")
    return found


def test_a_build_goes_with_the_credentials_lent_for_it(aws: Terminal, gamelift: GameLift) -> None:
    outcome = aws(f"{UPLOAD} --operating-system AMAZON_LINUX_2 --server-sdk-version 5.0 --tags a=b=c d")
    assert gamelift.put is not None
    size = len(gamelift.put.body)
    line = f"\rUploading b:  {size} Bytes / {size} Bytes  (100.00%)"
    assert outcome.stdout == f"{line}{line}Successfully uploaded b to AWS GameLift\nBuild ID: build-1\n"
    assert gamelift.seen["CreateBuild"] == {
        "Name": "n",
        "Version": "1",
        "OperatingSystem": "AMAZON_LINUX_2",
        "ServerSdkVersion": "5.0",
        "Tags": [{"Key": "a", "Value": "b=c"}, {"Key": "d", "Value": ""}],
    }
    assert gamelift.put.path == "/bkt/k/x"
    assert "Credential=AKUP/" in gamelift.put.headers["Authorization"]
    assert gamelift.put.headers["x-amz-security-token"] == "TOK"
    assert zipfile.ZipFile(io.BytesIO(gamelift.put.body)).namelist() == ["sub/x"]


def test_the_way_of_a_larger_build_is_told(aws: Terminal, gamelift: GameLift) -> None:
    aws.write("b/large", os.urandom(300_000))
    lines = aws(UPLOAD).stdout.split("\r")[1:]
    assert [line.split("  ")[1] for line in lines] == [
        "128.0 KiB / 293.3 KiB",
        "256.0 KiB / 293.3 KiB",
        "293.3 KiB / 293.3 KiB",
        "293.3 KiB / 293.3 KiB",
    ]


@pytest.mark.parametrize("root", ["none", "b/empty"])
def test_nothing_to_upload(aws: Terminal, root: str) -> None:
    (aws.home / "b" / "empty" / "deeper").mkdir(parents=True)
    outcome = aws(UPLOAD.replace("--build-root b", f"--build-root {root}"))
    assert outcome.code == 255
    assert outcome.stderr == f"Fail to upload {root}. The build root directory is empty or does not exist.\n"
    assert aws.service.requests == []


def test_a_build_that_is_refused(aws: Terminal, gamelift: GameLift) -> None:
    gamelift.refused = "RequestUploadCredentials"
    outcome = aws(UPLOAD)
    assert outcome.code == 254
    assert gamelift.put is None


LOG = "gamelift get-game-session-log --game-session-id gs-1 --save-as out.zip"


def test_a_log_is_saved(aws: Terminal) -> None:
    aws.service.replies(200, {"PreSignedUrl": f"{aws.service.url}/log?secret=1"})
    aws.service.replies(200, b"PK-content")
    outcome = aws(LOG)
    assert outcome.stdout == (
        "Downloading log archive for game session gs-1...\r"
        "Successfully downloaded log archive for game session gs-1 to out.zip\n"
    )
    assert (aws.home / "out.zip").read_bytes() == b"PK-content"
    assert "Authorization" not in aws.service.requests[-1].headers


def test_a_log_that_cannot_be_had(aws: Terminal) -> None:
    aws.service.replies(200, {"PreSignedUrl": f"{aws.service.url}/log?secret=1"})
    aws.service.replies(403, b"<Error/>")
    outcome = aws(LOG)
    assert (outcome.code, outcome.message) == (255, "awsmini: [ERROR]: HTTP Error 403: Forbidden")
    assert not (aws.home / "out.zip").exists()


def test_no_log(aws: Terminal) -> None:
    aws.service.replies(200, {})
    assert aws(LOG).message == "awsmini: [ERROR]: There is no log of the game session gs-1."


def test_debug_does_not_show_what_is_lent(aws: Terminal, gamelift: GameLift) -> None:
    outcome = aws(f"{UPLOAD} --debug")
    assert outcome.code == 0
    assert "RequestUploadCredentials" in outcome.stderr
    assert "SUP" not in outcome.stderr
    assert "TOK" not in outcome.stderr
    aws.service.always(lambda request: answer(404, ""))
    aws.service.replies(200, {"PreSignedUrl": f"{aws.service.url}/log?X-Amz-Signature=5ecre7"})
    aws.service.replies(200, b"PK")
    outcome = aws(f"{LOG} --debug")
    assert outcome.code == 0
    assert "5ecre7" not in outcome.stderr
