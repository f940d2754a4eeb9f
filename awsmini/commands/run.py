"""One command line, run: whatever is raised on the way ends here, as text on stderr and an exit code."""

from collections.abc import Sequence
from pkgutil import resolve_name

import click

from awsmini.app import App
from awsmini.commands.tree import Root, run

REPORT = "awsmini.commands.report:report"

INTERRUPTED = 130


def run_in(app: App, argv: Sequence[str]) -> int:
    """The exit code of a command line."""
    root = Root(app)
    code = _code(root, argv)
    if root.invocation.history is not None:
        root.invocation.history.ended(code)
    return code


def _code(root: Root, argv: Sequence[str]) -> int:
    try:
        return run(root, argv)
    except click.exceptions.Exit as done:
        return done.exit_code
    except KeyboardInterrupt:
        root.invocation.app.stdout.write("\n")
        return INTERRUPTED
    except Exception as error:
        code: int = resolve_name(REPORT)(error, root.invocation)
        return code
