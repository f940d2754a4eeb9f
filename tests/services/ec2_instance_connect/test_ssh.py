"""`ec2-instance-connect ssh`, with a stand-in for ssh that writes down how it was called."""

import json
import os
import subprocess
import sys

import pytest

from awsmini.errors import ParamValidationError
from awsmini.services.small.ec2_instance_connect_ssh import choose, own_command
from tests.servers import answer

ADDRESSES = {"ipAddress": "203.0.113.9", "privateIpAddress": "10.0.0.9", "ipv6Address": "2001:db8::9"}
SSH = """\
#!{python}
import json, os, stat, sys
words = sys.argv[1:]
key = words[words.index("-i") + 1]
with open({log!r}, "w") as file:
    json.dump([words, stat.S_IMODE(os.stat(key).st_mode), open(key).read(), key], file)
sys.exit({code})
"""
PUBLIC, PRIVATE, IPV6 = "PublicIpAddress", "PrivateIpAddress", "Ipv6Address"


@pytest.fixture
def ssh(aws):
    aws.env["PATH"] = str(aws.home / "bin")

    def install(code=0):
        log = aws.home / "log"
        aws.write("bin/ssh", SSH.format(python=sys.executable, log=str(log), code=code)).chmod(0o755)
        return lambda: json.loads(log.read_text())

    return install


def service(*addresses):
    told = "".join(f"<{name}>{ADDRESSES[name]}</{name}>" for name in addresses)
    instance = f"<item><vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId>{told}</item>"
    endpoints = "".join(
        f"<item><instanceConnectEndpointId>eice-{n}</instanceConnectEndpointId><subnetId>subnet-{n - 1}</subnetId>"
        f"<dnsName>{n}.example</dnsName></item>"
        for n in (1, 2)
    )
    known = {
        "DescribeInstances": f"<R><reservationSet><item><instancesSet>{instance}</instancesSet></item></reservationSet></R>",
        "DescribeInstanceConnectEndpoints": f"<R><instanceConnectEndpointSet>{endpoints}</instanceConnectEndpointSet></R>",
    }
    return lambda request: answer(
        200, {"Success": True} if "X-Amz-Target" in request.headers else known[request.form["Action"]]
    )


def test_directly_with_a_new_key(aws, ssh):
    called = ssh(code=7)
    aws.service.always(service(*ADDRESSES))
    outcome = aws(
        "ec2-instance-connect ssh --instance-id i-0123456789 --os-user admin --ssh-port 2222 --local-forwarding 1:h:2"
    )
    assert (outcome.code, outcome.stdout, outcome.stderr) == (7, "", "")
    words, mode, key, path = called()
    assert words == ["-o", "ServerAliveInterval=5", "-p", "2222", "-i", path, "-L", "1:h:2", "admin@203.0.113.9"]
    assert (mode, key.splitlines()[0]) == (0o400, "-----BEGIN OPENSSH PRIVATE KEY-----")
    assert not os.path.exists(path)
    sent = aws.service.requests[1].json
    assert (sent["InstanceId"], sent["InstanceOSUser"]) == ("i-0123456789", "admin")
    assert sent["SSHPublicKey"].startswith("ssh-ed25519 AAAA")


def test_through_an_endpoint_of_the_subnet(aws, ssh):
    called = ssh()
    key = aws.write("my key", "secret")
    aws.service.always(service("privateIpAddress"))
    outcome = aws(
        ["ec2-instance-connect", "ssh", "--instance-id", "i-1", "--private-key-file", str(key), "--region", "eu-west-1",
         "--eice-options", "maxTunnelDuration=60"]
    )  # fmt: skip
    assert (outcome.code, outcome.stderr) == (0, "")
    words = called()[0]
    assert words[:6] == ["-o", "ServerAliveInterval=5", "-p", "22", "-i", str(key)]
    assert words[-1] == "ec2-user@10.0.0.9"
    assert words[-2].endswith(
        " ec2-instance-connect open-tunnel --instance-id i-1 --private-ip-address 10.0.0.9 --remote-port 22 "
        "--region eu-west-1 --instance-connect-endpoint-id eice-2 --instance-connect-endpoint-dns-name 2.example "
        "--max-tunnel-duration 60"
    )
    assert words[-2].startswith("ProxyCommand=")


def test_the_proxy_is_this_program():
    done = subprocess.run([*own_command(), "--version"], capture_output=True, text=True, check=True)
    assert "awsmini" in done.stdout


@pytest.mark.parametrize(
    ("kind", "known", "tunnel", "expected"),
    [
        ("auto", (PUBLIC, PRIVATE, IPV6), False, (PUBLIC, False)),
        ("auto", (PRIVATE, IPV6), False, (PRIVATE, True)),
        ("auto", (IPV6,), False, (IPV6, False)),
        ("auto", (PUBLIC, PRIVATE), True, (PRIVATE, True)),
        ("direct", (PUBLIC, PRIVATE, IPV6), False, (PUBLIC, False)),
        ("direct", (PRIVATE, IPV6), False, (IPV6, False)),
        ("direct", (PRIVATE,), False, (PRIVATE, False)),
        ("eice", (PUBLIC, PRIVATE, IPV6), False, (PRIVATE, True)),
        ("eice", (PUBLIC, IPV6), False, (IPV6, True)),
    ],
)
def test_ways(kind, known, tunnel, expected):
    assert choose({name: name for name in known}, {"connection_type": kind}, tunnel=tunnel) == expected


def test_no_way():
    with pytest.raises(ParamValidationError, match="Unable to find any IP address"):
        choose({PUBLIC: "1.2.3.4"}, {"connection_type": "eice"}, tunnel=False)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("--instance-id x", 252, "The specified instance ID is invalid."),
        ("--instance-id i-1 --instance-ip 1.2.3.4", 252, "you must specify connection-type"),
        ("--instance-id i-1 --eice-options maxTunnelDuration=0", 252, "Invalid value specified for maxTunnelDuration"),
        ("--instance-id i-1 --eice-options dnsName=x", 252, "you must specify endpointId"),
        ("--instance-id i-1 --ssh-port x", 255, "invalid literal for int()"),
    ],
)
def test_wrong_words(aws, words, code, message):
    outcome = aws(f"ec2-instance-connect ssh {words}")
    assert (outcome.code, message in outcome.message) == (code, True)
    assert aws.service.requests == []


def test_no_ssh(aws, ssh):
    aws.service.always(service(*ADDRESSES))
    outcome = aws("ec2-instance-connect ssh --instance-id i-1 --private-key-file k")
    assert (outcome.code, "SSH not available." in outcome.message) == (253, True)
