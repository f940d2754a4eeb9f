"""The entry: argv in, exit code out. The one place where an error becomes text and a number."""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pkgutil import resolve_name
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from awsmini.app import App

PROCESS_APP = "awsmini.app:process_app"
RUN_IN = "awsmini.commands.run:run_in"

# Nothing that a command makes is garbage in cycles, and looking for it costs a tenth of the time.
GC_THRESHOLD = (500_000, 20, 1000)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line in this process; what comes back is its exit code, whatever happens."""
    with _rare_collections():
        return run_in(resolve_name(PROCESS_APP)(), sys.argv[1:] if argv is None else argv)


def run_in(app: "App", argv: Sequence[str]) -> int:
    """`main`, in a world of the caller's choosing."""
    code: int = resolve_name(RUN_IN)(app, argv)
    return code


@contextmanager
def _rare_collections() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*GC_THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
