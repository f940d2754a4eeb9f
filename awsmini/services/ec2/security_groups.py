"""`ec2 authorize-/revoke-security-group-ingress/-egress`: one rule in plain words instead of --ip-permissions."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, hide, option
from awsmini.params.context import Context
from awsmini.services.shared.first_structure import first_structure

Params = dict[str, Any]

_SIMPLE = ("protocol", "port", "cidr", "source_group", "group_owner")
_PROTOCOLS = frozenset({"tcp", "udp", "icmp", "all"})


def simple_rule(operation: OperationModel, table: Table) -> Table:
    """--protocol, --port, --cidr, --source-group and --group-owner; the flat members they replace are hidden."""
    adders = {
        "protocol": _add_protocol,
        "port": _add_port,
        "cidr": _add_cidr,
        "source-group": _add_source_group,
        "group-owner": _add_group_owner,
    }
    for name, add in adders.items():
        table[name] = option(name, add=add)
    hide(
        table,
        "ip-protocol",
        "from-port",
        "to-port",
        "cidr-ip",
        "source-security-group-name",
        "source-security-group-owner-id",
    )
    return table


def check_simple_rule(values: Mapping[str, Any], table: Table) -> None:
    if not values.get("ip_permissions"):
        return
    for dest in _SIMPLE:
        if values.get(dest):
            raise ParamValidationError(f"The --{dest} option is not compatible with the --ip-permissions option ")


def _permission(params: Params, argument: Argument) -> dict[str, Any]:
    return first_structure(params, "IpPermissions", argument)


def _add_protocol(argument: Argument, params: Params, value: str, context: Context) -> None:
    if value:
        _permission(params, argument)["IpProtocol"] = _protocol(value)


def _protocol(value: str) -> str:
    try:
        number = int(value)
    except ValueError:
        if value not in _PROTOCOLS:
            raise ParamValidationError(
                "protocol parameter should be one of: tcp|udp|icmp|all or any valid protocol number."
            ) from None
        return "-1" if value == "all" else value
    if not -1 <= number <= 255:
        raise ParamValidationError("protocol numbers must be in the range 0-255 or -1 to specify all protocols")
    return value


def _add_port(argument: Argument, params: Params, value: str, context: Context) -> None:
    if not value:
        return
    first, dash, last = ("-1", "", "") if value in ("-1", "all") else value.partition("-")
    try:
        ports = int(first), int(last if dash else first)
    except ValueError:
        raise ParamValidationError("port parameter should be of the form <from[-to]> (e.g. 22 or 22-25)") from None
    _permission(params, argument).update(FromPort=ports[0], ToPort=ports[1])


def _add_cidr(argument: Argument, params: Params, value: str, context: Context) -> None:
    if value:
        _permission(params, argument)["IpRanges"] = [{"CidrIp": value}]


def _add_to_pair(argument: Argument, params: Params, key: str, value: str) -> None:
    _permission(params, argument).setdefault("UserIdGroupPairs", [{}])[0][key] = value


def _add_source_group(argument: Argument, params: Params, value: str, context: Context) -> None:
    if value:
        _add_to_pair(argument, params, "GroupId" if value.startswith("sg-") else "GroupName", value)


def _add_group_owner(argument: Argument, params: Params, value: str, context: Context) -> None:
    if value:
        _add_to_pair(argument, params, "UserId", value)
