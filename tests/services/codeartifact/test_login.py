"""`codeartifact login` with stand-ins for the tools, and with those that are there."""

import base64
import json
import stat
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import pytest

from awsmini.services.small.codeartifact_tools import (
    LoginError,
    netrc_with_token,
    npm_with_token,
    sources,
    time_left,
    without_token,
)

TOKEN = "eyJ.TOK/en%1+=="
HOST = "dom-111122223333.d.codeartifact.us-east-1.amazonaws.com"
RECORD = 'printf "%s|" "$(basename "$0")" "$@" >> "$HOME/calls"; echo >> "$HOME/calls"\n'


def endpoint(form: str) -> str:
    return f"https://{HOST}/{form}/repo/"


@pytest.fixture
def login(aws):
    """Log in with a tool; `script` is what the stand-in does besides recording its words."""

    def run(tool: str, options: str = "", *, script: str | None = "", form: str = "pypi", token: str = TOKEN):
        aws.service.replies(200, {"authorizationToken": token, "expiration": 4102444800})
        aws.service.replies(200, {"repositoryEndpoint": endpoint(form)})
        if tool != "twine" and script is not None:
            aws.write(f"bin/{tool}", f"#!/bin/sh\n{RECORD}{script}\n").chmod(0o755)
        env = {"PATH": f"{aws.home}/bin" if script is None else f"{aws.home}/bin:/usr/bin:/bin"}
        return aws(f"codeartifact login --tool {tool} --domain dom --repository repo {options}", env=env)

    run.home = aws.home
    run.calls = lambda: (aws.home / "calls").read_text().splitlines()
    run.mode = lambda name: stat.S_IMODE((aws.home / name).stat().st_mode)
    return run


def test_pip(login, aws):
    outcome = login("pip", "--domain-owner 111122223333 --duration-seconds 900 --endpoint-type ipv4")
    assert outcome.stdout.startswith(
        f"Successfully configured pip to use AWS CodeArtifact repository {endpoint('pypi')} \nLogin expires in "
    )
    assert outcome.stdout.endswith(" at 2100-01-01 00:00:00+00:00\n")
    assert login.calls() == [f"pip|config|set|global.index-url|https://aws:{TOKEN}@{HOST}/pypi/repo/simple/|"]
    token, asked = aws.service.requests
    assert token.query == {"domain": ["dom"], "domain-owner": ["111122223333"], "duration": ["900"]}
    assert asked.query == {
        "domain": ["dom"],
        "domain-owner": ["111122223333"],
        "repository": ["repo"],
        "format": ["pypi"],
        "endpointType": ["ipv4"],
    }


@pytest.mark.parametrize("before", [None, 0o644, 0o664, 0o600])
def test_a_file_that_pip_writes_the_token_to_is_private(login, aws, before):
    folder = aws.home / ".config/pip"
    other = aws.write(".pip/pip.conf", "[global]\n")
    if before is not None:
        aws.write(".config/pip/pip.conf", "[install]\n").chmod(before)
    script = f'mkdir -p {folder}; echo "$4" >> {folder}/pip.conf'
    assert login("pip", script=script).code == 0
    assert TOKEN in (folder / "pip.conf").read_text()
    assert login.mode(".config/pip/pip.conf") == 0o600
    assert stat.S_IMODE(other.stat().st_mode) == 0o644, "what holds no token keeps its mode"


def test_a_file_that_nuget_writes_the_token_to_is_private(login, aws):
    path = aws.write(".nuget/NuGet/NuGet.Config", "<configuration/>")
    path.chmod(0o644)
    assert login("nuget", form="nuget", script=f'echo "$*" >> {path}').code == 0
    assert login.mode(".nuget/NuGet/NuGet.Config") == 0o600


def test_npm_gets_the_token_by_its_file_alone(login, aws):
    path = aws.write(".npmrc", "a=b\n")
    path.chmod(0o644)
    assert login("npm", "--namespace ns", form="npm").code == 0
    assert login.calls() == [
        f"npm|config|set|@ns:registry|{endpoint('npm')}|",
        f"npm|config|set|//{HOST}/npm/repo/:always-auth|true|",
    ]
    assert path.read_text() == f"a=b\n//{HOST}/npm/repo/:_authToken={TOKEN}\n"
    assert login.mode(".npmrc") == 0o600
    assert login("npm", form="npm", token="second").code == 0
    assert path.read_text() == f"a=b\n//{HOST}/npm/repo/:_authToken=second\n"


