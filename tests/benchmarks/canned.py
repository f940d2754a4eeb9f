"""A server of canned answers for the benchmarks, in a process of its own: `python canned.py WORK` prints its port.

It does as little as it can, so that what is measured is the client.
"""

import json
import socketserver
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs
from zlib import crc32

Answer = tuple[str, dict[str, str], bytes]  # status line, headers, body
Pages = list[tuple[dict[str, str], bytes]]

INSTANCE = """\
<item><instanceId>i-{0:017x}</instanceId><imageId>ami-0abcdef1234567890</imageId><instanceState><code>16</code>\
<name>running</name></instanceState><privateDnsName>ip-10-0-{1}-{2}.ec2.internal</privateDnsName>\
<dnsName>ec2-203-0-113-{2}.compute-1.amazonaws.com</dnsName><reason/><keyName>deploy</keyName><amiLaunchIndex>0\
</amiLaunchIndex><productCodes/><instanceType>m5.large</instanceType><launchTime>2024-03-0{3}T12:34:56.000Z\
</launchTime><placement><availabilityZone>us-east-1a</availabilityZone><groupName/><tenancy>default</tenancy>\
</placement><monitoring><state>disabled</state></monitoring><subnetId>subnet-{0:08x}</subnetId><vpcId>vpc-1a2b3c4d\
</vpcId><privateIpAddress>10.0.{1}.{2}</privateIpAddress><ipAddress>203.0.113.{2}</ipAddress><sourceDestCheck>true\
</sourceDestCheck><groupSet><item><groupId>sg-{0:08x}</groupId><groupName>web</groupName></item></groupSet>\
<architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>\
<blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-{0:017x}</volumeId><status>attached\
</status><attachTime>2024-03-01T12:34:57.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></ebs></item>\
</blockDeviceMapping><virtualizationType>hvm</virtualizationType><clientToken>{0:032x}</clientToken><tagSet><item>\
<key>Name</key><value>web-{0}</value></item><item><key>Environment</key><value>production</value></item><item><key>\
CostCenter</key><value>{1}</value></item></tagSet><hypervisor>xen</hypervisor><networkInterfaceSet><item>\
<networkInterfaceId>eni-{0:017x}</networkInterfaceId><subnetId>subnet-{0:08x}</subnetId><vpcId>vpc-1a2b3c4d</vpcId>\
<description/><ownerId>123456789012</ownerId><status>in-use</status><macAddress>02:00:00:00:00:{3:02x}</macAddress>\
<privateIpAddress>10.0.{1}.{2}</privateIpAddress><sourceDestCheck>true</sourceDestCheck><groupSet><item><groupId>\
sg-{0:08x}</groupId><groupName>web</groupName></item></groupSet><attachment><attachmentId>eni-attach-{0:08x}\
</attachmentId><deviceIndex>0</deviceIndex><status>attached</status><attachTime>2024-03-01T12:34:56.000Z</attachTime>\
<deleteOnTermination>true</deleteOnTermination></attachment><privateIpAddressesSet><item><privateIpAddress>\
10.0.{1}.{2}</privateIpAddress><primary>true</primary></item></privateIpAddressesSet></item></networkInterfaceSet>\
<iamInstanceProfile><arn>arn:aws:iam::123456789012:instance-profile/web</arn><id>AIPA{0:017X}</id>\
</iamInstanceProfile><ebsOptimized>false</ebsOptimized><cpuOptions><coreCount>1</coreCount><threadsPerCore>2\
</threadsPerCore></cpuOptions><enaSupport>true</enaSupport><metadataOptions><state>applied</state><httpTokens>required\
</httpTokens><httpPutResponseHopLimit>2</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint>\
</metadataOptions></item>"""


def instance_pages(total: int = 5_000, pages: int = 10) -> Pages:
    """DescribeInstances."""
    size = total // pages
    made = []
    for page in range(pages):
        reservations = "".join(
            f"<item><reservationId>r-{n:017x}</reservationId><ownerId>123456789012</ownerId><groupSet/><instancesSet>"
            f"{INSTANCE.format(n, n // 250 % 250, n % 250, n % 9 + 1)}</instancesSet></item>"
            for n in range(page * size, (page + 1) * size)
        )
        token = f"<nextToken>{page + 1}</nextToken>" if page + 1 < pages else ""
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>'
            f"<reservationSet>{reservations}</reservationSet>{token}</DescribeInstancesResponse>"
        )
        made.append(({"Content-Type": "text/xml;charset=UTF-8"}, body.encode()))
    return made


def object_pages(total: int = 100_000, pages: int = 100) -> Pages:
    """ListObjectsV2."""
    size = total // pages
    made = []
    for page in range(pages):
        contents = "".join(
            f"<Contents><Key>logs/2024/03/{n // 1000:04}/part-{n:08}.gz</Key><LastModified>2024-03-01T12:34:56.000Z"
            f"</LastModified><ETag>&quot;{n:032x}&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>"
            f"<ChecksumType>FULL_OBJECT</ChecksumType><Size>{n * 37}</Size><StorageClass>STANDARD</StorageClass>"
            "</Contents>"
            for n in range(page * size, (page + 1) * size)
        )
        more = page + 1 < pages
        token = f"<NextContinuationToken>{page + 1}</NextContinuationToken>" if more else ""
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>logs</Name><Prefix></Prefix>'
            f"{token}<KeyCount>{size}</KeyCount><MaxKeys>1000</MaxKeys>"
            f"<IsTruncated>{str(more).lower()}</IsTruncated>{contents}</ListBucketResult>"
        )
        made.append(({"Content-Type": "application/xml"}, body.encode()))
    return made


