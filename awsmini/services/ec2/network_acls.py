"""Entries of network ACLs: protocols by name."""

from typing import Any

from awsmini.params.context import Context

Params = dict[str, Any]

_PROTOCOL_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "all": "-1"}


def number_protocol(params: Params, context: Context) -> Params:
    """The number of a protocol given by name."""
    protocol = params.get("Protocol")
    if isinstance(protocol, str) and protocol in _PROTOCOL_NUMBERS:
        return {**params, "Protocol": _PROTOCOL_NUMBERS[protocol]}
    return params
