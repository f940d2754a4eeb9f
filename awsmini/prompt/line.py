"""The line that is edited: made of the words of a command, and cut into words again, as a shell would do it."""

import shlex
from collections.abc import Iterable, Sequence

from awsmini.completion.words import split
from awsmini.history_secrets import safe_words
from awsmini.log_setup import is_secret_name
from awsmini.model.names import member_cli_name
from awsmini.model.shapes import OperationModel
from awsmini.prompt.mode import FORCED


def line_of(words: Iterable[str]) -> str:
    """The line that the words were typed as, less the option that opened the prompt."""
    return " ".join(shlex.quote(word) for word in words if word != FORCED)


def words_of(line: str) -> list[str]:
    """The words of a finished line."""
    typed = split(line)
    return [*typed.words, typed.fragment] if typed.raw else typed.words


def goes_on(line: str) -> bool:
    """Whether a line is not finished: a quote is open, or a backslash stands at its end."""
    typed = split(line)
    return bool(typed.quote) or typed.escaped


def holds_secret(words: Sequence[str], operation: OperationModel | None) -> bool:
    """Whether a command line has a password, a token or the like in it."""
    shape = operation.input_shape if operation else None
    options = {f"--{member_cli_name(name)}" for name in (shape.members if shape else ()) if is_secret_name(name)}
    return safe_words(words, (), options) != list(words)
