"""A wizard from the first question to what it has made."""

from functools import partial
from pkgutil import resolve_name

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.wizards import preview
from awsmini.wizards.definition import PREVIEW, load
from awsmini.wizards.lines import ask_all
from awsmini.wizards.outside import find_credentials, world
from awsmini.wizards.steps import Journal, run
from awsmini.wizards.walk import Walk

SCREEN = "awsmini.wizards.screen:Screen"  # prompt_toolkit: what is asked line by line does without


class NoTerminalError(AwsminiError):
    """Nobody could see the questions, or answer them."""

    def __init__(self, stream: str) -> None:
        super().__init__(f"A wizard asks its questions on a terminal, and {stream} is none.")


def in_lines(invocation: Invocation, command: str, name: str) -> int:
    """Ask line by line, then do it."""
    outside = world(invocation)
    walk = Walk(load(command, name), outside)
    ask_all(walk, invocation.app)
    run(walk.wizard, walk.values, outside, Journal())
    return 0


def on_the_screen(invocation: Invocation, command: str, name: str) -> int:
    """Ask on the whole terminal, where it is also done, and say on stdout what there is now."""
    app = invocation.app
    if invocation.flags.get("print_request"):
        raise ParamValidationError("--print-request prints one request, and a wizard makes as many as it needs.")
    for stream, label in ((app.stdin, "the input"), (app.stdout, "the output")):
        if not stream.isatty():
            raise NoTerminalError(label)
    find_credentials(invocation, command)
    screen = resolve_name(SCREEN)(load(command, name), partial(world, invocation), app.stdin, app.stdout)
    journal: Journal = screen.journal
    try:
        screen.run()
    except KeyboardInterrupt:
        app.stderr.write(_what_is_done(journal))
        raise
    app.stdout.write(_lines(journal))
    shown = preview.text(screen.walk.answers.get(PREVIEW), screen.walk.wizard, screen.walk.values)
    if shown:
        app.stdout.write(f"\n{shown}")
    return 0


def _what_is_done(journal: Journal) -> str:
    """What is there although the wizard was canceled; nothing where nothing is."""
    told = f"\nDone before it was canceled:\n{_lines(journal)}" if journal.told else ""
    return told + (f"\nMaybe done: {journal.under_way}\n" if journal.under_way else "")


def _lines(journal: Journal) -> str:
    return "".join(f"{line}\n" for line in journal.told)
