"""The entry: argv in, exit code out. The one place where an error becomes text and a number."""

import _signal  # type: ignore[import-not-found]
import atexit
import gc
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsmini.app import App

PROCESS_APP = "awsmini.app:process_app"
RUN_IN = "awsmini.commands.run:run_in"
INTERRUPTED = 130  # as a shell says it

# Nothing that a command makes is garbage in cycles, and looking for it costs a tenth of the time.
GC_THRESHOLD = (500_000, 20, 1000)


def process(end: Callable[[int], object] = os._exit) -> int:
    """The console script: `main`, and the end of the process, which is `end`.

    What is left to do at exit is done, but the interpreter does not take itself apart first, object by object: that
    takes a twentieth of the time of a call.
    """
    code = main()
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        return code  # the interpreter waits for them
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return code  # as the interpreter says it
    end(code)
    return code


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line in this process; what comes back is its exit code, whatever happens.

    Without `argv` the process is the command: its words are taken, and garbage collection is set for it.
    """
    if argv is not None:
        return run_in(resolve_name(PROCESS_APP)(), argv)
    gc.set_threshold(*GC_THRESHOLD)
    try:
        app, run = resolve_name(PROCESS_APP)(), resolve_name(RUN_IN)
        _change_handler(_signal.SIG_DFL, _signal.default_int_handler)  # `awsmini.start` has let interrupts end it all
        code: int = run(app, sys.argv[1:])
        _change_handler(_signal.default_int_handler, _signal.SIG_DFL)
    except KeyboardInterrupt:  # on the way
        print()
        code = INTERRUPTED
    gc.freeze()  # or the interpreter would look through everything once more on its way out
    return code


def _change_handler(before: object, after: Any) -> None:
    """What Ctrl+C does from now on, where it did something else before; threads that are no main thread have no say."""
    if _signal.getsignal(_signal.SIGINT) == before and threading.current_thread() is threading.main_thread():
        _signal.signal(_signal.SIGINT, after)


def run_in(app: "App", argv: Sequence[str]) -> int:
    """`main`, in a world of the caller's choosing."""
    code: int = resolve_name(RUN_IN)(app, argv)
    return code
