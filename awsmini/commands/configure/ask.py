"""Questions on the terminal: a prompt on stdout, a line from stdin."""

from collections.abc import Callable, Sequence

from awsmini.app import App
from awsmini.errors import AwsminiError

Check = Callable[[str], str | None]  # what is wrong with an answer


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


def choose(app: App, choices: Sequence[str]) -> int:
    """The index of the choice made from a numbered list."""
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
    app: App, text: str, current: str | None = None, check: Check | None = None, prompt: str = ""
) -> str | None:
    """The answer, or what there is where it is empty. Asked again while `check` finds fault."""
    while True:
        answer = ask(app, prompt or f"{text} [{current}]: ").strip()
        fault = check(answer) if check and (answer or not current) else None
        if fault is None:
            return answer or current
        app.stdout.write(f"{fault}\n")
