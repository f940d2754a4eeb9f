"""What many calls cost: warm ones, a batch of lines, one command in many places.

    python tests/benchmarks/many.py [--aws /path/to/aws] [--boto3 /path/to/a/python/that/has/it] [WORK …]

A call warm or cold is timed in a loop of a shell, as scripts call; `aws` in place of 1,000 calls makes 20, and counts
fifty-fold. The server answers at once. WORK is warm, batch, places or memory.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from measure import Cost, alternate, awsmini_command, cost, environment

SERVER = """
import socket, sys, threading
answers = [bytes.fromhex(each) for each in sys.argv[1:]]
def serve(connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    held = b""
    while True:
        while b"\\r\\n\\r\\n" not in held:
            more = connection.recv(65536)
            if not more:
                return
            held += more
        head, _, held = held.partition(b"\\r\\n\\r\\n")
        length = next((int(line[15:]) for line in head.split(b"\\r\\n") if line[:15].lower() == b"content-length:"), 0)
        while len(held) < length:
            held += connection.recv(65536)
        held = held[length:]
        connection.sendall(answers[0])
listener = socket.create_server(("127.0.0.1", 0), backlog=512)
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""
PARAMETER = json.dumps({"Parameter": {"Name": "n", "Type": "String", "Value": "v", "Version": 1}}).encode()
STREAMS = b'{"StreamInfoList": []}'
BOTO3 = """
import sys
from concurrent.futures import ThreadPoolExecutor
import boto3
from botocore.config import Config
client = boto3.client("ssm", config=Config(max_pool_connections=16))
with ThreadPoolExecutor(16) as pool:
    list(pool.map(lambda number: print(client.get_parameter(Name=f"/app/p{number}")["Parameter"]["Value"]), range(1000)))
"""
INSTANCE = (
    "<item><reservationId>r-{0}</reservationId><instancesSet><item><instanceId>i-{0}</instanceId><instanceState><code>16"
    "</code><name>running</name></instanceState><instanceType>t3.micro</instanceType><launchTime>2026-01-01T00:00:00.000Z"
    "</launchTime><placement><availabilityZone>us-east-1a</availabilityZone></placement><privateIpAddress>10.0.0.1"
    "</privateIpAddress><tagSet><item><key>Name</key><value>web-{0}</value></item></tagSet></item></instancesSet></item>"
)
REGIONS = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2"]  # fmt: skip
PROFILES = ("a", "b", "c", "d")
LOOP = "for n in $(seq {count}); do {command} >/dev/null || exit 1; done"


class Server:
    """A process that gives one answer to whatever comes."""

    def __init__(self, body: bytes, kind: str) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER, (head + body).hex()], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.env = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._process.stdout.readline().strip()}"}

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", nargs="*", help="what to measure")
    parser.add_argument("--runs", type=int, default=5, help="rounds, of which the medians are shown")
    parser.add_argument("--aws", default=shutil.which("aws"), help="an AWS CLI to measure beside it")
    parser.add_argument("--boto3", default=sys.executable, help="a Python that has boto3")
    options = parser.parse_args()
    for work in (warm, batch, places, memory):
        if not options.work or work.__name__ in options.work:
            work(options)


def shell(command: list[str], words: str, count: int) -> list[str]:
    return ["sh", "-c", LOOP.format(count=count, command=" ".join([*command, words]))]


def show(title: str, ours: Cost, peers: dict[str, tuple[Cost, float]]) -> None:
    """A line of ratios. A peer that did less counts as often as its number says."""
    told = [
        f"{1 / factor * ours.wall / each.wall:.3f} x {name}'s wall, {1 / factor * ours.cpu / each.cpu:.3f} x its CPU"
        for name, (each, factor) in peers.items()
    ]
    print(f"{title}: {ours.wall:.2f} s wall, {ours.cpu:.2f} s CPU, {ours.peak:.0f} MB; {'; '.join(told)}", flush=True)


