"""What AWS CLI v2 calls a service or an operation, where that is not the model's own name.

The facts are `data/command-renames.json`, keyed by the model's service name: operations `removed` from the
commands (event streams that no command can show, superseded calls), `added` under a further name, and
those of the added that are `hidden` from help and completion.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from awsmini.model.load import data, services
from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import ServiceModel


@cache
def _renames() -> dict[str, Any]:
    found: dict[str, Any] = data("command-renames.json")
    return found


def cli_services(service_names: Iterable[str] | None = None) -> dict[str, str]:
    """The commands that stand for models, by default the shipped ones: command name to model name (`s3api` to `s3`)."""
    renamed: dict[str, str] = _renames()["services"]
    return {renamed.get(name, name): name for name in (services() if service_names is None else service_names)}


def cli_service(service_name: str) -> str:
    """The command of a model: `s3` gives `s3api`."""
    renamed: dict[str, str] = _renames()["services"]
    return renamed.get(service_name, service_name)


def visible_operations(service_model: ServiceModel) -> dict[str, str]:
    """The operation commands of a service, hidden ones included: command name to API name."""
    changes = _renames()["operations"].get(service_model.service_name, {})
    known = service_model.operation_names
    table = {operation_cli_name(api_name): api_name for api_name in known}
    for command in changes.get("removed", ()):
        table.pop(command, None)
    added = changes.get("added", {})
    return table | {command: api_name for command, api_name in added.items() if api_name in known}


def hidden_operations(service_model: ServiceModel) -> set[str]:
    """The operation commands that work but stay out of help and completion: deprecated ones and old spellings."""
    changes = _renames()["operations"].get(service_model.service_name, {})
    deprecated = (
        command
        for command, api_name in visible_operations(service_model).items()
        if service_model.operation_model(api_name).deprecated
    )
    return {*deprecated, *changes.get("hidden", ())}
