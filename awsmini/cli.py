"""The entry: argv in, exit code out. The one place where an error becomes text and a number."""

import sys
from collections.abc import Sequence
from pkgutil import resolve_name

import click

from awsmini.app import App, process_app
from awsmini.commands.tree import Root, run

REPORT = "awsmini.commands.report:report"

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line in this process; what comes back is its exit code, whatever happens."""
    return run_in(process_app(), sys.argv[1:] if argv is None else argv)


def run_in(app: App, argv: Sequence[str]) -> int:
    """`main`, in a world of the caller's choosing."""
    root = Root(app)
    try:
        return run(root, argv)
    except click.exceptions.Exit as done:
        return done.exit_code
    except KeyboardInterrupt:
        app.stdout.write("\n")
        return INTERRUPTED
    except Exception as error:
        code: int = resolve_name(REPORT)(error, root.invocation)
        return code
