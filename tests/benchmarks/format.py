"""What it costs to turn an answer into text: microseconds for each item, beside the encoder of `json`.

    python -m tests.benchmarks.format

The last lines are the peak memory of long listings, each in a process of its own: 100,000 keys as one JSON
document, a million as NDJSON, text and CSV.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from awsmini.format import renderer
from awsmini.format.view import View
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel
from awsmini.paging import PageIterator, PagingConfig

PAGE = 1000


def key(number: int) -> dict[str, Any]:
    return {
        "Key": f"logs/2024/05/17/host-{number % 97:02d}/part-{number:08d}.json.gz",
        "LastModified": "2024-05-17T10:20:30+00:00",
        "ETag": '"9b2cf535f27731c974343645a3985328"',
        "ChecksumAlgorithm": ["CRC64NVME"],
        "ChecksumType": "FULL_OBJECT",
        "Size": number,
        "StorageClass": "STANDARD",
    }


def instance(number: int) -> dict[str, Any]:
    return {
        "Groups": [],
        "Instances": [
            {
                "AmiLaunchIndex": 0,
                "ImageId": "ami-0abcdef1234567890",
                "InstanceId": f"i-{number:017x}",
                "InstanceType": "m5.large",
                "LaunchTime": "2024-05-17T10:20:30+00:00",
                "Monitoring": {"State": "disabled"},
                "Placement": {"AvailabilityZone": "us-east-1a", "GroupName": "", "Tenancy": "default"},
                "PrivateDnsName": "ip-10-0-0-1.ec2.internal",
                "PrivateIpAddress": "10.0.0.1",
                "ProductCodes": [],
                "State": {"Code": 16, "Name": "running"},
                "BlockDeviceMappings": [
                    {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": True, "VolumeId": "vol-1"}}
                ],
                "EbsOptimized": False,
                "SecurityGroups": [{"GroupName": "web", "GroupId": "sg-1"}, {"GroupName": "db", "GroupId": "sg-2"}],
                "Tags": [{"Key": "Name", "Value": f"web {number}"}, {"Key": "env", "Value": "prod"}],
            }
        ],
        "OwnerId": "123456789012",
        "ReservationId": f"r-{number:017x}",
    }


def item(number: int) -> dict[str, Any]:
    return {
        "id": {"S": f"item-{number}"},
        "n": {"N": str(number)},
        "text": {"S": "x" * 50},
        "list": {"L": [{"S": "a"}, {"S": "b"}]},
    }


SHAPES: dict[str, tuple[str, Callable[[int], dict[str, Any]], int]] = {
    "S3 keys": ("Contents", key, 20_000),
    "EC2 reservations": ("Reservations", instance, 4_000),
    "DynamoDB items": ("Items", item, 10_000),
}


def pages(name: str, make: Callable[[int], dict[str, Any]], count: int) -> PageIterator:
    """A paged answer whose pages are made as they are asked for."""

    def call(params: dict[str, Any]) -> dict[str, Any]:
        start = int(params.get("Marker", 0))
        more = {"NextMarker": str(start + PAGE)} if start + PAGE < count else {}
        return {name: [make(number) for number in range(start, min(start + PAGE, count))], **more}

    paginator = {"input_token": "Marker", "output_token": "NextMarker", "result_key": name}
    return PageIterator(call, paginator, {}, PagingConfig())


def best(call: Callable[[], object]) -> float:
    """Seconds of CPU, the least of three runs."""
    times = []
    for _ in range(3):
        begin = time.process_time()
        call()
        times.append(time.process_time() - begin)
    return min(times)


def costs() -> Iterator[str]:
    for title, (name, make, count) in SHAPES.items():
        answer = {name: [make(number) for number in range(count)]}
        row = {"dumps": best(lambda: json.dumps(answer, ensure_ascii=False))}  # noqa: B023
        row["dumps(indent=4)"] = best(lambda: json.dumps(answer, ensure_ascii=False, indent=4))  # noqa: B023
        for output in ("json", "text", "table", "yaml", "ndjson", "csv"):
            view = View(operation_name="List", result_keys=(name,))
            row[output] = best(lambda: "".join(renderer(output)(answer, view)))  # noqa: B023
        yield f"{title:17} " + "  ".join(f"{what} {seconds / count * 1e6:.2f}" for what, seconds in row.items())


def memory() -> Iterator[str]:
    for output, count in (("json", 100_000), ("ndjson", 1_000_000), ("text", 1_000_000), ("csv", 1_000_000)):
        command = [sys.executable, "-m", "tests.benchmarks.format", output, str(count)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
        yield f"{output:7} {count:9,} keys: {done.stderr.decode().strip()}"


def stream(output: str, count: int) -> None:
    """Print a listing, and on stderr what it took."""
    listing = ServiceModel(ModelFinder(os.environ).lines("s3")).operation_model("ListObjectsV2")
    view = View(result_keys=("Contents",), output_shape=listing.output_shape)
    for chunk in renderer(output)(pages("Contents", key, count), view):
        sys.stdout.write(chunk)
    peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))  # noqa: SIM115
    sys.stderr.write(f"{int(peak) / 1024:.0f} MB at most, {time.process_time():.1f} s of CPU with making the pages\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        stream(sys.argv[1], int(sys.argv[2]))
    else:
        for line in [*costs(), *memory()]:
            print(line)
