"""The console script: a warm call where AWSMINI_WARM asks for one, else the process is the command.

Nothing else is loaded at the top, for a warm call loads nothing else.
"""

import _signal  # type: ignore[import-not-found]  # the module signal costs 1 ms
import os
import sys

OFF = ("", "0", "false", "no", "off")


def process() -> int:
    """The exit code of the words that the process was started with."""
    interruptible = end_silently()
    if os.environ.get("AWSMINI_WARM", "").lower() not in OFF:
        from awsmini.warm import call

        if interruptible:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        code = call(sys.argv[1:])
        if code is not None:
            return code
        end_silently()
    from awsmini.cli import process as cold

    return cold()


def end_silently() -> bool:
    """Let Ctrl+C end the process at once until the command begins, as there is nothing to undo; whether it may end it.

    Python would show where in which module it was.
    """
    interruptible: bool = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
    if interruptible:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    return interruptible