def test_newer_npm_knows_no_always_auth(login):
    assert login("npm", form="npm", script='case "$*" in *always-auth*) exit 1;; esac').code == 0
    assert login("npm", form="npm", script="exit 1").code == 255


def test_twine(login, aws):
    path = aws.write(".pypirc", "[distutils]\nindex-servers = pypi\n[pypi]\nusername: me\n")
    path.chmod(0o644)
    assert login("twine").stdout.startswith("Successfully configured twine")
    assert login.mode(".pypirc") == 0o600
    assert path.read_text() == (
        "[distutils]\nindex-servers = \n\tpypi\n\tcodeartifact\n\n[pypi]\nusername = me\n\n"
        f"[codeartifact]\nrepository = {endpoint('pypi')}\nusername = aws\npassword = {TOKEN}\n\n"
    )


@pytest.mark.parametrize("text", ["", "[pypi]\n", "[distutils]\n", "no section\n", "[a]\n[a]\n"])
def test_a_pypirc_that_is_broken_is_told_and_left(login, aws, text):
    path = aws.write(".pypirc", text)
    outcome = login("twine")
    assert outcome.code == 255
    assert outcome.stdout == f"{path} is in an invalid state.\n"
    assert path.read_text() == text


LISTING = "Registered Sources:\n\n  1.  nuget.org [Enabled]\n      https://api.nuget.org/v3/index.json\n"


@pytest.mark.parametrize(
    ("more", "name", "known"),
    [
        ("", "dom/repo", False),
        (f"  2.  mine and more [Disabled]\n      {endpoint('nuget')}v3/index.json\n", "mine and more", True),
        ("  12.  dom/repo [Activé]\n       https://else/\n", "dom/repo", True),
    ],
)
@pytest.mark.parametrize("tool", ["nuget", "dotnet"])
def test_nuget(login, tool, more, name, known):
    script = f"case \"$*\" in *list*) cat <<'END'\n{LISTING}{more}END\n;; esac"
    outcome = login(tool, form="nuget", script=script)
    said = (
        f"Updated source {name} in the NuGet.Config" if known else f"Added source {name} to the user level NuGet.Config"
    )
    assert outcome.stdout.startswith(f"{said}\nSuccessfully configured nuget to use")
    url = f"{endpoint('nuget')}v3/index.json"
    expected = {
        ("nuget", False): f"nuget|sources|add|-name|{name}|-source|{url}|-username|aws|-password|{TOKEN}|",
        ("nuget", True): f"nuget|sources|update|-name|{name}|-source|{url}|-username|aws|-password|{TOKEN}|",
        (
            "dotnet",
            False,
        ): f"dotnet|nuget|add|source|{url}|--name|{name}|--username|aws|--password|{TOKEN}|--store-password-in-clear-text|",
        (
            "dotnet",
            True,
        ): f"dotnet|nuget|update|source|{name}|--source|{url}|--username|aws|--password|{TOKEN}|--store-password-in-clear-text|",
    }
    assert login.calls()[1] == expected[tool, known]


def test_a_listing_that_ends_early_is_told():
    with pytest.raises(LoginError, match="ends before the URL of a"):
        sources("1. a [Enabled]\n")


def test_swift(login):
    assert login("swift", "--namespace ab-c", form="swift").code == 0
    assert (login.home / ".netrc").read_text() == f"machine {HOST} login token password {TOKEN}\n"
    assert login.mode(".netrc") == 0o600
    assert login.calls() == [
        f"swift|package-registry|set|{endpoint('swift')}|--scope|ab-c|",
        f"swift|package-registry|login|{endpoint('swift')}login|",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "machine h login token password T\\1\n"),
        ("machine x login y password z", "machine x login y password z\nmachine h login token password T\\1\n"),
        ("machine h login a password old\n", "machine h login a password T\\1\n"),
        ("machine h\n  login a\n  password old # no\n", "machine h\n  login a\n  password T\\1 # no\n"),
        ("machine h login token password T\\1\n", "machine h login token password T\\1\n"),
        ("machine xh login a password old\n", "machine xh login a password old\nmachine h login token password T\\1\n"),
    ],
)
def test_netrc(before, after):
    assert netrc_with_token(before, "h", "T\\1") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "k=T\n"),
        ("a=b\n", "a=b\nk=T\n"),
        ("a=b", "a=b\nk=T\n"),
        ("k=old\na=b", "k=T\na=b"),
        ("k=old\nk=older\n", "k=T\nk=T\n"),
        ("# k=old\n", "# k=old\nk=T\n"),
    ],
)
def test_npmrc(before, after):
    assert npm_with_token(before, "k=", "T") == after


