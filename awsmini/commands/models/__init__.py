"""`awsmini models`: the service models that commands are made from, and how to come by others."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import UsageError


def run(_invocation: Invocation, _values: Values) -> int:
    raise UsageError("the following arguments are required: subcommand")


command = HandWritten(
    "models",
    run,
    doc="The service models that commands are made from: look at them, add to them, bring them up to date.",
    subcommands={
        "list": "awsmini.commands.models.show:list_command",
        "show": "awsmini.commands.models.show:command",
        "add": "awsmini.commands.models.add:command",
        "update": "awsmini.commands.models.update:command",
        "remove": "awsmini.commands.models.add:remove_command",
        "build": "awsmini.commands.models.build:command",
    },
)
