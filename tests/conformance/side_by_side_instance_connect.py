"""EC2 Instance Connect's `ssh` and `open-tunnel`, side by side with AWS CLI v2: see `side_by_side.py`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.conformance.side_by_side import Scenario, main
from tests.servers import Answer, Received, answer

ADDRESSES = {"ipAddress": "203.0.113.9", "privateIpAddress": "10.0.0.9", "ipv6Address": "2001:db8::9"}
FOUND = [("eice-1", "subnet-other", "one.example"), ("eice-2", "subnet-1", "two.example")]
SSH = r"""if [ "$1" = "-G" ]; then exit 0; fi
for w in "$@"; do echo "$w" >> "$HOME/words"; done
while [ $# -gt 0 ]; do if [ "$1" = "-i" ]; then ls -l "$2" | cut -c1-10 >> "$HOME/words"; head -1 "$2" >> "$HOME/words"; ssh-keygen -y -f "$2" > /dev/null && echo readable >> "$HOME/words"; fi; shift; done
echo out; echo err >&2; exit ${CODE:-0}
"""
BLUR = (
    (r"/tmp/\w+/private-key", "{key}"),
    (r"ssh-ed25519 [\w+/=]+", "ssh-ed25519 {key}"),
    (r"ssh-ed25519(\+|%20)[\w%.]+", "ssh-ed25519 {key}"),
    (r"ProxyCommand=(\S*/aws|\S*python\S* -m awsmini) ", "ProxyCommand={program} "),
)
NO_INSTANCE = (
    400,
    "<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>none</Message></Error></Errors></Response>",
)
NOT_THERE = "AWS CLI v2 says `list index out of range`"


def instances(*addresses: str) -> str:
    told = "".join(f"<{name}>{ADDRESSES[name]}</{name}>" for name in addresses)
    item = f"<item><instanceId>i-1</instanceId><vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId>{told}</item>"
    return f"<DescribeInstancesResponse><reservationSet><item><instancesSet>{item}</instancesSet></item></reservationSet></DescribeInstancesResponse>"


def endpoints(found: list[tuple[str, str, str]]) -> str:
    items = "".join(
        f"<item><instanceConnectEndpointId>{each}</instanceConnectEndpointId><subnetId>{subnet}</subnetId><dnsName>{name}</dnsName>"
        f"{'<fipsDnsName>fips.' + name + '</fipsDnsName>' if each == 'eice-2' else ''}</item>"
        for each, subnet, name in found
    )
    return f"<DescribeInstanceConnectEndpointsResponse><instanceConnectEndpointSet>{items}</instanceConnectEndpointSet></DescribeInstanceConnectEndpointsResponse>"


def script(*addresses: str, found: list[tuple[str, str, str]] = FOUND, **replies: Any) -> Callable[[Received], Answer]:
    known = {
        "DescribeInstances": (200, instances(*addresses)),
        "DescribeInstanceConnectEndpoints": (200, endpoints(found)),
        "SendSSHPublicKey": (200, {"Success": True, "RequestId": "r"}),
        **replies,
    }

    def respond(request: Received) -> Answer:
        target = request.headers.get("X-Amz-Target")
        name = target.rpartition(".")[2] if target else request.form.get("Action", "")
        return answer(*known.get(name, (500, f"nothing for {name}")))

    return respond


ALL, ANY = tuple(ADDRESSES), ("privateIpAddress",)


def ssh(
    name: str, words: str = "", answers: Any = None, *, instance: str = "--instance-id i-0123456789abcdef0", **more: Any
) -> Scenario:
    command = f"ec2-instance-connect ssh {instance} {words}"
    settled = {"answers": answers or script(*ALL), "tools": {"ssh": SSH}, "blur": BLUR, "stop_clock": False, **more}
    return Scenario(f"ssh: {name}", (command,), **settled)


def tunnel(name: str, words: str, answers: Any = (), **more: Any) -> Scenario:
    return Scenario(
        f"tunnel: {name}",
        (f"ec2-instance-connect open-tunnel {words}",),
        answers=answers,
        **{"stop_clock": False, **more},
    )


KEY = {"k": "secret"}
SCENARIOS = (
    ssh("public"),
    ssh("private", answers=script(*ANY)),
    ssh("private before IPv6", answers=script("privateIpAddress", "ipv6Address")),
    ssh("IPv6", answers=script("ipv6Address")),
    ssh("no address", answers=script()),
    ssh("direct", "--connection-type direct", script("privateIpAddress", "ipv6Address")),
    ssh("direct to a private address", "--connection-type direct", script(*ANY)),
    ssh("through an endpoint", "--connection-type eice"),
    ssh("through an endpoint, IPv6", "--connection-type eice", script("ipAddress", "ipv6Address")),
    ssh("no endpoint of the subnet", "--connection-type eice", script(*ALL, found=FOUND[:1])),
    ssh("no endpoint", "--connection-type eice", script(*ALL, found=[])),
    ssh("no endpoint of that ID", "--eice-options endpointId=eice-7", script(*ALL, found=[])),
    ssh("an endpoint by its ID", "--eice-options endpointId=eice-1"),
    ssh("an endpoint by its name", "--eice-options endpointId=eice-9,dnsName=nine.example,maxTunnelDuration=60"),
    ssh("options in JSON", """--eice-options '{"maxTunnelDuration": 5}'"""),
    ssh("options from a file", "--eice-options file://o", files={"o": '{"maxTunnelDuration": 5}'}),
    ssh("FIPS", "--connection-type eice", env={"AWS_USE_FIPS_ENDPOINT": "true"}),
    ssh("no FIPS name", "--connection-type eice", script(*ALL, found=FOUND[:1]), env={"AWS_USE_FIPS_ENDPOINT": "true"}),
    ssh("address given", "--instance-ip 10.1.1.1 --connection-type direct"),
    ssh("address given, through an endpoint", "--instance-ip 10.1.1.1 --connection-type eice"),
    ssh("address without a type", "--instance-ip 10.1.1.1"),
    ssh("own key", "--private-key-file k", files=KEY),
    ssh("own key that is not there", "--private-key-file nothing"),
    ssh(
        "user, port, forwarding",
        "--os-user admin --ssh-port 2222 --local-forwarding 3336:db:3306 --private-key-file k",
        files=KEY,
    ),
    ssh(
        "region and profile",
        "--connection-type eice --region eu-west-1 --profile p",
        files={".aws/config": "[profile p]\naws_access_key_id = a\naws_secret_access_key = b\n"},
    ),
    ssh("endpoint url", "--endpoint-url {url}/e"),
    ssh("its exit code", "--private-key-file k", files=KEY, env={"CODE": "7"}),
    ssh("no ssh", "--private-key-file k", files=KEY, tools={}, env={"PATH": "/nowhere"}),
    ssh("port that is none", "--ssh-port x --private-key-file k", files=KEY),
    ssh("refused", answers=script(DescribeInstances=NO_INSTANCE)),
    ssh(
        "key refused",
        answers=script(*ALL, SendSSHPublicKey=(400, {"__type": "EC2InstanceNotFoundException", "message": "no"})),
    ),
    ssh(
        "no such instance",
        answers=script(
            DescribeInstances=(200, "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>")
        ),
        differs=NOT_THERE,
    ),
    ssh("no instance ID", instance=""),
    *(ssh(f"instance ID {each!r}", instance=f"--instance-id '{each}'") for each in ("x-1", "i-", "i-1 ", "i-1/2")),
    ssh("options with direct", "--connection-type direct --eice-options maxTunnelDuration=5"),
    ssh("name without ID", "--eice-options dnsName=x.example"),
    *(ssh(f"duration {each}", f"--eice-options maxTunnelDuration={each}") for each in ("0", "3601", "x", "-1")),
    ssh("endpoint ID that is none", "--eice-options endpointId=x"),
    ssh("name that is none", "--eice-options endpointId=eice-1,dnsName=a_b"),
    ssh("unknown member", "--eice-options foo=1"),
    ssh("options that are none", "--eice-options '{'"),
    ssh("wrong type of connection", "--connection-type tunnel"),
    tunnel("nothing", ""),
    tunnel("name without ID", "--instance-id i-1 --instance-connect-endpoint-dns-name x"),
    tunnel("address without ID", "--private-ip-address 10.0.0.1"),
    *(tunnel(f"duration {each}", f"--instance-id i-1 --max-tunnel-duration={each}") for each in ("0", "3601", "x")),
    *(
        tunnel(f"--{each} that is no number", f"--instance-id i-1 --{each} x")
        for each in ("remote-port", "local-port", "max-websocket-connections")
    ),
    tunnel("no address", "--instance-id i-1", script()),
    tunnel("no endpoint", "--instance-id i-1", script(*ALL, found=[])),
    tunnel("no endpoint of that ID", "--instance-id i-1 --instance-connect-endpoint-id eice-1", script(*ALL, found=[])),
    tunnel("no FIPS name", "--instance-id i-1", script(*ALL, found=FOUND[:1]), env={"AWS_USE_FIPS_ENDPOINT": "true"}),
    tunnel("refused", "--instance-id i-1", script(DescribeInstances=NO_INSTANCE)),
    tunnel(
        "no such instance",
        "--instance-id i-1",
        script(DescribeInstances=(200, "<DescribeInstancesResponse/>")),
        differs=NOT_THERE,
    ),
    tunnel("an unknown option", "--instance-id i-1 --port 7"),
)

if __name__ == "__main__":
    main(SCENARIOS)
