"""`awsmini ec2-instance-connect open-tunnel`: a connection to an instance, as bytes in a websocket.

What goes through it comes from stdin and goes to stdout, so that ssh can use the command as its proxy; or it is
what comes to a port of this machine, each connection through a websocket of its own.
"""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any
from urllib.parse import urlencode

from awsmini.client import Client
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.params.arguments import option
from awsmini.records import Request, Scope
from awsmini.services.shared.clients import elsewhere
from awsmini.services.shared.numbers import whole_number
from awsmini.services.small.ec2_instance_connect_endpoints import NO_ADDRESS, endpoint, instance
from awsmini.sign import presign

TUNNEL = "awsmini.services.small.ec2_instance_connect_websocket:Tunnel"  # websockets, of an extra
REMOTE_PORT, CONNECTIONS = 22, 10
LONGEST = 3600  # seconds that a tunnel may last
VALID = 60  # seconds that its URL is good for
NUMBERS = ("remote_port", "local_port", "max_tunnel_duration", "max_websocket_connections")


def _run(invocation: Invocation, values: Values) -> int:
    values = {**values, **{name: whole_number(values[name]) for name in NUMBERS if name in values}}
    _check(invocation, values)
    make_tunnel = resolve_name(TUNNEL)
    ec2 = elsewhere(invocation, "ec2")
    address = values.get("private_ip_address")
    described: Mapping[str, Any] = {}
    if not address:
        described = instance(ec2, values["instance_id"])
        address = described.get("PrivateIpAddress") or described.get("Ipv6Address")
        if not address:
            raise ParamValidationError(NO_ADDRESS)
    endpoint_id = values.get("instance_connect_endpoint_id")
    dns_name = values.get("instance_connect_endpoint_dns_name")
    if not dns_name:
        fips = bool(invocation.settings.value("use_fips_endpoint"))
        endpoint_id, dns_name = endpoint(ec2, described, endpoint_id, fips=fips)
    asked = {
        "instanceConnectEndpointId": endpoint_id,
        "remotePort": values.get("remote_port", REMOTE_PORT),
        "privateIpAddress": address,
    }
    if values.get("max_tunnel_duration"):
        asked["maxTunnelDuration"] = values["max_tunnel_duration"]
    client = elsewhere(invocation, "ec2-instance-connect")
    tunnel = make_tunnel(
        invocation.app,
        lambda: tunnel_url(client, dns_name, asked),
        client._context.user_agent(()),
        client._context.sender_options().verify,
    )
    if values.get("local_port"):
        tunnel.listen(values["local_port"], values.get("max_websocket_connections", CONNECTIONS))
    else:
        tunnel.through_stdio()
    return 0


def _check(invocation: Invocation, values: Values) -> None:
    """Refuse what makes no sense, before anything is asked. Raises ParamValidationError."""
    has_id = values.get("instance_connect_endpoint_id")
    seconds = values.get("max_tunnel_duration")
    if not values.get("instance_id") and not values.get("private_ip_address"):
        problem = "Specify an instance id or private ip."
    elif values.get("instance_connect_endpoint_dns_name") and not has_id:
        problem = "Specify an instance connect endpoint id when providing a DNS name."
    elif values.get("private_ip_address") and not has_id:
        problem = "Specify an instance connect endpoint id when providing a private ip."
    elif seconds is not None and not 1 <= seconds <= LONGEST:
        problem = "Invalid max connection timeout specified. Value must be greater than 1 and less than 3600."
    elif values.get("local_port") is None and invocation.app.stdin.isatty():
        problem = (
            "This command does not support interactive mode. You must use this command as a proxy or in listener mode."
        )
    else:
        return
    raise ParamValidationError(problem)


def tunnel_url(client: Client, dns_name: str, asked: Mapping[str, object]) -> str:
    """Where a tunnel begins, signed: each URL is good for a minute, so each connection gets its own."""
    context = client._context
    url = f"wss://{dns_name}/openTunnel?{urlencode(asked)}"
    scope = Scope(auth="v4", region=client.meta.region_name or "", service=client._service_model.signing_name)
    credentials = context.credentials()
    return presign(Request("GET", url, {"host": dns_name}), scope, credentials, context.app.now(), VALID).url


command = HandWritten(
    "open-tunnel",
    _run,
    doc="Open a tunnel to an instance or to a private address, through an EC2 Instance Connect Endpoint: for stdin and "
    "stdout, as ssh's ProxyCommand wants it, or with --local-port for each connection to a port of this machine.\n\n"
    "It needs the extra `tunnel`.",
    arguments=(
        option("instance-id", doc="The ID of the instance."),
        option("instance-connect-endpoint-id", doc="The ID of the endpoint, where it is not to be looked for."),
        option(
            "instance-connect-endpoint-dns-name",
            doc="The DNS name of the endpoint. It needs --instance-connect-endpoint-id.",
        ),
        option(
            "private-ip-address",
            doc="The private address to go to, IPv4 or IPv6. It needs --instance-connect-endpoint-id.",
        ),
        option("remote-port", doc=f"The port to go to; {REMOTE_PORT} where nothing else is said."),
        option("local-port", doc="The port of this machine to listen on."),
        option(
            "max-tunnel-duration", doc=f"The seconds that a tunnel lasts at most; {LONGEST} where nothing else is said."
        ),
        option(
            "max-websocket-connections",
            doc=f"The most connections at a time, with --local-port; {CONNECTIONS} where nothing else is said.",
        ),
    ),
)
