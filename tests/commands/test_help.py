"""Where help is asked for, and how it is shown."""

import os

import pytest

from tests.help.screen import run_on_screen, without_codes
from tests.terminal import run_and_list_modules

LOOKS = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "xterm-256color"}
MANUAL = "https://awscli.amazonaws.com/v2/documentation/api/latest"


@pytest.mark.parametrize(
    ("command", "first"),
    [
        ("help", "awsmini - call any operation"),
        ("--help", "awsmini - call any operation"),
        ("-h", "awsmini - call any operation"),
        ("--region us-east-1 --help", "awsmini - call any operation"),
        ("sts help", "awsmini sts - AWS Security Token Service"),
        ("sts --help", "awsmini sts - AWS Security Token Service"),
        ("--help sts", "awsmini sts - AWS Security Token Service"),
        ("sts help whatever", "awsmini sts - AWS Security Token Service"),
        ("sts get-caller-identity help", "awsmini sts get-caller-identity"),
        ("sts get-caller-identity --help", "awsmini sts get-caller-identity"),
        ("sts get-caller-identity -h --output text", "awsmini sts get-caller-identity"),
        ("-h --no-paginate sts get-caller-identity", "awsmini sts get-caller-identity"),
        ("sqs send-message --queue-url x --help", "awsmini sqs send-message"),
        ("sqs send-message --nosuch x --help", "awsmini sqs send-message"),
        ("ec2 wait help", "awsmini ec2 wait - wait until"),
        ("ec2 wait -h", "awsmini ec2 wait - wait until"),
        ("ec2 wait instance-running help", "awsmini ec2 wait instance-running"),
        ("ec2 wait instance-running --help", "awsmini ec2 wait instance-running"),
        ("configure help", "awsmini configure - "),
        ("configure --help", "awsmini configure - "),
        ("configure get help", "awsmini configure get - "),
        ("configure get --help", "awsmini configure get - "),
        ("sso login help", "awsmini sso login - "),
        ("sso login --help", "awsmini sso login - "),
        ("search help", "awsmini search - "),
        ("local help", "awsmini local - "),
        ("local start -h", "awsmini local start - "),
        ("models --help", "awsmini models - "),
        ("help topics", "awsmini help topics - "),
        ("help config-vars", "config-vars - Configuration"),
        ("help s3-faq --region x", "s3-faq - Questions"),
        ("help sts", "awsmini sts - AWS Security Token Service"),
        ("help sts get-caller-identity", "awsmini sts get-caller-identity"),
        ("help configure get", "awsmini configure get - "),
    ],
)
def test_where_help_is_asked_for(aws, command, first):
    outcome = aws(command)
    assert (outcome.code, outcome.stderr) == (0, "")
    lines = outcome.stdout.splitlines()
    assert lines[0] == "NAME"
    assert lines[1].startswith(f"    {first}")
    assert "\x1b" not in outcome.stdout
    assert all(len(line) <= 80 or "://" in line for line in lines)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("help NOPE", "argument subcommand: Found invalid choice 'NOPE'"),
        (
            "help config-var",
            "argument subcommand: Found invalid choice 'config-var'\n\nMaybe you meant:\n\n  * config-vars",
        ),
        ("nosuch --help", "argument command: Found invalid choice 'nosuch'"),
        ("sts nosuch --help", "argument operation: Found invalid choice 'nosuch'"),
        ("ec2 wait nosuch --help", "argument subcommand: Found invalid choice 'nosuch'"),
        ("configure nosuch --help", "argument subcommand: Found invalid choice 'nosuch'"),
        ("help sts nosuch", "argument operation: Found invalid choice 'nosuch'"),
    ],
)
def test_help_on_what_there_is_not(aws, command, message):
    outcome = aws(command)
    assert outcome.code == 252
    assert message in outcome.message


def test_help_needs_no_profile_that_is_there(aws):
    assert aws("sts help --profile nosuch").code == 0


