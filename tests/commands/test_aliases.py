"""`~/.aws/cli/alias`: what AWS CLI v2 does with such files, its words for what is wrong with them included."""

import sys

import pytest

from awsmini.config.aliases import InvalidAliasError, load, words_of
from awsmini.config.files import ConfigFileError
from tests.terminal import modules_loaded_by

IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/me</Arn><UserId>AIDA</UserId>"
    "<Account>123</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)
FILE = ".aws/cli/alias"

posix = pytest.mark.skipif(sys.platform == "win32", reason="the alias is written for a POSIX shell")


@pytest.fixture
def alias(aws):
    """Writes the alias file."""
    return lambda text: aws.write(FILE, text)


@pytest.fixture
def sts(aws):
    aws.service.replies(200, IDENTITY)
    return aws


def test_it_stands_for_its_words_and_the_users_own_come_after_them(sts, alias):
    alias("[toplevel]\nid = sts get-caller-identity --output text\n")
    assert sts("id --query UserId").stdout == "AIDA\n"


def test_its_global_options_win(sts, alias):
    alias("[toplevel]\nid = sts get-caller-identity --query Account --output text\n")
    assert sts("--output json id --query UserId").stdout == "123\n"


def test_its_region_and_endpoint_count(aws, alias):
    with pytest.MonkeyPatch.context() as patched:
        patched.delitem(aws.env, "AWS_ENDPOINT_URL")
        patched.delitem(aws.env, "AWS_DEFAULT_REGION")
        alias(f"[toplevel]\nhere = sts --region eu-west-3 --endpoint-url {aws.service.url} get-caller-identity\n")
        aws.service.replies(200, IDENTITY)
        assert aws("here").code == 0
    assert "/eu-west-3/sts/" in aws.service.request.headers["Authorization"]


def test_one_may_lead_to_another(sts, alias):
    alias("[toplevel]\nid = sts get-caller-identity\nme = id --query Arn\n")
    assert sts("me").json == "arn:aws:iam::1:user/me"


def test_names_are_lower_case(sts, alias):
    alias("[toplevel]\nID = sts get-caller-identity\n")
    assert sts("id").json["Account"] == "123"
    assert "Maybe you meant:\n\n  * id\n" in sts("ids").message


def test_in_the_place_of_a_service(sts, alias):
    alias("[toplevel]\nsts = sts --output text\n")
    assert sts("sts get-caller-identity --query Account").stdout == "123\n"


def test_in_the_place_of_an_operation(sts, alias):
    alias("[command sts]\nget-caller-identity = get-caller-identity --query Account\n")
    assert sts("sts get-caller-identity").json == "123"


def test_below_a_service(sts, alias):
    alias("[command sts]\nwho = get-caller-identity --query Arn\n")
    assert sts("sts who --output text").stdout == "arn:aws:iam::1:user/me\n"


def test_below_the_waiters(aws, alias):
    alias("[command dynamodb wait]\nt = table-exists --table-name t\n")
    aws.service.replies(200, {"Table": {"TableStatus": "ACTIVE"}})
    assert aws("dynamodb wait t").code == 0
    assert aws.service.request.json == {"TableName": "t"}


def test_below_a_command_written_by_hand(aws, alias):
    alias("[command configure]\nr = get region\nlist = list-profiles\n")
    aws.write(".aws/config", "[default]\nregion = eu-west-1\noutput = text\n")
    assert aws("configure r").stdout == "eu-west-1\n"
    alias("[command configure]\nget = get output\n")
    assert aws("configure get").stdout == "text\n"
    alias("[command configure]\nget = get --profile default\nsay = !echo\n")
    assert "not supported in subcommand aliases" in aws("configure get region").message


def test_its_options_are_those_of_the_command(aws, alias):
    alias("[toplevel]\nq = sqs get-queue-url --queue-name 'a b'\n")
    aws.service.replies(200, {"QueueUrl": "http://q"})
    assert aws("q").code == 0
    assert aws.service.request.json == {"QueueName": "a b"}


@posix
def test_the_shell_runs_what_begins_with_an_exclamation_mark(aws, alias):
    alias("[toplevel]\nsay = !printf '[%s]'\n")
    outcome = aws.run(["say", "a b", "$HOME", "it's", "--flag"])
    assert outcome.stdout == "[a b][$HOME][it's][--flag]"
    assert outcome.code == 0