def warm(options: argparse.Namespace) -> None:
    """20 calls in a shell; the CPU of warm ones is without that of the children, which are another process's."""
    words = "kinesisvideo list-streams"
    with Server(STREAMS, "application/json") as server, tempfile.TemporaryDirectory() as runtime:
        env = {**server.env, "XDG_RUNTIME_DIR": runtime}
        commands = {
            "cold": shell(awsmini_command(), words, 20),
            "warm": ["env", "AWSMINI_WARM=1", *shell(awsmini_command(), words, 20)],
        }
        if options.aws:
            commands["aws"] = shell([options.aws], words, 20)
        started = {**environment(runtime), **env}
        subprocess.run([*awsmini_command(), "warm", "start"], env=started, check=True, stdout=subprocess.DEVNULL)
        try:
            costs = alternate(commands, options.runs, env)
        finally:
            subprocess.run([*awsmini_command(), "warm", "stop"], env=started, check=True)
    ours = costs.pop("warm")
    show("20 warm calls", ours, {name: (each, 1) for name, each in costs.items()})


def batch(options: argparse.Namespace) -> None:
    with Server(PARAMETER, "application/x-amz-json-1.1") as server, tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "lines")
        lines.write_text("".join(f"ssm get-parameter --name /app/p{number}\n" for number in range(1000)))
        commands = {
            "batch": [*awsmini_command(), "batch", "-j16", str(lines)],
            "boto3": [options.boto3, "-c", BOTO3],
        }
        costs = alternate(commands, options.runs, server.env)
        peers = {"boto3": (costs["boto3"], 1.0)}
        if options.aws:
            alone = alternate({"aws": shell([options.aws], "ssm get-parameter --name x", 20)}, 1, server.env)
            peers["aws"] = (alone["aws"], 50.0)
    show("batch of 1,000 lines", costs["batch"], peers)


def places(options: argparse.Namespace) -> None:
    body = "".join(INSTANCE.format(number) for number in range(100))
    xml = f"<DescribeInstancesResponse><reservationSet>{body}</reservationSet></DescribeInstancesResponse>".encode()
    with Server(xml, "text/xml") as server, tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config")
        config.write_text("".join(f"[profile {name}]\nregion=us-east-1\n" for name in PROFILES))
        keys = Path(folder, "credentials")
        keys.write_text("".join(f"[{name}]\naws_access_key_id=A\naws_secret_access_key=b\n" for name in PROFILES))
        env = {**server.env, "AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(keys)}
        words = ["--profiles", "all", "--regions", ",".join(REGIONS), "ec2", "describe-instances"]
        costs = alternate({"places": [*awsmini_command(), *words]}, options.runs, env)
        peers = {}
        if options.aws:
            pairs = "\n".join(f"{name} {region}" for name in PROFILES for region in REGIONS)
            command = f"xargs -P 16 -L 1 sh -c '{options.aws} --profile $0 --region $1 ec2 describe-instances'"
            peers["aws in xargs -P 16"] = (
                alternate({"aws": ["sh", "-c", f"printf '%s\\n' '{pairs}' | {command}"]}, 1, env)["aws"], 1.0,
            )  # fmt: skip
    show("4 profiles x 17 regions", costs["places"], peers)


def memory(options: argparse.Namespace) -> None:
    """Peaks of 1,000 and of 100,000 lines."""
    with Server(PARAMETER, "application/x-amz-json-1.1") as server, tempfile.TemporaryDirectory() as folder:
        for count in (1_000, 100_000):
            lines = Path(folder, "lines")
            lines.write_text("".join(f"ssm get-parameter --name /app/p{number}\n" for number in range(count)))
            env = {**environment(folder), **server.env}
            began = time.perf_counter()
            found = cost([*awsmini_command(), "batch", "-j16", str(lines)], env)
            print(f"batch of {count:,} lines: {found.peak:.0f} MB, {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
