"""Commands of all protocols with the answers that they should get, page by page, and what they print then."""

import json
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from tests.faults.server import Good
from tests.oracle_responses import frame

S3 = (("x-amz-request-id", "r"), ("x-amz-id-2", "i"))
OBJECT = b"0123456789abcdef" * 64
ETAG = (("ETag", '"e"'), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"))
IN = "<in>"  # a file with OBJECT in it
OUT = "<out>"  # a file that is not there


@dataclass(frozen=True)
class Command:
    """`shape` is where its answer is: a document (doc), a file (blob), events or the head alone."""

    line: str
    pages: tuple[Good, ...]
    shape: str = "doc"
    stdout: str | None = ""  # of a good answer; None: whatever it is
    repeatable: bool = True
    s3: bool = False
    engine: bool = False  # goes through the engine of `s3`
    format: str = "json"  # or xml, cbor
    code: int = 0
    resumes: bool = False

    @property
    def saves(self) -> bool:
        return OUT in self.line


def js(body: Any, *headers: tuple[str, str]) -> Good:
    return Good(json.dumps(body).encode(), (("Content-Type", "application/json"), ("x-amzn-RequestId", "r"), *headers))


def xml(body: str, *headers: tuple[str, str]) -> Good:
    return Good(f'<?xml version="1.0"?>\n{body}'.encode(), (("Content-Type", "text/xml"), *headers))


def dynamo(body: Any) -> Good:
    return js(body, ("x-amz-crc32", str(crc32(json.dumps(body).encode()))))


def iam(names: list[str], marker: str = "") -> Good:
    more = f"<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>" if marker else "<IsTruncated>false</IsTruncated>"
    users = "".join(f"<member><UserName>{name}</UserName></member>" for name in names)
    return xml(
        f"<ListUsersResponse><ListUsersResult><Users>{users}</Users>{more}</ListUsersResult>"
        "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ListUsersResponse>"
    )


def ec2(names: list[str], token: str = "") -> Good:
    more = f"<nextToken>{token}</nextToken>" if token else ""
    items = "".join(f"<item><volumeId>{name}</volumeId></item>" for name in names)
    return xml(
        f"<DescribeVolumesResponse><requestId>r</requestId><volumeSet>{items}</volumeSet>{more}</DescribeVolumesResponse>"
    )


def bucket(keys: list[str], token: str = "") -> Good:
    more = f"<IsTruncated>true</IsTruncated><NextContinuationToken>{token}</NextContinuationToken>" if token else ""
    items = "".join(
        f"<Contents><Key>{key}</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified><Size>3</Size></Contents>"
        for key in keys
    )
    return xml(f"<ListBucketResult><Name>b</Name>{more}{items}</ListBucketResult>", *S3)


def zones(names: list[str], marker: str = "") -> Good:
    more = f"<IsTruncated>true</IsTruncated><NextMarker>{marker}</NextMarker>" if marker else ""
    items = "".join(f"<HostedZone><Id>{name}</Id></HostedZone>" for name in names)
    return xml(
        f"<ListHostedZonesResponse><HostedZones>{items}</HostedZones>{more}</ListHostedZonesResponse>",
        ("x-amzn-RequestId", "r"),
    )


def cbor(names: list[str], token: str = "") -> Good:
    text = b"".join(_cbor_map(Name=each) for each in names)
    body = b"\xbf" + _cbor_text("EventBuses") + bytes([0x80 + len(names)]) + text
    body += (_cbor_text("NextToken") + _cbor_text(token) if token else b"") + b"\xff"
    return Good(
        body, (("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor"), ("x-amzn-requestid", "r"))
    )


def _cbor_text(text: str) -> bytes:
    return bytes([0x60 + len(text)]) + text.encode()


def _cbor_map(**members: str) -> bytes:
    return bytes([0xA0 + len(members)]) + b"".join(_cbor_text(text) for pair in members.items() for text in pair)


def event(kind: str, payload: bytes = b"") -> bytes:
    return frame({":message-type": "event", ":event-type": kind}, payload)


SELECTED = event("Records", b"a,b\n") + event("Records", b"c,d\n") + event("Stats", b"<Stats/>") + event("End")
BLOB = Good(OBJECT, (*S3, *ETAG, ("Content-Type", "binary/octet-stream")))
STORED = Good(b"", (*S3, ("ETag", '"e"')))
HEAD = Good(b"", (*S3, *ETAG, ("Content-Length", str(len(OBJECT)))))
USER = (
    "<CreateUserResponse><CreateUserResult><User><UserName>u</UserName></User></CreateUserResult></CreateUserResponse>"
)
CALLER = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>"
)
COPIED = xml('<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>', *S3)
BUCKETS = "<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name></Bucket></Buckets></ListAllMyBucketsResult>"
SELECT = (
    "s3api select-object-content --bucket b --key k --expression x --expression-type SQL "
    "--input-serialization CSV={} --output-serialization CSV={} "
)

