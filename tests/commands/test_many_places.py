"""One command in three accounts × four regions of moto, the roles really assumed; and places that fail, wait or are slow."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from awsmini.commands.fanout_gathering import Gathering
from awsmini.commands.fanout_targets import Target
from awsmini.format.view import View
from awsmini.query import compile as compiled
from tests import servers
from tests.servers import Received, answer
from tests.terminal import PROJECT, Terminal

OUTPUTS = ("json", "yaml", "yaml-stream", "text", "table", "off", "ndjson", "csv", "tsv", "grid")
QUERIES = ("", "Topics[].{Topic:TopicArn}")
GOLDEN = Path(__file__).with_name("many_places.txt")
REGIONS = "us-east-1,eu-west-1,us-west-2,eu-central-1"
EVERYWHERE = f"--accounts all --assume-role audit --regions {REGIONS}"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A terminal whose moto has an organization with three accounts, and a topic in each place."""
    home = tmp_path_factory.mktemp("home")
    env = servers.clean_environment(home)
    env |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    with servers.moto(tmp_path_factory.mktemp("moto")) as url, servers.capture_server() as unused:
        aws = Terminal(home, unused, {**env, "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": url})
        assert aws("organizations create-organization --feature-set ALL").code == 0
        for name in ("shop-dev", "shop-prod"):
            assert aws(f"organizations create-account --account-name {name} --email {name}@example.com").code == 0
        made = aws(f"{EVERYWHERE} --yes sns create-topic --name t").json
        assert [each["Output"]["TopicArn"].split(":")[3:5] for each in made] == [
            [each["Region"], each["AccountId"]] for each in made
        ]
        yield aws


def accounts(aws: Terminal) -> dict[str, str]:
    """The ids, which are random but for the first, in the organization's order, and what stands for them in the file."""
    found = aws("organizations list-accounts").json["Accounts"]
    return {each["Id"]: str(number) * 12 for number, each in enumerate(found, 1)}


def shown(aws: Terminal, output: str, query: str) -> str:
    words = [*shlex.split(EVERYWHERE), "--max-concurrency", "1", "sns", "list-topics", "--output", output]
    done = aws([*words, *(["--query", query] if query else [])])
    assert (done.code, done.stderr) == (0, "")
    text = done.stdout
    for own, named in accounts(aws).items():
        text = text.replace(own, named)
    return text


