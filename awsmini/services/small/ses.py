"""`ses send-email`: addresses, subject and bodies as options instead of two structures."""

from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, not_required, option, rename
from awsmini.params.context import Context
from awsmini.services.shared.exclusive_options import check_exclusive

Params = dict[str, Any]


def send_email(operation: OperationModel, table: Table) -> Table:
    not_required(table, "message", "destination")
    rename(table, "source", "from")
    for name, member in (("to", "ToAddresses"), ("cc", "CcAddresses"), ("bcc", "BccAddresses")):
        table[name] = option(name, member=member, nargs="+", add=_add_addresses)
    for name in ("subject", "text", "html"):
        table[name] = option(name, add=_add_content)
    return table


def check_send_email(values: Mapping[str, Any], table: Table) -> None:
    check_exclusive(values, table, ("destination",), ("to", "cc", "bcc"))
    check_exclusive(values, table, ("message",), ("text", "html"))


def _add_addresses(argument: Argument, params: Params, value: Any, context: Context) -> None:
    if value:
        params.setdefault("Destination", {})[argument.member] = value


def _add_content(argument: Argument, params: Params, value: str, context: Context) -> None:
    if not value:
        return
    message = params.setdefault("Message", {"Subject": {}, "Body": {}})
    if argument.cli_name == "subject":
        message["Subject"] = {"Data": value}
    else:
        message.setdefault("Body", {})[argument.cli_name.capitalize()] = {"Data": value}
