"""Questions: a prompt on stdout, a line from stdin. Where both are a terminal, `terminal.py` asks some of them."""

from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import NamedTuple

from awsmini.app import App
from awsmini.commandline.terminal import on_terminal
from awsmini.errors import AwsminiError
from awsmini.records import NOTHING

TERMINAL_PROMPT = "awsmini.commandline.menus:prompt"
TERMINAL_MENU = "awsmini.commandline.menus:menu"

Check = Callable[[str], str | None]  # what is wrong with an answer


class Hints(NamedTuple):
    """What a terminal shows beside a question."""

    offers: Mapping[str, str] = NOTHING  # words that may be the answer, with what is said of them
    note: Callable[[str], str | None] | None = None  # what is told below of the answer typed so far


NO_HINTS = Hints()


class EndOfInputError(AwsminiError):
    """Nobody is there to answer."""

    def __init__(self) -> None:
        super().__init__("EOF when reading a line")


def ask(app: App, prompt: str) -> str:
    """The answer, without its line break. Raises EndOfInputError at the end of the input."""
    app.stdout.write(prompt)
    app.stdout.flush()
    line = app.stdin.readline()
    if not line:
        raise EndOfInputError
    return line.rstrip("\r\n")


def masked(secret: object) -> str:
    """What may be shown of a key: its last four characters."""
    return "None" if secret is None else "*" * 16 + str(secret)[-4:]


def warn_of_pipe(app: App) -> None:
    """Say, as AWS CLI v2 does, that answers do not come from a terminal."""
    if not app.stdin.isatty():
        app.stderr.write("Warning: Input is not a terminal (fd=0).\n")


def choose(app: App, choices: Sequence[str]) -> int:
    """The index of the choice made: from a menu, or from a numbered list."""
    if on_terminal(app):
        chosen: int = resolve_name(TERMINAL_MENU)(app, choices)
        return chosen
    for number, choice in enumerate(choices, 1):
        app.stdout.write(f"{number:>3}) {choice}\n")
    while True:
        answer = ask(app, f"Choice [1-{len(choices)}]: ").strip()
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return int(answer) - 1
        if answer in choices:
            return choices.index(answer)


def required(answer: str) -> str | None:
    return None if answer else "A value is required"


def question(
    app: App,
    text: str,
    current: str | None = None,
    check: Check | None = None,
    prompt: str = "",
    hints: Hints | None = None,
) -> str | None:
    """The answer, or what there is where it is empty. No answer is taken that `check` finds fault with.

    One with hints is no secret: where it is piped it is shown, as a terminal would.
    """
    prompt = prompt or f"{text} [{current}]: "

    def fault(answer: str) -> str | None:
        return check(answer.strip()) if check and (answer.strip() or not current) else None

    if on_terminal(app) and hints is not None:
        answer: str = resolve_name(TERMINAL_PROMPT)(app, prompt, fault, hints)
    else:
        answer = _line(app, prompt, fault, shown=hints is not None)
    return answer.strip() or current


def _line(app: App, prompt: str, fault: Check, *, shown: bool) -> str:
    """The first line that is no fault."""
    while True:
        try:
            answer = ask(app, prompt)
        except EndOfInputError:
            app.stdout.write("\n" if shown else "")
            raise
        app.stdout.write(f"{answer}\n" if shown else "")
        told = fault(answer)
        if told is None:
            return answer
        app.stdout.write(f"{told}\n")
