"""`awsmini ddb`: the commands below it."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError


def _run(_invocation: Invocation, _values: Values) -> int:
    raise ParamValidationError(
        "usage: awsmini [options] ddb <subcommand> [parameters]\nawsmini: [ERROR]: too few arguments"
    )


command = HandWritten(
    "ddb",
    _run,
    doc="Items of DynamoDB's tables, in YAML and with their values instead of DynamoDB's types.",
    subcommands={
        "select": "awsmini.services.ddb.select:command",
        "put": "awsmini.services.ddb.put:command",
    },
)
