"""`eks update-kubeconfig`, whole."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from tests.servers import answer

ARN = "arn:aws:eks:us-west-2:111122223333:cluster/c1"
CLUSTER = {
    "name": "c1",
    "arn": ARN,
    "endpoint": "https://e",
    "status": "ACTIVE",
    "certificateAuthority": {"data": "Q0E="},
}


@pytest.fixture
def eks(aws):
    """A terminal whose service has one cluster."""
    aws.service.always(lambda request: answer(200, {"cluster": {**CLUSTER, "name": "c1"}}))
    return aws


def test_a_new_file_is_private_and_says_all_that_kubectl_needs(eks):
    outcome = eks("eks update-kubeconfig --name c1")
    path = eks.home / ".kube/config"
    assert outcome.stdout == f"Added new context {ARN} to {path}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    config = yaml.safe_load(path.read_text())
    assert config["current-context"] == ARN
    assert config["clusters"] == [
        {"cluster": {"certificate-authority-data": "Q0E=", "server": "https://e"}, "name": ARN}
    ]
    program = config["users"][0]["user"]["exec"]
    assert program["args"] == ["--region", "us-west-2", "eks", "get-token", "--cluster-name", "c1", "--output", "json"]
    assert program["apiVersion"] == "client.authentication.k8s.io/v1beta1"
    assert sorted(path.name for path in path.parent.iterdir()) == ["config"]


@pytest.mark.parametrize(
    ("programs", "command"), [([], "awsmini"), (["awsmini"], "awsmini"), (["aws", "awsmini"], "aws")]
)
def test_kubectl_runs_what_is_there(eks, programs, command):
    for name in programs:
        eks.write(f"bin/{name}", "#!/bin/sh\n").chmod(0o755)
    eks("eks update-kubeconfig --name c1", env={"PATH": str(eks.home / "bin")})
    config = yaml.safe_load((eks.home / ".kube/config").read_text())
    assert config["users"][0]["user"]["exec"]["command"] == command


def test_a_dry_run_prints_and_writes_nothing(eks):
    outcome = eks("eks update-kubeconfig --name c1 --dry-run")
    assert yaml.safe_load(outcome.stdout)["current-context"] == ARN
    assert not (eks.home / ".kube").exists()


def test_a_second_run_changes_nothing_and_a_mode_stays(eks):
    path = eks.write("cfg", "# mine\n")
    path.chmod(0o640)
    eks("eks update-kubeconfig --name c1 --kubeconfig cfg")
    before = path.read_bytes()
    assert eks("eks update-kubeconfig --name c1 --kubeconfig cfg").stdout == f"Updated context {ARN} in {path}\n"
    assert path.read_bytes() == before
    assert before.startswith(b"# mine\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_stays_a_link(eks):
    real = eks.write("real", "")
    (eks.home / "cfg").symlink_to(real)
    eks("eks update-kubeconfig --name c1 --kubeconfig cfg")
    assert (eks.home / "cfg").is_symlink()
    assert ARN in real.read_text()


def test_a_broken_file_is_told_and_left(eks):
    path = eks.write(".kube/config", "a: [b\n")
    outcome = eks("eks update-kubeconfig --name c1")
    assert outcome.code == 255
    assert "YamlError while loading kubeconfig" in outcome.message
    assert path.read_text() == "a: [b\n"


def test_of_several_files_the_one_that_has_the_cluster_is_changed(eks):
    eks("eks update-kubeconfig --name c1 --kubeconfig second")
    eks.write("first", "a: [")
    env = {"KUBECONFIG": f"{eks.home}/first::{eks.home}/second"}
    assert eks("eks update-kubeconfig --name c1", env=env).stdout == f"Updated context {ARN} in {eks.home}/second\n"
    assert eks("eks update-kubeconfig --name c1", env={"KUBECONFIG": f"{eks.home}/first"}).code == 255


def test_runs_at_the_same_time_lose_nothing(eks):
    def run(number: int) -> int:
        return eks.run(f"eks update-kubeconfig --name c{number} --kubeconfig cfg --alias a{number}").code

    eks.service.always(
        lambda request: answer(
            200, {"cluster": {**CLUSTER, "arn": f"arn:aws:eks:us-west-2:1:cluster/{request.path.rpartition('/')[2]}"}}
        )
    )
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(run, range(6))) == [0] * 6
    config = yaml.safe_load((eks.home / "cfg").read_text())
    assert {each["name"] for each in config["contexts"]} == {f"a{number}" for number in range(6)}


@pytest.mark.parametrize(
    ("cluster", "message"),
    [
        ({**CLUSTER, "status": "CREATING"}, "Cluster status is CREATING"),
        ({}, "Cluster not found"),
        ({"status": "ACTIVE"}, "it has no arn"),
    ],
)
def test_a_cluster_that_is_not_ready_is_told(aws, cluster, message):
    aws.service.replies(200, {"cluster": cluster})
    outcome = aws("eks update-kubeconfig --name c1")
    assert outcome.code == 255
    assert message in outcome.message
    assert not (aws.home / ".kube").exists()


def test_a_pipe_is_told_and_not_waited_for(eks):
    os.mkfifo(eks.home / "pipe")
    outcome = eks(f"eks update-kubeconfig --name c1 --kubeconfig {eks.home}/pipe")
    assert outcome.code == 255
    assert "Can't open kubeconfig for reading" in outcome.stderr
    assert "a pipe cannot be read and then written" in outcome.stderr
