"""`batch --cluster`: what workers do with the lines, whoever is killed meanwhile."""

import json
import os
import random
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from awsmini.commands.batch.chunk import packed, unpacked
from awsmini.commands.batch.outcome import Tally
from tests import oracle, servers
from tests.terminal import PROJECT, Terminal

pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # those of Dask's

# Two workers, and a word on what is left in the scheduler for each line read.
CLUSTER = """\
import json, logging, sys
from distributed import LocalCluster
cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0,
                       local_directory=sys.argv[1], silence_logs=logging.INFO)
scheduler = cluster.scheduler
print(json.dumps(scheduler.address), flush=True)
for line in sys.stdin:
    tickets, marks = scheduler.extensions["queues"].queues, scheduler.extensions["events"]._events
    pids = [worker.process.pid for worker in cluster.workers.values() if worker.status.name == "running"]
    print(json.dumps({"left": len(tickets) + len(marks), "tasks": len(scheduler.tasks), "pids": pids}), flush=True)
"""


class Cluster:
    """A scheduler with two workers, whose credentials are their own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.log = folder / "log"
        env = servers.clean_environment(folder)
        env |= {"AWS_ACCESS_KEY_ID": "WORKER", "AWS_SECRET_ACCESS_KEY": "x", "AWS_EC2_METADATA_DISABLED": "true"}
        env |= {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "100"}
        env |= {"DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT": "1000d"}  # or two deaths of one would be its last
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", CLUSTER, str(folder)],
                cwd=folder,
                env={**env, "PYTHONPATH": str(PROJECT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.address = self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    @property
    def state(self) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: dict[str, Any] = self._answer()
        return found

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    yield found
    found.end()


def parameters(request: servers.Received) -> servers.Answer:
    """SSM, which lacks one parameter in a hundred."""
    name = request.json["Name"]
    if name.endswith("00"):
        return servers.answer(400, {"__type": "ParameterNotFound", "message": "no"})
    return servers.answer(200, {"Parameter": {"Name": name, "Value": "v"}, "Version": 1})


def names(aws: Terminal) -> list[str]:
    return [request.json["Name"] for request in aws.service.requests]


def get(count: int) -> str:
    return "".join(f"ssm get-parameter --name p{n}\n" for n in range(1, count + 1))


def put(count: int) -> str:
    return "".join(f"ssm put-parameter --name p{n} --value 1 --type String\n" for n in range(1, count + 1))


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def begin(aws: Terminal, command: str, **how: Any) -> "subprocess.Popen[bytes]":
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **how}
    env = {**aws.env, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen([sys.executable, "-m", "awsmini", *shlex.split(command)], cwd=aws.home, env=env, **options)


def wait_for_requests(aws: Terminal, count: int) -> None:
    give_up = time.monotonic() + 60
    while len(aws.service.requests) < count:
        assert time.monotonic() < give_up, f"only {len(aws.service.requests)} requests came"
        time.sleep(0.01)


@pytest.mark.every
def test_all_lines_run_once_with_the_results_of_one_machine(aws, request):
    count = 10_000 if oracle.takes_every(request.config) else 600
    aws.service.always(parameters)
    aws.write("lines", get(count))
    plain = aws("batch --results plain lines")
    once = Counter(names(aws))
    aws.service.requests.clear()
    done = aws.run("batch --cluster local:2 --results there lines", timeout=300)
    assert done.code == plain.code == 1
    assert Counter(names(aws)) == once == Counter(f"p{n}" for n in range(1, count + 1))
    assert sorted(done.stderr.splitlines()) == sorted(plain.stderr.splitlines())
    assert sorted(done.stdout.splitlines()) == sorted(plain.stdout.splitlines())
    here, there = ({each["id"]: each for each in records(aws.home / name)} for name in ("plain", "there"))
    for record in (*here.values(), *there.values()):
        assert record.pop("seconds") >= 0
    assert there == here


def test_order_and_global_options_hold_and_nothing_is_left_behind(aws, cluster):
    aws.service.always(parameters)
    done = aws(
        f"--query Parameter.Name --output text batch --keep-order --cluster {cluster.address}",
        stdin="".join(f"ssm get-parameter --name p{n}x{' --output json' * (n % 2)}\n" for n in range(300)),
    )
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.split() == [f'"p{n}x"' if n % 2 else f"p{n}x" for n in range(300)]
    time.sleep(0.2)
    state = cluster.state
    assert (state["left"], state["tasks"]) == (0, 0)


def test_lines_of_stdin_run_as_they_come(aws, cluster):
    aws.service.always(parameters)
    with begin(aws, f"batch --cluster {cluster.address}", stdin=subprocess.PIPE) as process:
        for count in (1, 2):
            process.stdin.write(b"ssm get-parameter --name p --query Parameter.Name\n")
            process.stdin.flush()
            assert process.stdout.readline() == b'"p"\n'
            assert len(aws.service.requests) == count
        assert process.communicate() == (b"", b"")
    assert process.returncode == 0


def test_no_line_is_begun_after_a_failure_where_that_is_asked(aws, cluster):
    aws.service.always(parameters)
    aws.write("lines", "ssm get-parameter --name p100\n" + get(99) * 8)
    done = aws(f"batch -j2 --stop-on-error --journal j --cluster {cluster.address} lines")
    assert done.code == 1
    assert "1 failed" in done.stderr
    seen = len(aws.service.requests)
    assert seen < 400
    assert aws(f"batch -j2 --journal j --cluster {cluster.address} lines").code == 1
    assert len(aws.service.requests) == 1 + 99 * 8  # what was not begun is not taken for unknown


def test_lines_are_begun_at_the_rate_asked_for(aws, cluster):
    aws.service.always(parameters)
    began = time.monotonic()
    assert aws(f"batch --rate 20/s --cluster {cluster.address}", stdin=get(15)).code == 0
    assert time.monotonic() - began >= 14 / 20 * 0.9


def test_a_journal_makes_a_run_go_on(aws, cluster):
    aws.service.always(parameters)
    lines = "ssm get-parameter --name a\nssm get-parameter --name p100\nssm put-parameter --name a --value 1 --type String\n"
    aws.write("lines", lines)
    there = f"--cluster {cluster.address}"
    assert aws(f"batch --journal j {there} lines").code == 1
    assert len(aws.service.requests) == 3
    for how in (there, ""):  # one journal for both
        again = aws(f"batch --journal j {how} lines")
        assert again.code == 1
        assert again.stderr == "awsmini batch: 2 done, 1 failed; 3 of them in earlier runs.\n"
    assert len(aws.service.requests) == 3
    aws(f"batch --journal j --retry-failed {there} lines")
    assert names(aws)[3:] == ["p100"]
    kept = [line for line in (aws.home / "j").read_text().splitlines() if '"ended"' not in line]
    (aws.home / "j").write_text("\n".join(kept) + "\n")
    aws.service.requests.clear()
    done = aws(f"batch --journal j {there} lines")
    assert 'unknown whether this was done: ["ssm", "put-parameter"' in done.stderr
    assert Counter(names(aws)) == Counter(["a", "p100"])
    assert aws(f"batch --journal j --retry-unknown {there} lines").code == 1
    assert names(aws)[2:] == ["a"]


@pytest.mark.every
def test_a_client_that_is_killed_can_go_on(aws, request):
    aws.service.always(lambda _: servers.answer(200, {"Version": 1}, delay=0.01))
    aws.write("lines", put(400))
    chance = random.Random(3)
    for _ in range(5 if oracle.takes_every(request.config) else 1):
        with begin(aws, "batch -j4 --journal j --cluster local:2 lines", stderr=subprocess.DEVNULL) as process:
            before = len(aws.service.requests)
            wait_for_requests(aws, before + chance.randint(1, 80))
            process.send_signal(signal.SIGKILL)
            process.communicate()
    time.sleep(0.5)
    done = aws.run("batch -j4 --journal j --results r --cluster local:2 lines")
    unknown = [json.loads(line.split(": ", 2)[2])[3] for line in done.stderr.splitlines() if ": unknown" in line]
    seen = names(aws)
    assert len(seen) == len(set(seen))
    assert set(seen) | set(unknown) == {f"p{n}" for n in range(1, 401)}
    assert done.code == (1 if unknown else 0)


@pytest.mark.parametrize("what", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_dies_costs_no_reading_line_and_repeats_no_other(aws, cluster, what):
    """By the server's own count."""
    aws.service.always(lambda request: servers.answer(200, {"Parameter": {}, "Version": 1}, delay=0.02))
    lines = [
        f"ssm put-parameter --name w{n} --value 1 --type String\nssm get-parameter --name r{n}\n" for n in range(400)
    ]
    aws.write("lines", "".join(lines))

    def kill() -> None:
        for count in (60, 200, 350):
            wait_for_requests(aws, count)
            while not (pids := cluster.state["pids"]):  # one that is killed while it starts is not started again
                time.sleep(0.05)
            os.kill(random.choice(pids), what)

    killer = threading.Thread(target=kill)
    killer.start()
    done = aws(f"batch -j4 --journal j --results r --cluster {cluster.address} lines")
    killer.join()
    seen = Counter(names(aws))
    codes = {record["args"][3]: record["exit_code"] for record in records(aws.home / "r")}
    assert len(codes) == len(records(aws.home / "r")) == 800
    unknown = {name for name, code in codes.items() if code is None}
    assert unknown, done.stderr
    assert all(name.startswith("w") for name in unknown)
    assert all(seen[f"w{n}"] == 1 for n in range(400) if f"w{n}" not in unknown)
    assert all(seen[f"w{n}"] <= 1 for n in range(400))
    assert all(codes[f"r{n}"] == 0 for n in range(400))
    assert done.code == 1
    told = f"{800 - len(unknown)} done, 0 failed, {len(unknown)} unknown (under way when an earlier run or its worker was killed)"
    assert told in done.stderr
    assert aws(f"batch --journal j --retry-unknown --cluster {cluster.address} lines").code == 0
    assert {name for name in names(aws) if name.startswith("w")} == {f"w{n}" for n in range(400)}


