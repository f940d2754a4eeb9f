"""`run-instances`: counts and the network interface in single options."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, flag, option
from awsmini.params.context import Context, ConversionError
from awsmini.services.shared.first_structure import first_structure

Params = dict[str, Any]


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
