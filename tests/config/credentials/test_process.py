"""Credentials that a program prints."""

import json
import shlex
import sys

import pytest

from awsmini.config.credentials.errors import CredentialRetrievalError
from awsmini.config.words import CommandWordsError, split_command
from awsmini.errors import AwsminiError
from tests.config.peers import later

GOOD = {"Version": 1, "AccessKeyId": "AKIAPROC", "SecretAccessKey": "proc-secret"}


@pytest.fixture
def prints(world):
    """Profile `p` runs a program that prints this, counts its runs, and exits with that code."""
    counter = world.home / "runs"

    def write(output, code=0, error="", more=""):
        text = output if isinstance(output, str) else json.dumps(output)
        program = world.write(
            "program.py",
            f"import sys\nopen({str(counter)!r}, 'a').write('x')\nsys.stdout.write({text!r})\n"
            f"sys.stderr.write({error!r})\nsys.exit({code})\n",
        )
        world.config(
            f"[profile p]\ncredential_process = {shlex.quote(sys.executable)} '{program}' \"an argument\"\n{more}"
        )

    write.runs = lambda: len(counter.read_text())
    return write


def test_keys_without_an_end(world, prints):
    prints({**GOOD, "AccountId": "42"})
    source = world.session("p").credentials
    found = source.get()
    assert (found.access_key, found.secret_key, found.token) == ("AKIAPROC", "proc-secret", None)
    assert (found.account_id, found.expires, found.method) == ("42", None, "custom-process")
    source.get()
    assert prints.runs() == 1
    world.credentials("p")
    assert prints.runs() == 2  # nothing is kept on disk
    assert not world.cached()


def test_keys_with_an_end(world, prints):
    prints({**GOOD, "SessionToken": "t", "Expiration": later(3600)})
    source = world.session("p").credentials
    assert source.get().token == "t"
    world.ahead = 46 * 60
    source.get()
    assert prints.runs() == 2


def test_the_account_may_stand_in_the_profile(world, prints):
    prints(GOOD, more="aws_account_id = 7\n")
    assert world.credentials("p").account_id == "7"


def test_the_program_sees_the_environment(world):
    world.env["MARK"] = "seen"
    script = world.write(
        "show.sh", '#!/bin/sh\necho "{\\"Version\\":1,\\"AccessKeyId\\":\\"$MARK\\",\\"SecretAccessKey\\":\\"$1\\"}"\n'
    )
    script.chmod(0o700)
    world.config(f'[profile p]\ncredential_process = {script} "two words; $HOME"\n')
    found = world.credentials("p")
    assert (found.access_key, found.secret_key) == ("seen", "two words; $HOME")  # no shell is involved


PREFIX = "Error when retrieving credentials from custom-process: "
REFUSED = [
    ({"output": "", "code": 3, "error": "no way\n"}, f"{PREFIX}no way\n"),
    (
        {"output": {"Version": 2}},
        f"{PREFIX}Unsupported version '2' for credential process provider, supported versions: 1",
    ),
    (
        {"output": {}},
        f"{PREFIX}Unsupported version '<Version key not provided>' for credential process provider, "
        "supported versions: 1",
    ),
    ({"output": {"Version": 1}}, f"{PREFIX}Missing required key in response: 'AccessKeyId'"),
    (
        {"output": {"Version": 1, "AccessKeyId": "x"}},
        f"{PREFIX}Missing required key in response: 'SecretAccessKey'",
    ),
    (
        {"output": "junk"},
        f"The credential_process of profile p ({sys.executable}) printed no JSON: Expecting value: line 1 column 1 (char 0)",
    ),
    ({"output": "[1]"}, f"{PREFIX}the process did not print a JSON object"),
    (
        {"output": {**GOOD, "Expiration": "soon"}},
        f"{PREFIX}The response cannot be understood: Unknown string format: soon",
    ),
    ({"output": "", "code": 7}, f"{PREFIX}{sys.executable} ended with exit code 7"),
    ({"output": {**GOOD, "AccessKeyId": None}}, f"{PREFIX}The access key id is NoneType, and no text"),
    ({"output": {**GOOD, "SecretAccessKey": 5}}, f"{PREFIX}The secret access key is int, and no text"),
    ({"output": {**GOOD, "SessionToken": ["x"]}}, f"{PREFIX}The session token is list, and no text"),
    (
        {"output": {**GOOD, "Expiration": "2020-01-01T00:00:00Z"}},
        "Credentials were refreshed, but the refreshed credentials are still expired.",
    ),
]


@pytest.mark.parametrize(("how", "message"), REFUSED)
def test_programs_that_fail(world, prints, how, message):
    prints(**how)
    with pytest.raises(AwsminiError) as caught:
        world.credentials("p")
    assert str(caught.value) == message
    assert caught.value.exit_code == 255
    assert "proc-secret" not in str(caught.value)


def test_no_such_program(world):
    world.config("[profile p]\ncredential_process = /no/program x\n[profile q]\ncredential_process = ''\n"
                 '[profile r]\ncredential_process = a "b\n[profile s]\ncredential_process =\n')  # fmt: skip
    with pytest.raises(AwsminiError, match=r"^\[Errno 2\] No such file or directory: '/no/program'$"):
        world.credentials("p")
    with pytest.raises(AwsminiError):
        world.credentials("q")
    with pytest.raises(AwsminiError, match=r"^No closing quotation in the credential_process of profile r$"):
        world.credentials("r")
    with pytest.raises(CredentialRetrievalError, match="names no program"):
        world.credentials("s")


WINDOWS = [
    ("", []),
    ("a b\tc", ["a", "b", "c"]),
    ('"a b" c', ["a b", "c"]),
    (r'C:\x\y.exe "C:\my dir\\"', [r"C:\x\y.exe", "C:\\my dir\\"]),
    (r"a\\b", [r"a\\b"]),
    (r"a\"b", ['a"b']),
    (r'a\\"b c"', ["a\\b c"]),
    ('""', [""]),
    ("a\\", ["a\\"]),
    ("'a b'", ["'a", "b'"]),
]


@pytest.mark.parametrize(("command", "words"), WINDOWS)
def test_words_of_a_windows_command(command, words):
    assert split_command(command, "win32") == words


def test_an_open_quote_of_a_windows_command():
    with pytest.raises(CommandWordsError, match=r'^No closing quotation in string: a "b$'):
        split_command('a "b', "win32")


def test_a_byte_order_mark_is_no_error(world):
    world.write("keys.json", "\ufeff" + json.dumps(GOOD))
    world.config(f"[profile p]\ncredential_process = cat {world.home / 'keys.json'}\n")
    assert world.credentials("p").access_key == GOOD["AccessKeyId"]
