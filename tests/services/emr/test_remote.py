"""`emr ssh`, `socks`, `put` and `get`, with scripts in the place of the programs that write down how they were called."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.terminal import PROJECT

RUNNING = {"Cluster": {"Id": "j-1", "Status": {"State": "RUNNING"}, "MasterPublicDnsName": "m.example"}}
SCRIPT = """#!/bin/sh
for word in "${0##*/}" "$@"; do printf '%s\\n' "$word" >> "$LOG"; done
test "$1" = "-G" && exit ${G_CODE:-0}
echo there
exit ${CODE:-0}
"""
KNOWN = "-G -o StrictHostKeyChecking=accept-new localhost"
TRUST = "-o StrictHostKeyChecking=accept-new"


@pytest.fixture
def programs(aws):
    """Puts programs into PATH, and nothing else; what comes back is the words they were called with."""
    log = aws.home / "log"
    aws.env |= {"PATH": str(aws.home / "bin"), "LOG": str(log)}

    def install(*names):
        for name in names:
            aws.write(f"bin/{name}", SCRIPT).chmod(0o755)
        return lambda: log.read_text().splitlines() if log.exists() else []

    return install


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ssh", f"ssh {TRUST} -o ServerAliveInterval=10 -i k.pem hadoop@m.example -t"),
        ("ssh --command uptime", f"ssh {TRUST} -o ServerAliveInterval=10 -i k.pem hadoop@m.example -t uptime"),
        (
            "ssh --ssh-options A=b C=d",
            f"ssh {TRUST} -o A=b -o C=d -o ServerAliveInterval=10 -i k.pem hadoop@m.example -t",
        ),
        ("socks", f"ssh {TRUST} -o ServerAliveInterval=10 -ND 8157 -i k.pem hadoop@m.example"),
        ("put --src a/b", f"scp -r {TRUST} -i k.pem a/b hadoop@m.example:b"),
        ("put --src a/b --dest /c", f"scp -r {TRUST} -i k.pem a/b hadoop@m.example:/c"),
        ("get --src a/b", f"scp -r {TRUST} -i k.pem hadoop@m.example:a/b b"),
        ("get --src a/b --dest /c", f"scp -r {TRUST} -i k.pem hadoop@m.example:a/b /c"),
    ],
)
def test_the_program_runs_on_the_master(aws, programs, line, expected):
    called = programs("ssh", "scp")
    aws.service.replies(200, RUNNING, times=3)
    outcome = aws.run(f"emr {line} --cluster-id j-1 --key-pair-file k.pem", env={"CODE": "3"})
    assert outcome.code == 3
    assert called() == f"ssh {KNOWN} {expected}".split()
    assert expected in outcome.stdout
    assert "there\n" in outcome.stdout


def test_a_command_is_one_word(aws, programs):
    called = programs("ssh")
    aws.service.replies(200, RUNNING, times=3)
    aws(["emr", "ssh", "--cluster-id", "j-1", "--key-pair-file", "k.pem", "--command", "ls -l 'a b'"])
    assert called()[-1] == "ls -l 'a b'"


def test_ones_own_word_on_unknown_hosts_counts(aws, programs):
    called = programs("ssh")
    aws.service.replies(200, RUNNING, times=3)
    assert aws("emr ssh --cluster-id j-1 --key-pair-file k --ssh-options stricthostkeychecking=yes").code == 0
    assert called()[:3] == ["ssh", "-o", "stricthostkeychecking=yes"]


def test_an_old_ssh_trusts_all_hosts_and_that_is_told(aws, programs):
    called = programs("ssh")
    aws.service.replies(200, RUNNING, times=3)
    outcome = aws("emr ssh --cluster-id j-1 --key-pair-file k", env={"G_CODE": "1"})
    assert outcome.stderr.startswith("WARNING: Your OpenSSH version does not support StrictHostKeyChecking=accept-new")
    assert "StrictHostKeyChecking=no" in called()


def test_the_key_may_be_the_profiles(aws, programs):
    called = programs("ssh")
    aws.write(".aws/config", "[default]\nemr =\n  key_pair_file = mine.pem\n")
    aws.service.replies(200, RUNNING, times=3)
    assert aws("emr ssh --cluster-id j-1").code == 0
    assert "mine.pem" in called()


def test_without_any_key(aws, programs):
    outcome = aws("emr ssh --cluster-id j-1")
    assert outcome.code == 252
    assert "the following arguments are required: --key-pair-file" in outcome.message


@pytest.mark.parametrize(
    ("states", "code", "message"),
    [
        (["TERMINATED"], 255, "Cluster terminating or already terminated."),
        (["RUNNING", "TERMINATED_WITH_ERRORS"], 255, "Cannot get DNS of master node on the cluster."),
        (["RUNNING", "RUNNING", "RUNNING"], 255, "Cannot get DNS of master node on the cluster."),  # it has no name
    ],
)
def test_a_cluster_that_cannot_be_reached(aws, programs, states, code, message):
    programs("ssh")
    for state in states:
        aws.service.replies(200, {"Cluster": {"Id": "j-1", "Status": {"State": state}}})
    outcome = aws("emr ssh --cluster-id j-1 --key-pair-file k")
    assert outcome.code == code
    assert message in outcome.message


def test_a_cluster_that_starts_is_waited_for(aws, programs):
    programs("ssh")
    aws.service.replies(200, {"Cluster": {"Status": {"State": "BOOTSTRAPPING"}}})
    aws.service.replies(200, RUNNING, times=2)
    outcome = aws("emr ssh --cluster-id j-1 --key-pair-file k")
    assert outcome.stdout.startswith("Waiting for the cluster to start.\nssh ")


@pytest.mark.parametrize(
    ("line", "installed", "key", "code", "message"),
    [
        ("ssh", (), "k.pem", 255, "SSH or Putty not available."),
        ("socks", (), "k.pem", 255, "SSH or Putty not available."),
        ("put --src a", (), "k.pem", 255, "SCP or Pscp not available."),
        ("ssh", ("putty.exe",), "k.pem", 252, "Putty expects a ppk file."),
        ("get --src a", ("pscp.exe",), "k.pem", 252, "Putty expects a ppk file."),
    ],
)
def test_programs_that_are_not_there(aws, programs, line, installed, key, code, message):
    programs(*installed)
    aws.service.replies(200, RUNNING, times=3)
    outcome = aws(f"emr {line} --cluster-id j-1 --key-pair-file {key}")
    assert outcome.code == code
    assert message in outcome.message


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ssh", "putty -ssh -i k.ppk hadoop@m.example -t"),
        ("socks", "putty -ssh -i k.ppk hadoop@m.example -N -D 8157"),
        ("put --src a/b", "pscp -scp -r -i k.ppk a/b hadoop@m.example:b"),
        ("get --src a/b", "pscp -scp -r -i k.ppk hadoop@m.example:a/b b"),
    ],
)
def test_putty_where_it_is_all_there_is(aws, programs, line, expected):
    called = programs("putty", "putty.exe", "pscp", "pscp.exe")
    aws.service.replies(200, RUNNING, times=3)
    outcome = aws(f"emr {line} --cluster-id j-1 --key-pair-file k.ppk --ssh-options A=b")
    assert (outcome.code, called()) == (0, expected.split())
    assert outcome.stderr.startswith("WARNING: --ssh-options is only supported with OpenSSH.")


def test_putty_gets_a_command_in_a_file_that_is_gone_afterwards(aws, programs):
    programs("putty.exe")
    aws.write(
        "bin/putty", '#!/bin/sh\nfor word in "$@"; do file=$word; done\nread line < "$file"\necho "$line" > "$LOG"\n'
    )
    (aws.home / "bin/putty").chmod(0o755)
    aws.service.replies(200, RUNNING, times=3)
    outcome = aws("emr ssh --cluster-id j-1 --key-pair-file k.ppk --command uptime")
    assert outcome.code == 0
    assert (aws.home / "log").read_text() == "uptime\n"
    assert not os.path.exists(outcome.stdout.split()[-1])


def test_interrupting_the_proxy_is_how_it_ends(aws, programs):
    programs()
    aws.write(
        "bin/ssh", '#!/bin/sh\ntest "$1" = "-G" && exit 0\ntrap "exit 130" INT\necho up > "$LOG"\nexec /bin/sleep 60\n'
    )
    (aws.home / "bin/ssh").chmod(0o755)
    aws.service.replies(200, RUNNING, times=3)
    words = [sys.executable, "-m", "awsmini", "emr", "socks", "--cluster-id", "j-1", "--key-pair-file", "k"]
    env = {**aws.env, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(words, cwd=aws.home, env=env, stdout=subprocess.PIPE, start_new_session=True) as process:
        give_up = time.monotonic() + 30
        while not (aws.home / "log").exists():
            assert time.monotonic() < give_up, "the proxy did not start"
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.read().endswith(b"Disabling Socks Tunnel.\n")
    assert process.returncode == 0
