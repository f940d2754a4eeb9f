"""`awsmini history`: the commands of the past, where `cli_history = enabled` had them recorded.

The database is AWS CLI v2's, so each of the two shows what the other has done.
"""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError


def run(_invocation: Invocation, _values: Values) -> int:
    raise ParamValidationError(
        "usage: awsmini [options] history <subcommand> [parameters]\nawsmini: [ERROR]: too few arguments"
    )


command = HandWritten(
    "history",
    run,
    doc="Show commands that were run, where they are recorded: they are once `awsmini configure set cli_history "
    "enabled` was run. What the models call sensitive is not recorded, nor are signatures and tokens.",
    subcommands={
        "show": "awsmini.commands.history.show:command",
        "list": "awsmini.commands.history.list:command",
    },
)
