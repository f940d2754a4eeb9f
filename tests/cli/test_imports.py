"""What each kind of command may load: start-up time is a feature."""

import subprocess
import sys
from functools import cache

import pytest

from tests.servers import CaptureServer
from tests.terminal import CREDENTIALS, run_and_list_modules

OUTPUT = {"rich", "jmespath", "yaml"}
HTTP = {"requests", "urllib3", "http.client", "ssl"}
SLOW = {
    "asyncio",
    "email",
    "inspect",
    "logging.config",
    "multiprocessing",
    "sqlite3",
    "subprocess",
    "unittest",
    "xml.sax",
}
NEVER = {"awscli", "awscrt", "boto3", "botocore", "cryptography", "moto", "prompt_toolkit", "s3transfer"}

COLD = {
    "version": ("--version", 0),
    "no service": ("", 252),
    "unknown service": ("nosuch", 252),
    "unknown operation": ("sts nosuch", 252),
    "unknown option": ("sts get-caller-identity --bogus", 252),
    "missing flags": ("sqs send-message", 252),
    "bad choice": ("sts get-caller-identity --output xml", 252),
    "skeleton": ("ec2 run-instances --generate-cli-skeleton", 0),
}


@cache
def loaded_by(packages: str) -> set[str]:
    code = f"import sys, {packages}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("name", COLD)
def test_what_makes_no_call_stays_cold(name):
    command, expected = COLD[name]
    code, modules = run_and_list_modules(command)
    assert code == expected
    assert (modules - loaded_by("click")) & (OUTPUT | HTTP | NEVER | SLOW) == set()


def test_version_opens_no_model_and_little_else():
    _, modules = run_and_list_modules("--version")
    ours = {module for module in modules if module.startswith("awsmini")}
    stages = ("model", "parse", "serialize", "services", "sign")
    assert not {module for module in ours if module.startswith(tuple(f"awsmini.{stage}" for stage in stages))}
    assert not ours & {"awsmini.client", "awsmini.flow", "awsmini.session", "awsmini.commands.operation"}
    assert (modules - loaded_by("click")) & {"base64", "json", "pathlib", "random", "urllib.parse", "zlib"} == set()


def loaded_by_a_call(service: CaptureServer, options: str, env: dict[str, str] | None = None) -> set[str]:
    service.replies(200, {"StreamInfoList": [{"StreamName": "demo"}]})
    code, modules = run_and_list_modules(
        f"kinesisvideo list-streams --endpoint-url {service.url} {options}",
        {**CREDENTIALS, "AWS_DEFAULT_REGION": "us-east-1", **(env or {})},
    )
    assert code == 0
    return modules


@pytest.mark.parametrize(
    ("options", "needs"),
    [
        ("", set()),
        ("--output json", set()),
        ("--output text", set()),
        ("--output table", {"rich"}),
        ("--output yaml", {"yaml"}),
        ("--query StreamInfoList[0].StreamName", {"jmespath"}),
        ("--max-items 1", set()),
    ],
)
def test_a_call_loads_requests_and_what_its_output_needs(capture_server, options, needs):
    modules = loaded_by_a_call(capture_server, options)
    assert "requests" in modules
    assert modules & OUTPUT <= needs
    assert modules & NEVER == set()
    assert "awsmini.format.color" not in modules  # stdout is no terminal
    slow = {"asyncio", "multiprocessing", "sqlite3", "subprocess", "unittest"}
    assert (modules - loaded_by("click, requests")) & slow == set()  # Python 3.10's uuid loads subprocess for click


def test_a_call_with_a_config_file_loads_no_more(capture_server, tmp_path):
    (tmp_path / "config").write_text("[default]\noutput = json\nregion = eu-west-1\n")
    modules = loaded_by_a_call(capture_server, "", {"AWS_CONFIG_FILE": str(tmp_path / "config")})
    assert modules & (OUTPUT | NEVER) == set()


def test_the_prompt_is_not_loaded_before_it_opens(capture_server):
    modules = loaded_by_a_call(capture_server, "", {"AWS_CLI_AUTO_PROMPT": "on-partial"})
    assert modules & NEVER == set()
    code, modules = run_and_list_modules("sts help", {"AWS_CLI_AUTO_PROMPT": "on"})
    assert code == 0
    assert "prompt_toolkit" not in modules


def test_the_package_alone_loads_nothing():
    _, modules = run_and_list_modules("--version")
    assert "click" in modules
    assert (
        modules & {"awsmini.model.build", "awsmini.sandbox", "awsmini.commands.local", "awsmini.commands.models"}
        == set()
    )
