"""`awsmini docs`: the manual as pages of HTML."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import UsageError
from awsmini.params.arguments import option


def run(_invocation: Invocation, _values: Values) -> int:
    raise UsageError("the following arguments are required: subcommand")


_SERVICES = option("services", nargs="+", doc="Only these services, and the commands that belong to none.")
build_command = HandWritten(
    "build",
    "awsmini.commands.docs_build:run",
    doc="Write the manual into a folder: a page for each service and command, with a search over all of them. The "
    "pages need no server and ask nobody for anything.",
    arguments=(
        option(
            "folder",
            positional=True,
            required=True,
            doc="A folder that is new, empty, or was written by this command before.",
        ),
        _SERVICES,
    ),
    literal=("folder",),
)
serve_command = HandWritten(
    "serve",
    "awsmini.commands.docs_serve:run",
    doc="Show the manual to browsers of this machine, each page made when it is asked for, until Ctrl+C.",
    arguments=(
        option("port", convert=int, doc="The port of 127.0.0.1 to listen on. Default any that is free."),
        _SERVICES,
    ),
)
command = HandWritten(
    "docs",
    run,
    doc="The manual as pages for a browser: every service, command, option and topic, made of the models, with "
    "AWS's documentation where that is installed (the extra `docs`).",
    subcommands={
        "build": "awsmini.commands.docs:build_command",
        "serve": "awsmini.commands.docs:serve_command",
    },
)