def item_pages(total: int = 50_000, pages: int = 25) -> Pages:
    """DynamoDB's Scan."""
    size = total // pages
    made = []
    for page in range(pages):
        items = [
            {
                "id": {"S": f"order-{n:08}"},
                "customer": {"S": f"customer-{n % 977}"},
                "total": {"N": f"{n * 37 % 100000 / 100}"},
                "paid": {"BOOL": n % 2 == 0},
                "note": {"NULL": True},
                "tags": {"SS": ["new", f"batch-{n % 13}"]},
                "lines": {"L": [{"M": {"sku": {"S": f"sku-{n % 31}"}, "count": {"N": str(n % 7 + 1)}}}]},
                "address": {"M": {"city": {"S": "Zürich"}, "zip": {"S": "8001"}}},
            }
            for n in range(page * size, (page + 1) * size)
        ]
        answer: dict[str, object] = {"Count": size, "Items": items, "ScannedCount": size}
        if page + 1 < pages:
            answer["LastEvaluatedKey"] = {"id": {"S": f"page-{page + 1}"}}
        body = json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()
        made.append(({"Content-Type": "application/x-amz-json-1.0", "x-amz-crc32": str(crc32(body))}, body))
    return made


def stream_pages() -> Pages:
    """Kinesis Video's ListStreams: one page of one stream."""
    stream = {
        "StreamName": "demo",
        "StreamARN": "arn:aws:kinesisvideo:us-east-1:123456789012:stream/demo/1",
        "Status": "ACTIVE",
        "CreationTime": 1700000000.5,
    }
    return [({"Content-Type": "application/json"}, json.dumps({"StreamInfoList": [stream]}).encode())]


def region_pages() -> Pages:
    """EC2's DescribeRegions."""
    names = [
        f"{area}-{side}-{n}" for area in ("ap", "ca", "eu", "sa", "us") for side in ("east", "west") for n in (1, 2)
    ]
    items = "".join(
        f"<item><regionName>{name}</regionName><regionEndpoint>ec2.{name}.amazonaws.com</regionEndpoint>"
        "<optInStatus>opt-in-not-required</optInStatus></item>"
        for name in names
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>'
        f"<regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
    )
    return [({"Content-Type": "text/xml;charset=UTF-8"}, body.encode())]


def event_pages(total: int = 100_000, pages: int = 10) -> Pages:
    """CloudWatch Logs' FilterLogEvents."""
    size = total // pages
    made = []
    for page in range(pages):
        events = [
            {
                "logStreamName": f"web/{n % 7:04}/0123456789abcdef0123456789abcdef",
                "timestamp": 1_704_067_200_000 + n * 37,
                "message": f'{n:08} GET /orders/{n % 977} 200 {n % 350}ms "Mozilla/5.0 (X11; Linux x86_64)" Zürich\n',
                "ingestionTime": 1_704_067_200_500 + n * 37,
                "eventId": f"{n:056}",
            }
            for n in range(page * size, (page + 1) * size)
        ]
        answer: dict[str, object] = {"events": events, "searchedLogStreams": []}
        if page + 1 < pages:
            answer["nextToken"] = f"page-{page + 1}"
        body = json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()
        made.append(({"Content-Type": "application/x-amz-json-1.1"}, body))
    return made


def page_asked_for(target: str, body: bytes) -> int:
    """The number of the page, from the token in the request."""
    if b'"ExclusiveStartKey"' in body:
        return int(json.loads(body)["ExclusiveStartKey"]["id"]["S"].removeprefix("page-"))
    if b'"nextToken"' in body:
        return int(json.loads(body)["nextToken"].removeprefix("page-"))
    asked = parse_qs(target.partition("?")[2]) | (parse_qs(body.decode()) if b"NextToken=" in body else {})
    return int(asked.get("continuation-token", asked.get("NextToken", ["0"]))[0])


WORKS: dict[str, Callable[[], Pages]] = {
    "events": event_pages,
    "instances": instance_pages,
    "items": item_pages,
    "objects": object_pages,
    "regions": region_pages,
    "streams": stream_pages,
}


class _Handler(socketserver.StreamRequestHandler):
    answers: list[bytes]
    disable_nagle_algorithm = True

    def handle(self) -> None:
        while line := self.rfile.readline():
            length = 0
            while (header := self.rfile.readline()) not in (b"\r\n", b""):
                if header[:15].lower() == b"content-length:":
                    length = int(header[15:])
            page = page_asked_for(line.split()[1].decode(), self.rfile.read(length))
            self.wfile.write(self.answers[page])


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


def serve(work: str) -> None:
    answers = []
    for headers, body in WORKS[work]():
        lines = [f"{name}: {value}" for name, value in {**headers, "Content-Length": str(len(body))}.items()]
        answers.append("\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode() + body)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"answers": answers}))
    print(server.server_address[1], flush=True)
    server.serve_forever()


@contextmanager
def canned(work: str) -> Iterator[str]:
    """The URL of a server that answers with that work's pages."""
    with subprocess.Popen([sys.executable, __file__, work], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


if __name__ == "__main__":
    serve(sys.argv[1])
