"""`awsmini configure list-profiles`."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation


def run(invocation: Invocation, values: Values) -> int:
    for name in invocation.session.settings.files.profiles:
        invocation.app.stdout.write(f"{name}\n")
    return 0


command = HandWritten("list-profiles", run, doc="List the profiles of both files.")