def test_without_its_scheduler_it_ends_and_can_go_on(aws, tmp_path):
    aws.service.always(lambda request: servers.answer(200, {"Version": 1}, delay=0.02))
    aws.write("lines", put(600))
    (tmp_path / "own").mkdir()
    own = Cluster(tmp_path / "own")
    killer = threading.Thread(target=lambda: (wait_for_requests(aws, 80), own.kill()))
    killer.start()
    done = aws(f"batch -j4 --journal j --results r --cluster {own.address} lines")
    killer.join()
    assert done.code == 255
    assert f"The scheduler at {own.address} is gone." in done.stderr
    assert "Traceback" not in done.stderr
    time.sleep(0.5)
    again = aws("batch -j16 --journal j --results r lines")
    unknown = {record["args"][3] for record in records(aws.home / "r") if record["exit_code"] is None}
    seen = names(aws)
    assert len(seen) == len(set(seen))
    assert set(seen) | unknown == {f"p{n}" for n in range(1, 601)}
    assert again.code == 1


def test_at_home_lines_have_the_files_and_profiles_of_this_machine(aws):
    aws.service.always(parameters)
    aws.write(
        ".aws/config",
        "[profile other]\nregion=eu-west-2\n[profile mfa]\nrole_arn=r\nsource_profile=other\nmfa_serial=m\n",
    )
    aws.write(".aws/credentials", "[other]\naws_access_key_id=OTHER\naws_secret_access_key=x\n")
    aws.write("name", "from a file")
    del aws.env["AWS_DEFAULT_REGION"]
    lines = [
        "ssm get-parameter --name file://name --region eu-west-1 --profile other",
        "ssm get-parameter --name a",
        "ssm get-parameter --name a --profile mfa",
    ]
    done = aws.run("--profile other batch --cluster local:1", stdin="\n".join(lines))
    assert sorted(keys(aws)) == ["OTHER eu-west-1", "OTHER eu-west-2"]
    assert sorted(names(aws)) == ["a", "from a file"]
    assert "A worker cannot ask for the code of a device." in done.stderr
    assert done.stderr.endswith("awsmini batch: 2 done, 1 failed.\n")


