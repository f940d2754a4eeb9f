"""`awsmini models`: the service models that commands are made from, and how to come by others."""

from pathlib import Path

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.parser import check_choice
from awsmini.errors import AwsminiError, UsageError
from awsmini.format.output import write_out
from awsmini.model import own
from awsmini.model.cli_names import cli_services
from awsmini.model.load import SHIPPED, data, services
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option


def _run(_invocation: Invocation, _values: Values) -> int:
    raise UsageError("the following arguments are required: subcommand")


command = HandWritten(
    "models",
    _run,
    doc="The service models that commands are made from: look at them, add to them, bring them up to date.",
    subcommands={
        "list": "awsmini.commands.models:list_command",
        "show": "awsmini.commands.models:show_command",
        "add": "awsmini.commands.models_build:add_command",
        "update": "awsmini.commands.models_build:update_command",
        "remove": "awsmini.commands.models_build:remove_command",
        "build": "awsmini.commands.models_build:build_command",
    },
)


def _list(invocation: Invocation, _values: Values) -> int:
    finder = invocation.models
    shipped = services()
    release = f"botocore {data('services.json')['botocore']}"

    def line(name: str) -> str:
        try:
            where = finder.folder(name)
            if where == SHIPPED:
                return f"{name}\t{shipped[name]['version']}\t{release}\n"
            version = ServiceModel(finder.lines(name)).api_version
        except AwsminiError as error:
            return f"{name}\tbroken\t{error}\n"
        return f"{name}\t{version}\t{_origin(invocation, where)}\n"

    write_out(map(line, sorted(finder.service_names())), invocation.app)
    return 0


def _show(invocation: Invocation, values: Values) -> int:
    finder = invocation.models
    known = finder.service_names()
    name: str = values["service_name"]
    name = cli_services(known).get(name, name)
    check_choice("service", name, sorted(known))
    model = ServiceModel(finder.lines(name))
    where = finder.folder(name)
    facts = {
        "name": name,
        "full name": model.metadata.get("serviceFullName", ""),
        "id": model.service_id,
        "API version": model.api_version,
        "protocol": model.protocol,
        "endpoint prefix": model.endpoint_prefix,
        "signing name": model.signing_name,
        "operations": len(model.operation_names),
        "shapes": len(model.shape_names),
        "paginators": len(model.paginated_names),
        "waiters": len(model.waiter_names),
        "from": f"botocore {data('services.json')['botocore']}" if where == SHIPPED else _origin(invocation, where),
        "in": where,
    }
    write_out((f"{fact}: {value}\n" for fact, value in facts.items()), invocation.app)
    return 0


def _origin(invocation: Invocation, folder: Path) -> str:
    """What put the models of a user's folder there."""
    if folder == own.added_folder(invocation.app.env):
        return "awsmini models add"
    if folder.parent == own.root(invocation.app.env):
        return folder.name.replace("-", " ")
    return str(folder)


list_command = HandWritten("list", _list, doc="List all services: name, API version, and what they come from.")
show_command = HandWritten(
    "show",
    _show,
    doc="Show what the model of one service says of it.",
    arguments=(option("service-name", positional=True, required=True, doc="The service."),),
)