@pytest.mark.parametrize(
    ("command", "address"),
    [
        ("help", f"{MANUAL}/index.html"),
        ("s3api help", f"{MANUAL}/reference/s3api/index.html"),
        ("sqs create-queue help", f"{MANUAL}/reference/sqs/create-queue.html"),
        ("ec2 wait help", f"{MANUAL}/reference/ec2/wait/index.html"),
        ("ec2 wait instance-running help", f"{MANUAL}/reference/ec2/wait/instance-running.html"),
        ("configure help", f"{MANUAL}/reference/configure/index.html"),
        ("configure get help", f"{MANUAL}/reference/configure/get.html"),
        ("help topics", f"{MANUAL}/topic/index.html"),
        ("help s3-config", f"{MANUAL}/topic/s3-config.html"),
    ],
)
def test_the_address_of_the_manual(aws, command, address):
    aws.write(".aws/config", "[default]\ncli_help_output = url\n")
    assert aws(command).stdout == address


def test_what_the_manual_does_not_know_is_shown_here(aws):
    aws.write(".aws/config", "[default]\ncli_help_output = url\n")
    assert aws("local start help").stdout.startswith("NAME\n    awsmini local start - ")


def test_in_the_browser(aws, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open_new_tab", lambda url: opened.append(url) or True)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    aws.write(".aws/config", "[default]\ncli_help_output = browser\n")
    outcome = aws("sqs create-queue help")
    assert (outcome.code, outcome.stdout) == (0, "Opening help file in the default browser.\n")
    [page] = tmp_path.glob("awsmini-help-*.html")
    assert opened == [f"file://{page}"]
    assert "<title>awsmini sqs create-queue</title>" in page.read_text("utf-8")


def test_without_a_browser_the_page_is_named(aws, tmp_path, monkeypatch):
    monkeypatch.setattr("webbrowser.open_new_tab", lambda url: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    aws.write(".aws/config", "[default]\ncli_help_output = browser\n")
    [page] = [aws("help topics"), *tmp_path.glob("*.html")][1:]
    assert str(page).endswith(".html")


@pytest.mark.parametrize("columns", [80, 120])
def test_on_a_terminal_it_has_its_width_and_styles(columns):
    code, text = run_on_screen(["kinesis", "create-stream", "help"], {**LOOKS, "MANPAGER": "cat"}, columns)
    assert code == 0
    assert "\x1b[1;34mNAME\x1b[0m" in text
    lines = without_codes(text).splitlines()
    assert columns - 10 < max(len(line) for line in lines if "://" not in line) <= columns


def test_a_very_wide_terminal_is_not_used_up():
    _, text = run_on_screen(["sqs", "help"], {**LOOKS, "PAGER": "cat"}, 300)
    assert max(len(line) for line in without_codes(text).splitlines() if "://" not in line) <= 120


@pytest.mark.parametrize(
    ("env", "flags", "shown"),
    [
        ({"MANPAGER": "sed s/^/man:/", "PAGER": "sed s/^/plain:/"}, [], "man:"),
        ({"PAGER": "sed s/^/plain:/"}, [], "plain:"),
        ({"PAGER": "sed s/^/plain:/"}, ["--no-cli-pager"], ""),
        ({"PAGER": "no-such-pager"}, [], ""),
        ({"MANPAGER": "", "PAGER": "sed s/^/plain:/"}, [], "plain:"),
    ],
)
def test_pagers(env, flags, shown):
    code, text = run_on_screen(["help", "topics", *flags], {**LOOKS, **env})
    assert code == 0
    assert without_codes(text).startswith(f"{shown}NAME\n")


@pytest.mark.parametrize(
    ("env", "flags", "styled"),
    [
        ({}, [], True),
        ({"NO_COLOR": "1"}, [], False),
        ({"TERM": "dumb"}, [], False),
        ({}, ["--color", "off"], False),
        ({"NO_COLOR": "1"}, ["--color", "on"], True),
    ],
)
def test_styles_where_they_are_wanted(env, flags, styled):
    _, text = run_on_screen(["help", "topics", *flags], {**LOOKS, "PAGER": "cat", **env})
    assert ("\x1b[" in text) is styled


@pytest.mark.parametrize(("width", "longest"), [("60", 60), ("100", 100), ("x", 80), ("3", 40)])
def test_width_as_for_manual_pages(aws, width, longest):
    lines = aws("help config-vars", env={"MANWIDTH": width}).stdout.splitlines()
    assert longest - 8 < max(map(len, lines)) <= max(longest, 41)


def test_in_ascii_where_there_is_no_more(aws):
    outcome = aws.run("help return-codes", env={"PYTHONIOENCODING": "ascii", "PATH": os.environ["PATH"]})
    assert b"    * 0: it went well." in outcome.stdout_bytes
    assert outcome.stdout_bytes.isascii()


def test_a_hostile_model_gives_no_orders_to_the_terminal(aws):
    aws.write(
        ".aws/models/evil/2020-01-01/service-2.json",
        '{"metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "evil", "protocol": "json", "serviceId": "Evil",'
        ' "serviceFullName": "E\\u001b]0;title\\u0007vil", "signatureVersion": "v4"},'
        ' "operations": {"Go": {"name": "Go", "http": {"method": "POST", "requestUri": "/"},'
        ' "documentation": "<p>a \\u001b[2J b \\u202e c</p>"}}, "shapes": {}}',
    )
    text = aws("evil help").stdout + aws("evil go help").stdout
    assert "a ␛[2J b" in text
    assert not [character for character in text if character < " " and character != "\n"]
    assert "\u202e" not in text


COLD = {"requests", "urllib3", "rich", "jmespath", "yaml", "botocore", "webbrowser", "shutil"}


@pytest.mark.parametrize(
    "command", ["help", "ec2 help", "ec2 describe-instances help", "help config-vars", "search vpc --limit 1"]
)
def test_in_a_pipe_it_is_plain_and_quick(command):
    code, modules = run_and_list_modules(command)
    assert code == 0
    assert modules & (COLD - {"shutil"}) == set()


@pytest.mark.parametrize(
    ("command", "first"),
    [
        ("search run-instances --limit 1", "ec2 run-instances"),
        ("search kms rotate key demand --limit 1", "kms rotate-key-on-demand"),
        ("search 'spot price history' --limit 1", "ec2 describe-spot-price-history"),
        ("search gp3 run-instances --limit 1", "ec2 run-instances"),
    ],
)
def test_search(aws, command, first):
    outcome = aws(command)
    assert outcome.code == 0
    assert outcome.stdout.startswith(first)


def test_search_for_what_there_is_not(aws):
    outcome = aws("search qwertyuiop asdf")
    assert (outcome.code, outcome.stdout) == (1, "")
    assert outcome.stderr == "No command has qwertyuiop and asdf.\n"


def test_search_shows_as_many_as_asked_for(aws):
    lines = aws("search describe --limit 3", env={"MANWIDTH": "200"}).stdout.splitlines()
    assert len(lines) == 3
    assert all(" describe-" in line for line in lines)
    assert aws("search describe --limit 0").code == 252
    assert aws("search describe --limit x").code == 252
    assert aws("search").code == 252


def test_search_finds_the_users_own_models(aws):
    aws.write(
        ".aws/models/zoo/2020-01-01/service-2.json",
        '{"metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "zoo", "protocol": "json", "serviceId": "Zoo",'
        ' "signatureVersion": "v4"}, "operations": {"FeedGiraffe": {"name": "FeedGiraffe", "http":'
        ' {"method": "POST", "requestUri": "/"}}}, "shapes": {}}',
    )
    assert aws("search giraffe --limit 1").stdout.split()[:2] == ["zoo", "feed-giraffe"]


@pytest.mark.parametrize(("env", "widest"), [({}, 80), ({"COLUMNS": "120"}, 120), ({"COLUMNS": "50"}, 50),
                                             ({"COLUMNS": "120", "MANWIDTH": "60"}, 60), ({"COLUMNS": "x"}, 80),
                                             ({"COLUMNS": "0"}, 80)])  # fmt: skip
def test_help_that_is_no_terminal_is_as_wide_as_asked(aws, env, widest):
    lines = aws("help config-vars", env=env).stdout.splitlines()
    filled = [len(line) for line in lines if line.count(" ") > 8]
    assert widest - 12 <= max(filled) <= widest


@pytest.mark.parametrize("variable", ["PAGER", "MANPAGER"])
@pytest.mark.parametrize("command", [" ", '"less', "no-such-pager"])
def test_help_needs_no_pager(aws, variable, command):
    code, text = run_on_screen(["sts", "help"], {**aws.env, variable: command})
    assert (code, "awsmini sts" in without_codes(text)) == (0, True)
