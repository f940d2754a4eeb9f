"""The user's own commands: `~/.aws/cli/alias`, as AWS CLI v2 reads it.

    [toplevel]
    whoami = sts get-caller-identity --query Arn
    say = !echo

    [command ec2]
    mine = describe-instances --filters Name=tag:owner,Values=me

A value is words of a command line, or behind `!` a command of the shell. Names are lower case, whatever the file
says, as all keys of such files are.
"""

import os
from collections.abc import Mapping

from awsmini.config.files import decode, parse
from awsmini.config.words import CommandWordsError, split_command
from awsmini.errors import AwsminiError
from awsmini.system.user_dirs import expand

FILE = "~/.aws/cli/alias"
EXTERNAL = "!"

# Commands above (`("ec2", "wait")`; none for toplevel) to the aliases there: name to value.
Aliases = Mapping[tuple[str, ...], Mapping[str, str]]


class InvalidAliasError(AwsminiError):
    """An alias that stands for no command line."""


def load(env: Mapping[str, str]) -> Aliases:
    """All aliases. Without the file it costs one look. Raises ConfigFileError."""
    path = expand(FILE, env)
    if not os.path.isfile(path):
        return {}
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise AwsminiError(f"{path} cannot be read: {error.strerror}") from None
    found: dict[tuple[str, ...], Mapping[str, str]] = {}
    for heading, section in parse(decode(content, path), path, nested=False).items():
        words = heading.split()
        if heading == "toplevel" or (len(words) > 1 and words[0] == "command"):
            found[tuple(words[1:])] = {name: str(value).strip() for name, value in section.items()}
    return found


def is_external(value: str) -> bool:
    return value.startswith(EXTERNAL)


def words_of(name: str, value: str) -> list[str]:
    """The words that an alias stands for, on whatever platform split as a POSIX shell does. Raises InvalidAliasError."""
    try:
        return [word.strip("\n") for word in split_command(value, "posix")]
    except CommandWordsError as error:
        raise InvalidAliasError(
            f'Value of alias "{name}" could not be parsed. Received error: {error} when parsing:\n{value}'
        ) from None
