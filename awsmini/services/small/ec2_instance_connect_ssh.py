"""`awsmini ec2-instance-connect ssh`: ssh with a key that is good for a minute, directly or through a tunnel."""

import os
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha512
from pathlib import Path
from typing import Any, NamedTuple

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.programs import call
from awsmini.errors import ConfigurationError, ParamValidationError
from awsmini.params.arguments import option
from awsmini.params.context import Context
from awsmini.params.validate import validate
from awsmini.params.values import unpack
from awsmini.services.shared.clients import elsewhere
from awsmini.services.shared.numbers import whole_number
from awsmini.services.shared.option_shapes import shape
from awsmini.services.small.ec2_instance_connect_endpoints import NO_ADDRESS, endpoint, instance

AUTO, DIRECT, THROUGH_ENDPOINT = "auto", "direct", "eice"
USER, PORT = "ec2-user", "22"
LONGEST = 3600  # seconds that a tunnel may last
PUBLIC, PRIVATE, IPV6 = "PublicIpAddress", "PrivateIpAddress", "Ipv6Address"
DOCUMENTATION = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Connect-using-EC2-Instance-Connect-Endpoint.html"
SECONDS = 5  # after which a connection that says nothing is asked whether it lives

_OPTIONS = option(
    "eice-options",
    shape=shape({"maxTunnelDuration": int, "endpointId": str, "dnsName": str}),
    doc="The tunnel: maxTunnelDuration, the seconds that it lasts at most (3600 where nothing else is said), endpointId "
    "and dnsName of the EC2 Instance Connect Endpoint. A name needs an ID beside it.",
)


class Way(NamedTuple):
    """How an instance is reached."""

    address: str
    tunnel: bool


def _run(invocation: Invocation, values: Values) -> int:
    options = _endpoint_options(invocation, values)
    _check(values, options)
    port = whole_number(values.get("ssh_port", PORT))
    ec2 = invocation.session.client("ec2")
    described = instance(ec2, values["instance_id"])
    way = choose(described, values, tunnel=bool(options))
    endpoint_id, dns_name = options.get("endpointId"), options.get("dnsName")
    if way.tunnel and not dns_name:
        fips = bool(invocation.settings.value("use_fips_endpoint"))
        endpoint_id, dns_name = endpoint(ec2, described, endpoint_id, fips=fips)
    proxy = [
        *own_command(),
        *("ec2-instance-connect", "open-tunnel", "--instance-id", values["instance_id"]),
        *("--private-ip-address", way.address, "--remote-port", str(port)),
        *_given("--region", invocation.flags.get("region")),
        *_given("--profile", invocation.flags.get("profile")),
        *_given("--instance-connect-endpoint-id", endpoint_id),
        *_given("--instance-connect-endpoint-dns-name", dns_name),
        *_given("--max-tunnel-duration", options.get("maxTunnelDuration")),
    ]
    with tempfile.TemporaryDirectory() as folder:
        key = values.get("private_key_file") or _key(invocation, values, Path(folder))
        words = [
            *(_ssh(invocation), "-o", f"ServerAliveInterval={SECONDS}", "-p", str(port), "-i", key),
            *_given("-L", values.get("local_forwarding")),
            *(["-v"] if invocation.flags.get("debug") else ()),
            *(["-o", f"ProxyCommand={' '.join(map(quoted, proxy))}"] if way.tunnel else ()),
            f"{_user(values)}@{way.address}",
        ]
        invocation.app.stdout.flush()
        return call(words, invocation.app)


def _endpoint_options(invocation: Invocation, values: Values) -> Mapping[str, Any]:
    """The options of the tunnel. Raises ParamValidationError."""
    if "eice_options" not in values:
        return {}
    context = Context(encoding=invocation.app.env.get("AWS_CLI_FILE_ENCODING"))
    found: dict[str, Any] = unpack(_OPTIONS, values["eice_options"], context)
    validate(_OPTIONS.shape, found)
    return found


def _check(values: Values, options: Mapping[str, Any]) -> None:
    """Refuse what makes no sense, before anything is asked. Raises ParamValidationError."""
    kind = values.get("connection_type", AUTO)
    seconds, endpoint_id, name = (options.get(each) for each in ("maxTunnelDuration", "endpointId", "dnsName"))
    if not re.search("^i-[0-9a-zA-Z]+$", values["instance_id"]):
        problem = "The specified instance ID is invalid. Provide the full instance ID in the form i-xxxxxxxxxxxxxxxxx."
    elif kind == DIRECT and options:
        problem = "eice-options can't be specified when connection type is direct."
    elif name and not endpoint_id:
        problem = "When specifying dnsName, you must specify endpointId."
    elif seconds is not None and not 1 <= seconds <= LONGEST:
        problem = "Invalid value specified for maxTunnelDuration. Value must be greater than 1 and less than 3600."
    elif endpoint_id and not re.search("^eice-[0-9a-zA-Z_]+$", endpoint_id):
        problem = (
            "The specified endpointId is invalid. Provide the full EC2 Instance Connect Endpoint ID in the form "
            "eice-xxxxxxxxxxxxxxxxx."
        )
    elif name and not re.search("^[0-9a-zA-Z.-]+$", name):
        problem = "The specified dnsName is invalid."
    elif values.get("instance_ip") and kind == AUTO:
        problem = "When specifying instance-ip, you must specify connection-type."
    else:
        return
    raise ParamValidationError(problem)