@pytest.mark.parametrize("tool", ["pip", "npm", "nuget", "dotnet", "swift"])
def test_a_tool_that_is_missing_is_named(login, tool):
    outcome = login(tool, script=None)
    assert outcome.code == 255
    assert f"{tool} was not found. Please verify installation." in outcome.stderr


@pytest.mark.parametrize("tool", ["pip", "nuget", "dotnet"])
@pytest.mark.parametrize("token", [TOKEN, "back\\slash", 'quo"te'])
def test_what_a_tool_says_never_shows_the_token(login, tool, token):
    forms = [token, quote(token, safe=""), json.dumps(token), base64.b64encode(f"aws:{token}".encode()).decode()]
    script = "case \"$*\" in *list*) exit 0;; esac\ncat >&2 <<'END'\nit is wrong\n" + "\n".join(forms) + "\nEND\nexit 3"
    outcome = login(tool, script=script, token=token)
    assert outcome.code == 255
    assert "it is wrong" in outcome.stderr
    assert "returned non-zero exit status 3. Stderr from command:\n" in outcome.stderr
    for form in (token, *forms[1:], repr(token)[1:-1]):
        assert form.strip('"') not in outcome.stdout + outcome.stderr


@pytest.mark.parametrize(("tool", "form"), [("pip", "pypi"), ("npm", "npm"), ("swift", "swift"), ("twine", "pypi")])
def test_a_dry_run_writes_nothing(login, tool, form):
    outcome = login(tool, "--dry-run", form=form)
    assert outcome.code == 0
    assert outcome.stdout
    assert "Successfully" not in outcome.stdout
    left = {path.name for path in login.home.iterdir()} - {"bin", ".aws"}
    assert not left


def test_debug_hides_the_token(login):
    outcome = login("pip", "--debug")
    assert outcome.code == 0
    assert TOKEN not in outcome.stderr


@pytest.mark.parametrize(
    ("tool", "options", "message"),
    [
        ("pip", "--namespace n", "Argument --namespace is not supported for pip"),
        ("npm", "--namespace @NS", "Invalid scope name"),
        ("swift", "--namespace a_b", "Invalid scope name"),
    ],
)
def test_namespaces(login, tool, options, message):
    outcome = login(tool, options)
    assert outcome.code == 255
    assert message in outcome.message


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("--tool cargo --domain dom --repository repo", 252, "argument --tool: Found invalid choice 'cargo'"),
        ("", 252, "the following arguments are required: --tool, --domain, --repository"),
        ("--tool pip --domain dom --repository repo --duration-seconds x", 255, "invalid literal for int()"),
    ],
)
def test_bad_input(aws, line, code, message):
    outcome = aws(f"codeartifact login {line}")
    assert outcome.code == code
    assert message in outcome.message


@pytest.mark.parametrize("missing", ["authorizationToken", "expiration", "repositoryEndpoint"])
def test_an_answer_that_lacks_something_is_told(aws, missing):
    answers = [{"authorizationToken": TOKEN, "expiration": 4102444800}, {"repositoryEndpoint": endpoint("pypi")}]
    for each in answers:
        aws.service.replies(200, {name: value for name, value in each.items() if name != missing})
    outcome = aws("codeartifact login --tool pip --domain dom --repository repo --dry-run")
    assert outcome.code == 255
    assert missing in outcome.message


NOW = datetime(2026, 1, 31, 3, 4, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(hours=12) - timedelta(seconds=29), "12 hours"),
        (timedelta(hours=12) - timedelta(seconds=31), "11 hours and 59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=29), ""),
        (timedelta(seconds=30), "1 minute"),
        (timedelta(0), ""),
        (-timedelta(hours=1), ""),
        (timedelta(days=3, minutes=5), "3 days"),
        (timedelta(days=28), "1 month"),
        (timedelta(days=27), "27 days"),
        (timedelta(days=365, hours=1), "1 year"),
        (timedelta(days=365 + 62), "1 year and 2 months"),
    ],
)
def test_the_time_left(left, text):
    assert time_left(NOW + left, NOW) == text


def test_redaction_of_an_empty_token_changes_nothing():
    assert without_token("text", "") == "text"