def golden() -> dict[str, str]:
    parts = re.split(r"^## (.*)\n", GOLDEN.read_text(), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("output", OUTPUTS)
def test_every_output_of_three_accounts_in_four_regions(many, output, query):
    assert shown(many, output, query) == golden()[f"{output} {query}".strip()]


def test_many_at_once_answer_the_same_records(many):
    words = "sns list-topics --query Topics[].TopicArn --output"
    lines = many(f"{EVERYWHERE} {words} text").stdout.splitlines()
    assert len(set(lines)) == len(lines) == 12
    for line in lines:
        account, region, arn = line.split("\t")
        assert arn == f"arn:aws:sns:{region}:{account}:t"
    places = [(each["AccountId"], each["Region"]) for each in many(f"{EVERYWHERE} {words} json").json]
    assert places == [(account, region) for account in accounts(many) for region in REGIONS.split(",")]


def test_a_chart_has_a_series_for_each_place(many):
    assert many(f"{EVERYWHERE} --yes ssm put-parameter --name p --value v --type String").code == 0
    done = many(f"{EVERYWHERE} ssm describe-parameters --output chart --chart-x Name --chart-y Version")
    assert (done.code, done.stderr) == (0, "")
    titles = [line for line in done.stdout.splitlines() if line[:1].isdigit()]
    assert titles == [f"{account} {region} Version" for account in accounts(many) for region in REGIONS.split(",")]


def scripted(request: Received) -> servers.Answer:
    """Streams of Kinesis Video: one region denies, one throttles the first calls, one is slow."""
    region = request.headers["Authorization"].split("/")[2]
    if region == "us-east-1":
        return answer(400, {"message": "not here"}, {"x-amzn-errortype": "AccessDeniedException"})
    if region == "eu-west-1" and scripted.throttles:
        scripted.throttles -= 1
        return answer(400, {"message": "slow down"}, {"x-amzn-errortype": "ThrottlingException"})
    body = {"StreamInfoList": [{"StreamName": region, "Version": "1"}]}
    return answer(200, body, delay=scripted.delay if region == "us-west-2" else 0)


@pytest.fixture
def uneven(aws):
    scripted.throttles, scripted.delay = 2, 0.6
    aws.service.always(scripted)
    return aws


LIST = f"--regions {REGIONS} kinesisvideo list-streams"
NAMES = "--query StreamInfoList[].StreamName"
DENIED = "An error occurred (AccessDeniedException) when calling the ListStreams operation: not here"


@pytest.mark.parametrize("output", [*OUTPUTS, "chart"])
def test_one_that_fails_and_one_that_waits_and_one_that_is_slow_stop_no_other(uneven, output):
    chart = "--chart-x StreamName --chart-y Version" if output == "chart" else ""
    done = uneven(f"{LIST} --output {output} {chart}")
    assert done.code == 254
    assert done.stderr == f"awsmini: us-east-1: {DENIED}\n"
    if output == "off":
        assert done.stdout == ""
        return
    for region in REGIONS.split(",")[1:]:
        assert region in done.stdout
    assert ("us-east-1" in done.stdout) is (output in ("json", "yaml", "yaml-stream"))
    assert len(uneven.service.requests) == 6


def test_what_is_there_is_not_held_back_by_what_is_slow(uneven):
    scripted.throttles, scripted.delay = 0, 1.0
    lines = uneven(f"{LIST} {NAMES} --output text").stdout.splitlines()
    assert lines[-1] == "us-west-2\tus-west-2"
    assert sorted(lines[:-1]) == ["eu-central-1\teu-central-1", "eu-west-1\teu-west-1"]


def test_the_exit_code_is_the_highest(aws):
    aws.write(".aws/config", "[profile a]\nregion=us-east-1\n[profile b]\n[profile c]\nregion=eu-west-1\n")
    aws.write(
        ".aws/credentials",
        "[a]\naws_access_key_id=A\naws_secret_access_key=x\n[c]\naws_access_key_id=C\naws_secret_access_key=x\n",
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        del aws.env[name]
    aws.service.always(lambda request: answer(200, {"StreamInfoList": []}))
    assert aws("--profiles a,c kinesisvideo list-streams").code == 0
    done = aws("--profiles all kinesisvideo list-streams --output text")
    assert done.code == 253
    assert done.stderr.startswith("awsmini: b: ")


class OnTerminal:
    """A command with stdin and stderr on a pseudo-terminal, and stdout too if asked."""

    def __init__(self, aws: Terminal, command: str, *, stdout: bool = False, env: dict[str, str] | None = None) -> None:
        self._leader, follower = os.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "awsmini", *shlex.split(command)],
            stdin=follower, stdout=follower if stdout else subprocess.PIPE, stderr=follower, cwd=aws.home,
            env={**aws.env, "PYTHONPATH": str(PROJECT), "TERM": "xterm", **(env or {})}, start_new_session=True,
        )  # fmt: skip
        os.close(follower)
        self.shown = ""

    def until(self, text: str) -> None:
        while text not in self.shown:
            self.shown += os.read(self._leader, 4096).decode()

    def type(self, text: str) -> None:
        os.write(self._leader, text.encode())

    def end(self) -> tuple[str, int]:
        """What went to a stdout of its own, and the exit code."""
        out = self.process.stdout.read().decode() if self.process.stdout else ""
        try:
            while more := os.read(self._leader, 4096):
                self.shown += more.decode()
        except OSError:
            pass
        os.close(self._leader)
        code = self.process.wait(60)
        if self.process.stdout:
            self.process.stdout.close()
        return out, code


def test_progress_is_told_on_a_terminal_only(uneven):
    command = OnTerminal(uneven, f"{LIST} {NAMES} --output text")
    out, code = command.end()
    assert code == 254
    assert "\x1b" not in out
    assert len(out.splitlines()) == 3
    assert re.search(r"\d done, 1 failed, \d left", command.shown)
    assert f"\r\x1b[Kawsmini: us-east-1: {DENIED}\r\n" in command.shown
    assert command.shown.endswith("\r\x1b[K")


def test_records_stand_above_the_progress(uneven):
    command = OnTerminal(uneven, f"{LIST} {NAMES} --output text --no-cli-pager", stdout=True)
    assert command.end()[1] == 254
    screen = [line.split("\r\x1b[K")[-1] for line in command.shown.split("\r\n")]
    assert sorted(screen) == sorted([f"awsmini: us-east-1: {DENIED}", *(f"{name}\t{name}" for name in REGIONS.split(",")[1:]), ""])  # fmt: skip


