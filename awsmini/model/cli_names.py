"""What AWS CLI v2 calls a service or an operation, where that is not the model's own name.

The facts are `data/command-renames.json`, keyed by the model's service name: operations `removed` from the
commands (event streams that no command can show, superseded calls), `added` under a further name, and
those of the added that are `hidden` from help and completion. A service that is null is no command: it is a second
name of another.
"""

from collections.abc import Callable, Iterable
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
    renamed: dict[str, str | None] = _renames()["services"]
    named = ((renamed.get(name, name), name) for name in (services() if service_names is None else service_names))
    return {command: name for command, name in named if command}


def service_of(command: str, is_known: Callable[[str], bool]) -> str | None:
    """The model that a command stands for, as in `cli_services` of the known ones; None where there is none."""
    renamed: dict[str, str] = _renames()["services"]
    names = [name for name, renamed_to in renamed.items() if renamed_to == command]
    if command not in renamed:
        names.append(command)
    return next(filter(is_known, names), None)


def cli_service(service_name: str) -> str:
    """The command of a model: `s3` gives `s3api`."""
    renamed: dict[str, str | None] = _renames()["services"]
    return renamed.get(service_name) or service_name


def removed_operations(service_model: ServiceModel) -> list[str]:
    """The command names that no operation of a service goes by, although the model has one for each."""
    removed: list[str] = _changes(service_model).get("removed", [])
    return removed


def added_operations(service_model: ServiceModel) -> dict[str, str]:
    """Further command names of operations: command name to API name."""
    added: dict[str, str] = _changes(service_model).get("added", {})
    return {command: api_name for command, api_name in added.items() if api_name in service_model.operation_names}


def visible_operations(service_model: ServiceModel) -> dict[str, str]:
    """The operation commands of a service, hidden ones included: command name to API name."""
    table = {operation_cli_name(api_name): api_name for api_name in service_model.operation_names}
    for command in removed_operations(service_model):
        table.pop(command, None)
    return table | added_operations(service_model)


def operation_of(service_model: ServiceModel, command: str) -> str | None:
    """The operation that a command stands for, as in `visible_operations`, which takes longer to make."""
    added = added_operations(service_model).get(command)
    if added is not None or command in removed_operations(service_model):
        return added
    squashed = command.replace("-", "")
    near = [name for name in service_model.operation_names if name.lower() == squashed or "-" in name]
    return next((name for name in reversed(near) if operation_cli_name(name) == command), None)


def hidden_operations(service_model: ServiceModel) -> set[str]:
    """The operation commands that work but stay out of help and completion."""
    table = visible_operations(service_model)
    return {command for command, api_name in table.items() if is_hidden(service_model, command, api_name)}


def is_hidden(service_model: ServiceModel, command: str, api_name: str) -> bool:
    """Whether a command works but stays out of help and completion: deprecated ones and old spellings do."""
    hidden = _changes(service_model).get("hidden", ())
    return command in hidden or api_name in service_model.deprecated_operations


def _changes(service_model: ServiceModel) -> dict[str, Any]:
    found: dict[str, Any] = _renames()["operations"].get(service_model.service_name, {})
    return found
