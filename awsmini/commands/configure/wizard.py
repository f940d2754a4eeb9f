"""`awsmini configure wizard`: a new profile, by the way in which it comes to its credentials.

AWS CLI v2 asks on a full screen, here one question follows the other. Keys go to the credentials file, all else to the config file.
"""

from pkgutil import resolve_name

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation

OPEN = "awsmini.wizards.open:in_lines"  # yaml: only a wizard that opens needs it


def run(invocation: Invocation, _values: Values) -> int:
    code: int = resolve_name(OPEN)(invocation, "configure", "main")
    return code


command = HandWritten("wizard", run, doc="Make a profile by answering questions: with keys, for a role, for a program.")
