"""One command line, run: whatever is raised on the way ends here, as text on stderr and an exit code."""

from collections.abc import Callable, Sequence
from pkgutil import resolve_name
from typing import TYPE_CHECKING

import click

from awsmini.app import App
from awsmini.commandline.terminal import has_terminal
from awsmini.commands.tree import Root, run
from awsmini.errors import ParamValidationError
from awsmini.prompt.mode import OFF, PARTIAL, mode

if TYPE_CHECKING:
    from awsmini.commandline.shared import Shared

REPORT = "awsmini.commands.report:report"
ASK = "awsmini.prompt.editor:ask"  # prompt_toolkit: only the prompt needs it
UNWRITTEN = "awsmini.format.output:unwritten"

INTERRUPTED = 130
USAGE = ParamValidationError.exit_code


def run_shared(app: App, argv: Sequence[str], shared: "Shared") -> int:
    """The exit code of one of many command lines in a process, which share what they can and open no prompt."""
    return run_root(Root(app, shared=shared), argv)


def run_root(root: Root, argv: Sequence[str]) -> int:
    """The same, of a tree that is made already."""
    code = _ended(root, argv)
    if (shared := root.invocation.shared) is not None:
        shared.files = shared.files or root.invocation.settings.files_read
    return code


def run_in(app: App, argv: Sequence[str]) -> int:
    """The exit code of a command line, which the prompt asks for where it is to."""
    root = Root(app)
    asked = mode(argv, root.invocation.settings)
    if asked == OFF:
        return _ended(root, argv)
    if asked == PARTIAL:
        code = _ended(root, argv, hush=has_terminal(app))
        return code if code != USAGE else _prompted(app, argv, "partial")
    return _prompted(app, argv, "on")


def _prompted(app: App, argv: Sequence[str], prompt: str) -> int:
    """The exit code of the command line that the user makes of these words."""
    root = Root(app, prompt)

    def asked() -> int:
        words = resolve_name(ASK)(app, argv)
        return INTERRUPTED if words is None else _ended(root, words)

    return _guarded(root, asked)


def _ended(root: Root, argv: Sequence[str], *, hush: bool = False) -> int:
    """Run the words, and no other. With `hush`, what is wrong with them is not told."""
    code = _flushed(root, _guarded(root, lambda: run(root, argv), hush=hush))
    if root.invocation.history is not None:
        root.invocation.history.ended(code)
    return code


def _guarded(root: Root, work: Callable[[], int], *, hush: bool = False) -> int:
    try:
        return work()
    except click.exceptions.Exit as done:
        return done.exit_code
    except KeyboardInterrupt:
        root.invocation.app.stdout.write("\n")
        return INTERRUPTED
    except Exception as error:
        if hush and isinstance(error, ParamValidationError | click.ClickException):
            return USAGE
        code: int = resolve_name(REPORT)(error, root.invocation)
        return code


def _flushed(root: Root, code: int) -> int:
    """The exit code once everything is written: a reader that went away is no error, a full disk is one."""
    invocation = root.invocation
    try:
        invocation.app.stdout.flush()
    except OSError as error:
        if resolve_name(UNWRITTEN)(invocation.app.stdout, error):
            code = resolve_name(REPORT)(error, invocation)
    return code
