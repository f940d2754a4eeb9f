"""The console script: a warm call where AWSMINI_WARM asks for one, else the process is the command.

Nothing else is loaded at the top, for a warm call loads nothing else.
"""

import os
import sys

OFF = ("", "0", "false", "no", "off")


def process() -> int:
    """The exit code of the words that the process was started with."""
    if os.environ.get("AWSMINI_WARM", "").lower() not in OFF:
        from awsmini.warm.caller import call

        code = call(sys.argv[1:])
        if code is not None:
            return code
    from awsmini.cli import process as cold

    return cold()
