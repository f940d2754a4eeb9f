"""What the shells start, and what it loads."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from awsmini.commands.completion import SCRIPTS, script
from awsmini.completion import build
from awsmini.completion.main import output
from tests.servers import clean_environment
from tests.terminal import PROJECT


def printed(line: str, *arguments: str, point: int | None = None, **env: str) -> str:
    given = {"HOME": "/nonexistent", "COMP_LINE": line, "AWSMINI_COMPLETE_REMOTE": "0", **env}
    if point is not None:
        given["COMP_POINT"] = str(point)
    return output(arguments, given, lambda: 5.0)


def test_one_candidate_a_line():
    assert printed("aws ec2 wait instance-s") == "instance-status-ok\ninstance-stopped\n"
    assert printed("aws nosuch ") == ""


def test_the_cursor_is_where_the_line_ends():
    assert printed("aws kinesisv list-streams", point=12) == "kinesisvideo\n"
    assert printed("aws kinesisv list-streams", point=0) == ""
    assert printed("aws kinesisv", point=99) == "kinesisvideo\n"


def test_tcsh_has_another_name_for_the_line():
    assert output([], {"COMMAND_LINE": "aws kinesisv", "HOME": "/x"}, lambda: 5.0) == "kinesisvideo\n"


def test_bash_gets_the_end_of_the_word_and_a_blank_after_what_is_finished():
    assert printed("aws kinesisv", "bash", "kinesisv") == "kinesisvideo \n"
    assert printed("aws --output=js", "bash", "js") == "json \n"
    assert printed("aws --ca-bundle /et", "bash", "/et") == "/etc/\n"
    assert printed("aws ec2 describe-instances --filters file:///et", "bash", "///et") == "///etc/\n"
    assert printed("aws ec2 describe-instances --filters Na", "bash", "Na") == "Name=\n"
    assert printed("aws --output 'js", "bash", "js") == "json\n"
    assert printed("aws ec2 describe-instances --filters 'Na", "bash", "Na") == "Name=\nName=…\n"


def test_complete_c_gives_command_word_and_the_word_before():
    assert printed("aws --output=js", "aws", "js", "=") == "json\n"


def test_zsh_and_fish_get_notes():
    assert printed("aws kinesisv", "zsh") == "done\tkinesisvideo\tAmazon Kinesis Video Streams\n"
    assert printed("aws ec2 describe-instances --filters Na", "zsh") == "open\tName=\tstring\n"
    assert printed("aws sqs send-message --message-b", "fish") == "--message-body\tstring, required\n"


def test_special_characters_are_quoted_for_bash_and_left_alone_for_the_others(tmp_path):
    (tmp_path / "a b$c").touch()
    assert printed(f"aws --ca-bundle {tmp_path}/a", "bash", f"{tmp_path}/a") == f"{tmp_path}/a\\ b\\$c \n"
    assert printed(f"aws --ca-bundle {tmp_path}/a", "fish") == f"{tmp_path}/a b$c\t\n"


def run(line: str, *arguments: str, python: tuple[str, ...] = (), **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *python, "-m", "awsmini.completion", *arguments],
        env={**clean_environment(Path("/nonexistent")), "PYTHONPATH": str(PROJECT), "COMP_LINE": line, **env},
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_as_a_process(tmp_path):
    done = run("aws kinesisv", HOME=str(tmp_path))
    assert (done.stdout, done.stderr, done.returncode) == (b"kinesisvideo\n", b"", 0)


@pytest.mark.parametrize("point", ["x", "-1", "", "99999999999999999999"])
def test_garbage_is_silent(point, tmp_path):
    done = run("aws kinesisv", COMP_POINT=point, HOME=str(tmp_path))
    assert done.stderr == b""


def test_a_model_that_is_broken_is_silent(tmp_path):
    (tmp_path / "sqs.jsonl").write_bytes(b"operation\tX\t{{{\nshape\t")
    done = run("aws sqs x --", AWS_DATA_PATH=str(tmp_path), HOME=str(tmp_path))
    assert (done.stdout.count(b"Traceback"), done.stderr) == (0, b"")


_MODULES = """\
import json, os, sys
from awsmini.completion.main import output
output([], os.environ, lambda: 5.0)
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = {"click", "requests", "rich", "jmespath", "yaml", "urllib3", "email", "http.client", "logging", "ssl", "sqlite3",
         "subprocess", "inspect", "awsmini.session", "awsmini.client", "awsmini.commands.tree"}  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "aws ec",
        "aws ec2 describe-ins",
        "aws ec2 run-instances --inst",
        "aws ec2 run-instances --block-device-mappings Ebs={Vol",
        "aws --region us-",
        "aws --profile ",
        "aws configure export-credentials --format ",
        "aws ec2 describe-instances --query Res",
        "aws s3api get-object --checksum-mode ",
        "aws help ret",
        "aws dynamodb create-table --table-name ",
    ],
)
def test_it_loads_little(line, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _MODULES],
        env={**clean_environment(tmp_path), "PYTHONPATH": str(PROJECT), "COMP_LINE": line},
        capture_output=True,
        check=True,
    )
    assert set(json.loads(done.stdout)) & HEAVY == set()


def test_what_is_known_of_commands_written_by_hand_is_up_to_date():
    assert build.FILE.read_text("utf-8") == build.content(), "run python -m awsmini.completion.build"


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_scripts_are_those_of_the_repository(aws, shell):
    text = (PROJECT / "completions" / SCRIPTS[shell]).read_text()
    assert aws(f"completion {shell}").stdout == script(shell) == text


def test_no_other_file_lies_with_the_scripts():
    assert sorted(os.listdir(PROJECT / "completions")) == sorted(SCRIPTS.values())


@pytest.mark.parametrize(
    ("shell", "path"),
    [
        ("bash", ".local/share/bash-completion/completions/awsmini"),
        ("zsh", ".local/share/zsh/site-functions/_awsmini"),
        ("fish", ".config/fish/completions/awsmini.fish"),
    ],
)
def test_install(aws, shell, path):
    said = aws(f"completion {shell} --install").stdout
    assert (aws.home / path).read_text() == script(shell)
    assert said.startswith(f"{aws.home / path} is there. ")


def test_install_where_the_environment_says(aws):
    aws.env |= {"XDG_DATA_HOME": f"{aws.home}/d", "XDG_CONFIG_HOME": f"{aws.home}/c"}
    aws("completion fish --install")
    aws("completion zsh --install")
    assert (aws.home / "c/fish/completions/awsmini.fish").is_file()
    assert (aws.home / "d/zsh/site-functions/_awsmini").is_file()
    aws.env["BASH_COMPLETION_USER_DIR"] = f"{aws.home}/b"
    aws("completion bash --install")
    assert (aws.home / "b/completions/awsmini").is_file()


def test_install_where_nothing_can_be_written(aws):
    aws.env["XDG_DATA_HOME"] = "/dev/null"
    assert "cannot be written: Not a directory" in aws("completion bash --install").message


def test_other_shells(aws):
    assert "Found invalid choice 'tcsh'" in aws("completion tcsh").message
    assert "the following arguments are required: shell" in aws("completion").message
