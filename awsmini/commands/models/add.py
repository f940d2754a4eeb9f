"""`awsmini models add` and `remove`: services of a user's own."""

from pathlib import Path

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ModelError, UsageError
from awsmini.model import store
from awsmini.model.check import check
from awsmini.model.cli_names import cli_service
from awsmini.model.load import services
from awsmini.model.read import read
from awsmini.params.arguments import flag, option


def run(invocation: Invocation, values: Values) -> int:
    name, lines = read(Path(values["path"]), values.get("name"))
    store.check_name(name)
    model = check(name, lines)
    path = store.add(invocation.app.env, name, lines)
    instead = ", in the place of the shipped one" if name in services() else ""
    count = len(model.operation_names)
    invocation.app.stdout.write(
        f"{model.metadata.get('serviceFullName') or model.service_id} is now 'awsmini {cli_service(name)}'{instead}: "
        f"{count} operation{'' if count == 1 else 's'}, in {path}\n"
    )
    return 0


def run_remove(invocation: Invocation, values: Values) -> int:
    name: str | None = values.get("service_name")
    updates = values.get("updates")
    say = invocation.app.stdout.write
    if (name is None) == (updates is None):
        raise UsageError("either the name of a service or --updates is required")
    if name is None:
        gone = store.forget_releases(invocation.app.env)
        say("Back to the models that awsmini ships.\n" if gone else "There are no updates to remove.\n")
        return 0
    if not store.remove(invocation.app.env, name):
        raise ModelError(f"No model of {name} was added with 'awsmini models add'")
    say(f"The model of {name} that was added is gone.\n")
    return 0


command = HandWritten(
    "add",
    run,
    doc="Add a service, or a newer model of one: its commands are there at once.",
    arguments=(
        option(
            "path",
            positional=True,
            required=True,
            doc="A Smithy model (JSON AST), a botocore service-2.json, or the folder that holds one.",
        ),
        option("name", doc="The command's name, where it is not the model's own."),
    ),
    literal=("path",),
)
remove_command = HandWritten(
    "remove",
    run_remove,
    doc="Remove a service that was added, or what 'awsmini models update' brought.",
    arguments=(
        option("service-name", positional=True, nargs="?", doc="The service."),
        flag("updates", doc="Go back to the models that awsmini ships."),
    ),
)
