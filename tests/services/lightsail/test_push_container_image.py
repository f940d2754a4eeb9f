"""`lightsail push-container-image`: the plugin, here a script that writes down what it is told."""

import json
import sys

import pytest

from awsmini.version import __version__

PUSH = "lightsail push-container-image --service-name s --image i:latest --label l"
SCRIPT = """\
#!{python}
import json, signal, sys
ignored = [name for name in ("SIGINT", "SIGQUIT", "SIGTSTP") if signal.getsignal(getattr(signal, name)) == signal.SIG_IGN]
with open({log!r}, "w") as file:
    json.dump([sys.argv[1:], json.load(sys.stdin), ignored], file)
sys.exit({code})
"""


@pytest.fixture
def plugin(aws):
    aws.env["PATH"] = str(aws.home / "bin")

    def install(code=0):
        log = aws.home / "log"
        aws.write("bin/lightsailctl", SCRIPT.format(python=sys.executable, log=str(log), code=code)).chmod(0o755)
        return lambda: json.loads(log.read_text())

    return install


def test_what_it_is_told(aws, plugin):
    told = plugin()
    aws.write(".aws/config", "[profile p]\nca_bundle = /b\nregion = eu-west-1\n")
    del aws.env["AWS_DEFAULT_REGION"]
    outcome = aws(f"{PUSH} --profile p --no-verify-ssl --cli-read-timeout 7 --output text")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    words, document, ignored = told()
    assert words == ["--plugin", "--input-stdin"]
    assert document == {
        "inputVersion": "1",
        "operation": "PushContainerImage",
        "payload": {"service": "s", "image": "i:latest", "label": "l"},
        "configuration": {
            "debug": False,
            "doNotVerifySSL": True,
            "paginate": True,
            "output": "text",
            "profile": "p",
            "region": "eu-west-1",
            "doNotSignRequest": False,
            "caBundle": "/b",
            "readTimeout": 7,
            "connectTimeout": 60,
            "cliVersion": __version__,
        },
    }
    assert ignored == ["SIGINT", "SIGQUIT", "SIGTSTP"]


@pytest.mark.parametrize(
    ("words", "expected"), [("", None), ("--ca-bundle /x", False), ("--no-verify-ssl --ca-bundle /x", True)]
)
def test_certificates(aws, plugin, words, expected):
    told = plugin()
    assert aws(f"{PUSH} {words}").code == 0
    assert told()[1]["configuration"].get("doNotVerifySSL") is expected


def test_a_plugin_that_fails(aws, plugin):
    plugin(3)
    outcome = aws(PUSH)
    assert outcome.code == 255
    assert outcome.message.endswith(
        "Command '['lightsailctl', '--plugin', '--input-stdin']' returned non-zero exit status 3."
    )


def test_no_plugin(aws, plugin):
    outcome = aws(PUSH)
    assert (outcome.code, "The Lightsail Control (lightsailctl) plugin was not found. " in outcome.message) == (
        255,
        True,
    )