def test_interrupted_it_finishes_what_is_under_way(aws):
    aws.service.always(lambda request: servers.answer(200, {"Version": 1}, delay=0.5))
    aws.write("lines", put(500))
    with begin(aws, "batch -j4 --journal j --results r --cluster local:2 lines") as process:
        wait_for_requests(aws, 1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    seen = len(aws.service.requests)
    assert (process.returncode, err) == (130, b"")
    assert 0 < seen < 40
    assert len(records(aws.home / "r")) == seen
    assert len(out.splitlines()) == seen * 3
    journal = (aws.home / "j").read_text()
    assert journal.count('"ended"') == seen
    assert journal.count('"begun"') - journal.count('"not begun"') == seen


def test_interrupted_twice_it_ends_at_once(aws):
    aws.service.always(lambda request: servers.answer(200, {"Version": 1}, delay=30))
    aws.write("lines", put(1))
    with begin(aws, "batch --cluster local:1 lines") as process:
        wait_for_requests(aws, 1)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        err = process.communicate()[1]
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert time.monotonic() - began < 15


def keys(aws: Terminal) -> list[str]:
    """Access key and region of each request."""
    scopes = [request.headers["Authorization"].split("Credential=")[1].split("/") for request in aws.service.requests]
    return [f"{scope[0]} {scope[2]}" for scope in scopes]


def test_elsewhere_credentials_are_the_workers_own_but_for_those_that_are_sent(aws, cluster):
    aws.service.always(parameters)
    del aws.env["AWS_DEFAULT_REGION"]
    aws.write(".aws/config", "[default]\nregion=eu-west-1\n[profile other]\nregion=eu-west-9\n")
    (cluster.home / ".aws").mkdir(exist_ok=True)
    (cluster.home / ".aws/config").write_text("[profile other]\nregion=eu-west-2\n")
    (cluster.home / ".aws/credentials").write_text("[other]\naws_access_key_id=OTHER\naws_secret_access_key=x\n")
    lines = "ssm get-parameter --name a\nssm get-parameter --name a --region eu-west-3\nssm get-parameter --name a --profile other\n"
    assert aws(f"batch -j1 --cluster {cluster.address}", stdin=lines).code == 0
    assert sorted(keys(aws)) == ["OTHER eu-west-2", "WORKER eu-west-1", "WORKER eu-west-3"]
    aws.service.requests.clear()
    assert aws(f"batch -j1 --send-credentials --cluster {cluster.address}", stdin=lines).code == 0
    assert sorted(keys(aws)) == ["AKIDEXAMPLE eu-west-1", "AKIDEXAMPLE eu-west-3", "OTHER eu-west-2"]
    log = cluster.log.read_text()
    assert aws.env["AWS_SECRET_ACCESS_KEY"] not in log
    assert "get-parameter" not in log


def test_the_role_of_a_profile_is_assumed_by_the_workers(aws, cluster):
    aws.write(
        ".aws/config",
        "[profile deploy]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=x\nregion=eu-west-1\n[profile x]\n",
    )
    answer = (
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s"
        "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        "</AssumeRoleResult></AssumeRoleResponse>"
    )
    aws.service.always(
        lambda request: servers.answer(200, answer) if b"AssumeRole" in request.body else parameters(request)
    )
    lines = "ssm get-parameter --name a\nssm get-parameter --name a --region eu-west-3\n" * 4
    assert aws(f"--profile deploy batch --cluster {cluster.address}", stdin=lines).code == 0
    found = Counter(keys(aws))
    del found["WORKER us-east-1"], found["WORKER eu-west-1"]  # the calls of STS, one for each worker
    assert found == {"ROLE eu-west-1": 4, "ROLE us-east-1": 0, "ROLE eu-west-3": 4} or found == {
        "ROLE us-east-1": 4,
        "ROLE eu-west-3": 4,
    }


def test_lines_have_no_stdin_and_write_what_they_write_on_one_machine(aws, cluster):
    binary = bytes(range(256)) * 40
    aws.service.always(lambda request: servers.answer(200, b"" if request.method == "PUT" else binary))
    lines = "s3 cp s3://bucket/key -\ns3 cp - s3://bucket/empty\nnosuch\n--version\n"
    plain = aws("batch -j1 --keep-order", stdin=lines)
    assert binary in plain.stdout_bytes
    put_by_plain = [request.body for request in aws.service.requests if request.method == "PUT"]
    aws.service.requests.clear()
    done = aws(f"batch -j1 --keep-order --cluster {cluster.address}", stdin=lines)
    assert done.code == plain.code == 1
    assert done.stdout_bytes == plain.stdout_bytes
    assert done.stderr == plain.stderr
    assert [request.body for request in aws.service.requests if request.method == "PUT"] == put_by_plain


@pytest.mark.parametrize("content", [b"", "ä\n".encode(), b"\xff\x00\x80", "\ud800".encode("utf-8", "surrogatepass")])
def test_any_bytes_go_there_and_back(content):
    assert unpacked(json.loads(json.dumps(packed(content)))) == content


def test_the_tally_names_workers_where_there_are_some():
    tally = Tally(on_cluster=True)
    tally.count(None)
    assert str(tally) == "0 done, 0 failed, 1 unknown (under way when an earlier run or its worker was killed)"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--cluster nowhere lines", "--cluster: nowhere is neither local[:WORKERS] nor an address"),
        ("--cluster local:0 lines", "--cluster: local:0 has no worker."),
        ("--cluster tcp://127.0.0.1:1 lines", "--cluster: no scheduler answers at tcp://127.0.0.1:1"),
        ("--send-credentials lines", "--send-credentials needs --cluster."),
        ("--shared-paths --cluster local:1 lines", "Unknown options: --shared-paths"),
        ("--cluster local:1 -j0 lines", "--jobs is at least 1."),
        ("--jobs 1 --clus local:1 lines", "Unknown options: --clus, lines"),
        ("--cluster tcp://127.0.0.1:1 lines --local", "--local is the sandbox of this machine"),
    ],
)
def test_bad_options_are_told_before_anything_runs(aws, words, says):
    aws.write("lines", get(1))
    assert says in aws(f"batch {words}").message
    assert aws.service.requests == []


def test_without_distributed_it_says_what_to_install(aws):
    aws.write("lines", get(1))
    aws.write("distributed/__init__.py", "raise ImportError('blocked')")
    program = "import sys; sys.path.insert(0, '.'); from awsmini.cli import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-c", program, "batch", "lines", "--cluster", "local:2"]
    done = subprocess.run(
        words, cwd=aws.home, env={**aws.env, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 255
    assert done.stderr.strip().endswith("--cluster needs Dask's distributed: pip install 'awsmini[cluster]'")
    assert aws.service.requests == []