def choose(described: Mapping[str, Any], values: Values, *, tunnel: bool) -> Way:
    """The address to go to, and whether through a tunnel. Raises ParamValidationError where there is none."""
    kind = values.get("connection_type", AUTO)
    if values.get("instance_ip"):
        return Way(values["instance_ip"], kind == THROUGH_ENDPOINT)
    if kind == THROUGH_ENDPOINT or tunnel:
        order = {PRIVATE: True, IPV6: True}
    elif kind == DIRECT:
        order = {PUBLIC: False, IPV6: False, PRIVATE: False}
    else:
        order = {PUBLIC: False, PRIVATE: True, IPV6: False}
    for member, through in order.items():
        if described.get(member):
            return Way(described[member], through)
    raise ParamValidationError(NO_ADDRESS)


def _key(invocation: Invocation, values: Values, folder: Path) -> str:
    """A new key that the instance takes for a minute; the file of its private part."""
    pair = make(os.urandom(32), os.urandom(4))
    params = {
        "InstanceId": values["instance_id"],
        "InstanceOSUser": _user(values),
        "SSHPublicKey": pair.public,
    }
    elsewhere(invocation, "ec2-instance-connect")._make_api_call("SendSSHPublicKey", params)
    path = folder / "private-key"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w", encoding="ascii") as file:
        file.write(pair.private)
    return str(path)


def _user(values: Values) -> str:
    user: str = values.get("os_user", USER)
    return user


def _ssh(invocation: Invocation) -> str:
    found = shutil.which("ssh", path=invocation.app.env.get("PATH"))
    if found is None:
        raise ConfigurationError(f"SSH not available. Please refer to the documentation at {DOCUMENTATION}.")
    return found


def own_command() -> list[str]:
    """What starts this program again."""
    program = sys.argv[0]
    if os.path.basename(program) == "__main__.py" or not os.access(program, os.X_OK):
        return [sys.executable, "-m", "awsmini"]
    return [program]


def quoted(word: str) -> str:
    """A word for the shell that ssh starts its proxy with."""
    return subprocess.list2cmdline([word]) if os.name == "nt" else shlex.quote(word)


def _given(name: str, value: Any) -> list[str]:
    return [name, str(value)] if value else []


command = HandWritten(
    "ssh",
    _run,
    doc="Open a shell on an EC2 instance with the ssh of this machine. Without --private-key-file a new key is made, "
    "which the instance takes for a minute.",
    arguments=(
        option("instance-id", required=True, doc="The ID of the instance."),
        option("instance-ip", doc="The address to go to, instead of one that EC2 knows. It needs --connection-type."),
        option("private-key-file", doc="The file of the private key to log in with."),
        option("os-user", doc=f"The user on the instance; {USER} where nothing else is said."),
        option("ssh-port", doc=f"The port that the instance's sshd listens on; {PORT} where nothing else is said."),
        option("local-forwarding", doc="A port of this machine to be led through, as ssh -L takes it: 3336:host:3306."),
        option(
            "connection-type",
            choices=(AUTO, DIRECT, THROUGH_ENDPOINT),
            doc="direct goes to the public IPv4 address, or else to the IPv6, or else to the private one; eice goes through "
            "an EC2 Instance Connect Endpoint, to the private address or else to the IPv6; auto, which is the "
            "default, goes directly to a public address, else through an endpoint to a private one, else directly "
            "to the IPv6 address.",
        ),
        _OPTIONS,
    ),
)


ALGORITHM = b"ssh-ed25519"
MAGIC = b"openssh-key-v1\0"
BLOCK = 8  # bytes that the private part is filled up to
LINE = 70  # characters of base64

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_BASE_Y = 4 * pow(5, -1, _P) % _P
_BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202

Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, xy = T/Z


class KeyPair(NamedTuple):
    """The public key as a line of `authorized_keys`, and the private one as a file."""

    public: str
    private: str


def make(seed: bytes, check: bytes) -> KeyPair:
    """The pair that 32 random bytes stand for. `check` is four more, by which a wrong password would be found."""
    key = public_key(seed)
    public = _text(ALGORITHM) + _text(key)
    private = check + check + public + _text(seed + key) + _text(b"")
    private += bytes(range(1, BLOCK + 1))[: -len(private) % BLOCK]
    no_password = _text(b"none") + _text(b"none") + _text(b"")
    whole = b64encode(MAGIC + no_password + struct.pack("!I", 1) + _text(public) + _text(private)).decode()
    lines = "\n".join(whole[at : at + LINE] for at in range(0, len(whole), LINE))
    return KeyPair(
        f"{ALGORITHM.decode()} {b64encode(public).decode()}",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{lines}\n-----END OPENSSH PRIVATE KEY-----\n",
    )


def public_key(seed: bytes) -> bytes:
    """The public key of 32 bytes."""
    secret = int.from_bytes(sha512(seed).digest()[:32], "little") & ((1 << 254) - 8) | (1 << 254)
    x, y, z, _ = _times(secret, (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P))
    inverse = pow(z, -1, _P)
    return (y * inverse % _P | (x * inverse % _P & 1) << 255).to_bytes(32, "little")


def _times(factor: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    for bit in range(256):  # as many steps whatever the factor
        added = _sum(result, point)
        result = added if factor >> bit & 1 else result
        point = _sum(point, point)
    return result


def _sum(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _text(value: bytes) -> bytes:
    """A string of SSH's: its length first."""
    return struct.pack("!I", len(value)) + value
