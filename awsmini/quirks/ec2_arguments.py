"""EC2's commands: `run-instances` in simple words, `{"Value": true}` as a flag, page sizes, protocol names."""

from collections.abc import Mapping
from typing import Any

from awsmini.commands.arguments import Argument, Table, flag, option
from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel, Shape, StructureShape
from awsmini.params.context import Context, ConversionError
from awsmini.params.values import unpack
from awsmini.quirks.first_structure import first_structure
from awsmini.records import replace

Params = dict[str, Any]


# --- {"Value": true} as --x and --no-x


def structures_of_one_boolean(operation: OperationModel, table: Table) -> Table:
    """Where a member is a structure around one boolean: `--x`, `--no-x`, and still `--x Value=false`."""
    for name, argument in list(table.items()):
        if argument.shape is None or not _is_one_boolean(argument.shape):
            continue
        table[name] = replace(argument, nargs="?", const=None, group=name, required=False, add=_add_true_or_value)
        table[f"no-{name}"] = flag(
            f"no-{name}", member=argument.member, shape=argument.shape, group=name, add=_add_false
        )
    return table


def _is_one_boolean(shape: Shape) -> bool:
    if not isinstance(shape, StructureShape) or list(shape.members) != ["Value"]:
        return False
    return shape.members["Value"].type_name == "boolean"


def _add_true_or_value(argument: Argument, params: Params, value: Any, context: Context) -> None:
    assert argument.member is not None
    params[argument.member] = {"Value": True} if value is None else unpack(argument, value, context)


def _add_false(argument: Argument, params: Params, value: Any, context: Context) -> None:
    assert argument.member is not None
    params[argument.member] = {"Value": False}


def check_boolean_pairs(values: Mapping[str, Any], table: Table) -> None:
    for name, argument in table.items():
        if argument.add is _add_true_or_value and argument.dest in values and f"no_{argument.dest}" in values:
            raise ParamValidationError(f'Cannot specify both the "--{name}" option and the "--no-{name}" option.')


# --- run-instances


def run_instances(operation: OperationModel, table: Table) -> Table:
    """--count for the two counts, and the network interface in single options."""
    table["count"] = option("count", add=_add_count)
    del table["min-count"], table["max-count"]
    for argument in (
        option("secondary-private-ip-addresses", nargs="*", add=_add_secondary_addresses),
        option("secondary-private-ip-address-count", convert=int, add=_add_secondary_count),
        flag("associate-public-ip-address", group="associate_public_ip", add=_add_public_address),
        flag("no-associate-public-ip-address", value=False, group="associate_public_ip", add=_add_public_address),
    ):
        table[argument.cli_name] = argument
    return table


def check_run_instances(values: Mapping[str, Any], table: Table) -> None:
    simple = ("secondary_private_ip_addresses", "secondary_private_ip_address_count", "associate_public_ip_address")
    if values.get("network_interfaces") and any(values.get(dest) for dest in simple):
        raise ParamValidationError(
            "Mixing the --network-interfaces option with the simple, scalar options is not supported."
        )


def _add_count(argument: Argument, params: Params, value: str, context: Context) -> None:
    try:
        least, most = value.split(":") if ":" in value else (value, value)
        params["MinCount"] = int(least)
        params["MaxCount"] = int(most)
    except ValueError:
        raise ConversionError("count parameter should be of form min[:max] (e.g. 1 or 1:10)") from None


def _interface(params: Params, argument: Argument) -> dict[str, Any]:
    params.setdefault("NetworkInterfaces", [{"DeviceIndex": 0}])
    return first_structure(params, "NetworkInterfaces", argument)


def _add_secondary_addresses(argument: Argument, params: Params, value: Any, context: Context) -> None:
    if value:
        addresses = [{"PrivateIpAddress": address, "Primary": False} for address in value]
        _interface(params, argument).setdefault("PrivateIpAddresses", addresses)


def _add_secondary_count(argument: Argument, params: Params, value: int, context: Context) -> None:
    if value:
        _interface(params, argument)["SecondaryPrivateIpAddressCount"] = value


def _add_public_address(argument: Argument, params: Params, value: bool, context: Context) -> None:
    _interface(params, argument)["AssociatePublicIpAddress"] = value


# What the API wants inside the network interface once there is one: the name there, by its own name.
_IN_INTERFACE = {
    "SubnetId": "SubnetId",
    "SecurityGroupIds": "Groups",
    "Ipv6AddressCount": "Ipv6AddressCount",
    "Ipv6Addresses": "Ipv6Addresses",
    "EnablePrimaryIpv6": "PrimaryIpv6",
}
_SIMPLE = frozenset({"PrivateIpAddresses", "SecondaryPrivateIpAddressCount", "AssociatePublicIpAddress"})


def place_network_interface(params: Params, context: Context) -> Params:
    """One instance where no count is given, and what belongs to the network interface moved into it."""
    params = {**params}
    params.setdefault("MaxCount", 1)
    params.setdefault("MinCount", 1)
    interfaces = params.get("NetworkInterfaces")
    if interfaces == []:
        raise ConversionError("NetworkInterfaces is there, but empty")
    if not (isinstance(interfaces, list) and interfaces and isinstance(interfaces[0], dict)):
        return params
    interface = dict(interfaces[0])
    if not _SIMPLE & interface.keys():
        return params
    for name, inside in _IN_INTERFACE.items():
        if name in params:
            interface[inside] = params.pop(name)
    if "PrivateIpAddress" in params:
        address = {"PrivateIpAddress": params.pop("PrivateIpAddress"), "Primary": True}
        interface["PrivateIpAddresses"] = [address]
    params["NetworkInterfaces"] = [interface, *interfaces[1:]]
    return params


# --- page sizes and protocols

_PAGED_ANYHOW = frozenset({"NextToken", "DryRun", "PaginationConfig"})
_PAGE_SIZE = 1000


def page_volumes(params: Params, values: Mapping[str, Any], context: Context, paginate: bool) -> None:
    """Ask for pages of 1,000 where nothing narrows the list: EC2 times out on very long ones."""
    _page(params, paginate, _PAGED_ANYHOW)


def page_snapshots(params: Params, values: Mapping[str, Any], context: Context, paginate: bool) -> None:
    _page(params, paginate, _PAGED_ANYHOW | {"OwnerIds", "RestorableByUserIds"})


def _page(params: Params, paginate: bool, allowed: frozenset[str]) -> None:
    config = params.get("PaginationConfig", {})
    if paginate and params.keys() <= allowed and isinstance(config, dict):
        params["PaginationConfig"] = {"PageSize": _PAGE_SIZE, **config}


_PROTOCOL_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "all": "-1"}


def number_protocol(params: Params, context: Context) -> Params:
    """The number of a protocol given by name."""
    protocol = params.get("Protocol")
    if isinstance(protocol, str) and protocol in _PROTOCOL_NUMBERS:
        return {**params, "Protocol": _PROTOCOL_NUMBERS[protocol]}
    return params