@posix
def test_its_exit_code_is_the_shells(aws, alias):
    alias('[toplevel]\nf = !f() {\n    echo "$# $1"\n    exit 7\n  }; f\n[command sts]\nkill = !kill -9 $$\n')
    outcome = aws.run(["f", "x y"])
    assert (outcome.stdout, outcome.code) == ("1 x y\n", 7)
    assert aws.run("sts kill").code == -9 % 256


@posix
def test_global_options_do_not_reach_the_shell_and_our_own_do(aws, alias):
    alias("[toplevel]\nsay = !echo\n[command sts]\nsay = !echo\n")
    assert aws.run("say --region x a --help --local").stdout == "a --help --local\n"
    assert aws.run("sts say -h").stdout == "-h\n"
    assert aws.run("say help").stdout == "help\n"


def test_help_is_that_of_the_command_it_stands_for(aws, alias):
    alias("[toplevel]\nid = sts get-caller-identity\n[command sts]\nwho = get-caller-identity\n")
    for words in ("id help", "id --help", "sts who help", "sts who --help"):
        assert "sts get-caller-identity" in aws(words).stdout.splitlines()[1]


@pytest.mark.parametrize(
    ("text", "command", "message"),
    [
        (
            "[toplevel]\nx = sts a --profile p\n",
            "x",
            'Global parameter "--profile" detected in alias "x" which is not supported in subcommand aliases.',
        ),
        (
            "[command sts]\nx = a --debug\n",
            "sts x",
            'Global parameter "--debug" detected in alias "x" which is not supported in subcommand aliases.',
        ),
        (
            '[toplevel]\nx = "a\n',
            "x",
            'Value of alias "x" could not be parsed. Received error: No closing quotation when parsing:\n"a',
        ),
        ("[toplevel]\nx = x\n", "x", 'Alias "x" leads back to itself.'),
        ("[toplevel]\nx = y\ny = x\n", "y", 'Alias "y" leads back to itself.'),
        ("[command sts]\nx = x\n", "sts x", 'Alias "x" leads back to itself.'),
        ("[command configure]\nx = x\n", "configure x", 'Alias "x" leads back to itself.'),
    ],
)
def test_what_cannot_be(aws, alias, text, command, message):
    alias(text)
    outcome = aws(command)
    assert outcome.message == f"awsmini: [ERROR]: {message}"
    assert outcome.code == 255


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("nope get", "argument command: Found invalid choice 'nope'"),
        ("--output text", "the following arguments are required: command"),
        ("", "the following arguments are required: command"),
        ("sts get-caller-identity --endpoint-url x", 'Bad value for --endpoint-url "x": scheme is missing.'),
        ("sts get-caller-identity --output xml", "argument --output: Found invalid choice 'xml'"),
    ],
)
def test_what_is_wrong_in_it_is_told_as_on_the_command_line(aws, alias, value, message):
    alias(f"[toplevel]\nx = {value}\n")
    outcome = aws("x")
    assert message in outcome.message
    assert outcome.code == 252


def test_a_broken_file_is_named(aws, alias):
    path = alias("x = y\n")
    assert str(path) in aws("sts get-caller-identity").message


def test_a_file_that_cannot_be_understood_is_an_error_of_ours(tmp_path):
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_text("[toplevel\n")
    with pytest.raises(ConfigFileError):
        load({"HOME": str(tmp_path)})


def test_sections(tmp_path):
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_text(
        "[toplevel]\na = b\n\n[command  ec2   wait]\nc =\n  !d\n  e\n# no\n[other]\nf = g\n[command]\nh = i\n"
    )
    assert load({"HOME": str(tmp_path)}) == {(): {"a": "b"}, ("ec2", "wait"): {"c": "!d\ne"}}


def test_words():
    assert words_of("x", "a 'b c' d\\ e \"f\n\"") == ["a", "b c", "d e", "f"]
    with pytest.raises(InvalidAliasError):
        words_of("x", "'")


def test_without_the_file_nothing_is_loaded_for_it(tmp_path, monkeypatch):
    assert load({"HOME": str(tmp_path)}) == {}
    modules = modules_loaded_by("sts nosuch")
    assert "awsmini.commands.aliases" not in modules