@pytest.mark.parametrize(("word", "code", "calls"), [("y\n", 0, 2), ("n\n", 1, 0), ("\n", 1, 0)])
def test_what_changes_something_is_asked_on_a_terminal(aws, word, code, calls):
    aws.service.always(lambda request: answer(200, {}))
    command = OnTerminal(
        aws, "--regions us-east-1,eu-west-1 kinesisvideo delete-stream --stream-arn x --output text", stdout=True
    )
    command.until("kinesisvideo delete-stream in 2 places: go on? [y/N] ")
    assert aws.service.requests == []
    command.type(word)
    assert command.end()[1] == code
    assert len(aws.service.requests) == calls


@pytest.mark.parametrize("output", ["json", "text"])
def test_interrupted_it_prints_what_is_there(uneven, output):
    scripted.throttles, scripted.delay = 0, 30
    with subprocess.Popen(
        [sys.executable, "-m", "awsmini", *shlex.split(f"{LIST} {NAMES} --output {output}")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=uneven.home, env={**uneven.env, "PYTHONPATH": str(PROJECT)},
    ) as process:  # fmt: skip
        while len(uneven.service.requests) < 4:
            time.sleep(0.05)
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, err = process.communicate()
    assert process.returncode == 130
    assert time.monotonic() - began < 10
    assert err.decode() == f"awsmini: us-east-1: {DENIED}\n"
    if output == "json":
        assert [each["Region"] for each in json.loads(out)] == ["us-east-1", "eu-west-1", "eu-central-1"]
    else:
        assert sorted(out.decode().splitlines()) == ["eu-central-1\teu-central-1", "eu-west-1\teu-west-1"]


def test_who_reads_no_further_ends_it_without_a_word(uneven):
    scripted.throttles = 0
    with subprocess.Popen(
        [sys.executable, "-m", "awsmini", *shlex.split(f"{LIST.replace('us-east-1,', '')} {NAMES} --output text")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=uneven.home, env={**uneven.env, "PYTHONPATH": str(PROJECT)},
    ) as process:  # fmt: skip
        assert process.stdout
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("output", ["text", "json"])
def test_a_full_disk_is_told_once(uneven, output):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "awsmini", *shlex.split(f"{LIST.replace('us-east-1,', '')} --output {output}")],
            stdout=full, stderr=subprocess.PIPE, cwd=uneven.home, env={**uneven.env, "PYTHONPATH": str(PROJECT)}, check=False,
        )  # fmt: skip
    assert done.returncode == 255
    assert done.stderr.decode().count("No space left on device") == 1
    assert "Traceback" not in done.stderr.decode()


def test_a_code_is_asked_for_once_for_a_profile(aws):
    aws.write(".aws/config", "[profile base]\nregion=us-east-1\n[profile mfa]\nregion=us-east-1\nsource_profile=base\n"
              "role_arn=arn:aws:iam::111111111111:role/r\nmfa_serial=arn:aws:iam::111111111111:mfa/m\n")  # fmt: skip
    aws.write(".aws/credentials", "[base]\naws_access_key_id=A\naws_secret_access_key=x\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del aws.env[name]

    def world(request: Received) -> servers.Answer:
        if b"AssumeRole" in request.body:
            assert request.form["TokenCode"] == "123456"
            return answer(200, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>R</AccessKeyId>"
                          "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z"
                          "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>", delay=0.3)  # fmt: skip
        return answer(200, {"StreamInfoList": [{"StreamName": "s"}]})

    aws.service.always(world)
    command = OnTerminal(aws, f"--profiles mfa,base {LIST} {NAMES} --output text", stdout=True)
    command.until("MFA code")
    command.type("123456\n")
    assert command.end()[1] == 0
    assert command.shown.count("MFA code") == 1
    assert sum(b"AssumeRole" in request.body for request in aws.service.requests) == 1
    assert len(aws.service.requests) == 9


def test_a_line_of_text_ends_at_a_newline_and_nowhere_else():
    written: list[str] = []
    gathering = Gathering("text", {"regions": "r1,r2"}, written.append)
    gathering.add(Target(region="r1"), {"Names": ["a\u2028b", "c\x0bd\x85e"]}, View(query=compiled("Names")))
    gathering.add_text(Target(region="r2"), "f\u2028g\n\nh\n")
    assert "".join(written) == "r1\ta\u2028b\tc\x0bd\x85e\nr2\tf\u2028g\nr2\t\nr2\th\n"