COMMANDS: dict[str, Command] = {
    "get-item": Command(
        "dynamodb get-item --table-name t --key {} --query Item.a.S --output text", (dynamo({"Item": {"a": {"S": "v"}}}),),
        stdout="v\n",
    ),
    "put-item": Command("dynamodb put-item --table-name t --item {}", (dynamo({}),), stdout=None, repeatable=False),
    "delete-table": Command(
        "dynamodb delete-table --table-name t --query TableDescription.TableName",
        (dynamo({"TableDescription": {"TableName": "t"}}),), stdout='"t"\n', repeatable=False,
    ),
    "list-tables": Command(
        "dynamodb list-tables --query TableNames[] --output text",
        (dynamo({"TableNames": ["aaa", "bbb"], "LastEvaluatedTableName": "bbb"}), dynamo({"TableNames": ["ccc"]})),
        stdout="aaa\tbbb\nccc\n",
    ),
    "list-tables json": Command(
        "dynamodb list-tables --query length(TableNames)",
        (dynamo({"TableNames": ["aaa", "bbb"], "LastEvaluatedTableName": "bbb"}), dynamo({"TableNames": ["ccc"]})), stdout="3\n",
    ),
    "table-exists": Command(
        "dynamodb wait table-exists --table-name t",
        (dynamo({"Table": {"TableStatus": "CREATING"}}), dynamo({"Table": {"TableStatus": "ACTIVE"}})),
        code=255,
    ),
    "get-secret-value": Command(
        "secretsmanager get-secret-value --secret-id s --query SecretString --output text", (js({"SecretString": "hush"}),),
        stdout="hush\n",
    ),
    "send-message": Command(
        "sqs send-message --queue-url http://q.example/1/q --message-body m --query MessageId", (js({"MessageId": "1"}),),
        stdout='"1"\n', repeatable=False,
    ),
    "get-function": Command(
        "lambda get-function --function-name f --query Configuration.FunctionName",
        (js({"Configuration": {"FunctionName": "f"}}),), stdout='"f"\n',
    ),
    "create-rest-api": Command(
        "apigateway create-rest-api --name a --query name", (js({"name": "a"}),),
        stdout='"a"\n', repeatable=False,
    ),
    "list-functions": Command(
        "lambda list-functions --query length(Functions)",
        (js({"Functions": [{"FunctionName": "f"}], "NextMarker": "n"}), js({"Functions": [{"FunctionName": "g"}]})),
        stdout="2\n",
    ),
    "invoke": Command(f"lambda invoke --function-name f {OUT}", (Good(OBJECT, (("x-amzn-RequestId", "r"),)),), "blob",
                      stdout=None, repeatable=False),
    "get-caller-identity": Command("sts get-caller-identity --query Account", (xml(CALLER),), stdout='"1"\n', format="xml"),
    "create-user": Command("iam create-user --user-name u --query User.UserName", (xml(USER),), stdout='"u"\n',
                           repeatable=False, format="xml"),
    "list-users": Command("iam list-users --query length(Users)", (iam(["a", "b"], "m"), iam(["c"])), stdout="3\n",
                          format="xml"),
    "describe-volumes": Command("ec2 describe-volumes --query length(Volumes)", (ec2(["a"], "t"), ec2(["b"])),
                                stdout="2\n", format="xml"),
    "list-hosted-zones": Command("route53 list-hosted-zones --query length(HostedZones)",
                                 (zones(["a"], "m"), zones(["b"])), stdout="2\n", format="xml"),
    "list-event-buses": Command("eventsv2 list-event-buses --query length(EventBuses)", (cbor(["a"], "t"), cbor(["b"])),
                          stdout="2\n", format="cbor"),
    "list-buckets": Command("s3api list-buckets --query Buckets[0].Name", (xml(BUCKETS, *S3),), stdout='"b"\n', s3=True,
                            format="xml"),
    "list-objects-v2": Command("s3api list-objects-v2 --bucket b --query length(Contents)",
                               (bucket(["a", "b"], "t"), bucket(["c"])), stdout="3\n", s3=True, format="xml"),
    "copy-object": Command("s3api copy-object --bucket b --key k --copy-source b/o --query CopyObjectResult.ETag",
                           (COPIED,), stdout='"\\"e\\""\n', s3=True, format="xml"),
    "put-object": Command(f"s3api put-object --bucket b --key k --body {IN} --query ETag", (STORED,), "head",
                          stdout='"\\"e\\""\n', s3=True, format="xml"),
    "head-object": Command("s3api head-object --bucket b --key k --query ContentLength", (HEAD,), "head", stdout="1024\n",
                           s3=True, format="xml"),
    "delete-object": Command("s3api delete-object --bucket b --key k", (Good(b"", S3, 204),), "head", s3=True,
                             format="xml"),
    "get-object": Command(f"s3api get-object --bucket b --key k {OUT}", (BLOB,), "blob", stdout=None, s3=True,
                          format="xml", resumes=True),
    "select-object-content": Command(SELECT + OUT, (Good(SELECTED, S3),), "events", s3=True, format="xml"),
    "s3 ls": Command("s3 ls s3://b/", (bucket(["a", "b"], "t"), bucket(["c"])), stdout=None, s3=True, engine=True,
                     format="xml"),
    "s3 cp up": Command(f"s3 cp {IN} s3://b/k --only-show-errors", (STORED,), "head", s3=True, engine=True, format="xml", code=1),
    "s3 cp down": Command(f"s3 cp s3://b/k {OUT} --only-show-errors", (HEAD, BLOB), "blob", s3=True, engine=True, format="xml",
                          code=1, resumes=True),
    "s3 rm": Command("s3 rm s3://b/k --only-show-errors", (Good(b"", S3, 204),), "head", s3=True, engine=True, format="xml", code=1),
}  # fmt: skip
