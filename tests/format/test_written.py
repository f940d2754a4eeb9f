"""Lists written where they are parsed: byte for byte what values, parsed and then written, come to.

Every operation with pages of every service is answered by what its output shape allows; by default a sample is taken.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from awsmini.errors import AwsminiError
from awsmini.format import renderer
from awsmini.format.sparse import grid_listing
from awsmini.format.view import View
from awsmini.format.written import json_listing, ndjson_listing, text_listing
from awsmini.model.shapes import OperationModel
from awsmini.paging import PageIterator, PagingConfig
from awsmini.parse import parse
from awsmini.parse.codec import OFTEN
from awsmini.records import Conversions, Reply
from tests.oracle import service_model, services_to_try, takes_every
from tests.oracle_responses import success

LISTINGS: dict[str, Callable[[OperationModel], Any]] = {
    "json": json_listing,
    "ndjson": ndjson_listing,
    "text": text_listing,
    "grid": lambda operation: grid_listing(operation, View.of(operation)),
}
ONE_PIECE = [output for output in LISTINGS if output != "grid"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "service_name" in metafunc.fixturenames:
        tried = list(services_to_try(takes_every(metafunc.config)))
        metafunc.parametrize(("service_name", "operation_names"), tried, ids=[name for name, _ in tried])


@pytest.mark.every
def test_lists_are_written_as_their_values_are(service_name, operation_names):
    """Each answer comes as one page of many, often enough for functions to be made, and amid others."""
    for name in operation_names:
        operation = service_model(service_name).operation_model(name)
        if operation.paginator is None or json_listing(operation) is None:
            continue
        replies = [success(operation, variant) for variant in ("full", "one", "two", "three")]
        pages = [reply for reply in replies for _ in range(OFTEN + 2)] + replies
        for output in LISTINGS:
            assert shown(operation, pages, output, True) == shown(operation, pages, output, False), (name, output)


def shown(operation: OperationModel, replies: Sequence[Reply], output: str, written: bool) -> list[str]:
    """What is printed of pages, and the error in which they end."""
    conversions = Conversions("iso8601", "base64", LISTINGS[output](operation) if written else None)
    answers = iter(replies)
    keys = {"result_key": (operation.paginator or {})["result_key"]}

    def method(params: Any) -> dict[str, Any]:
        page = parse(operation, next(answers), conversions)
        del page["ResponseMetadata"]
        return {**page, "page!": None if answers.__length_hint__() == 0 else str(answers.__length_hint__())}

    pages = PageIterator(method, {"input_token": "page!", "output_token": '"page!"', **keys}, {}, PagingConfig())
    printed: list[str] = []
    try:
        printed.extend(renderer(output)(pages, View.of(operation)))
    except AwsminiError as error:
        printed.append(f"{type(error)}: {error}")
    return ["".join(printed)]


# Rows that are all alike, and those that are nearly ----------------------------------------------------------------

EVENT = '{"logStreamName":"web/%d","timestamp":%d,"message":"GET \\"/a\\" Zürich\\n","eventId":"7"}'
OBJECT = (
    "<Contents><Key>a/%d é</Key><LastModified>2024-03-01T12:34:56.000Z</LastModified><ETag>&quot;%d&quot;</ETag>"
    "<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><Size>%d</Size><StorageClass>STANDARD</StorageClass></Contents>"
)
EVENTS = [EVENT % (n, n) for n in range(900)]
OBJECTS = [OBJECT % (n, n, n * 37) for n in range(400)]


def events(rows: Sequence[str], before: str = "", after: str = ',"searchedLogStreams":[],"nextToken":"t"') -> bytes:
    return f'{{{before}"events":[{",".join(rows)}]{after}}}'.encode("utf-8", "surrogatepass")


def objects(rows: Sequence[str], before: str = "", after: str = "") -> bytes:
    root = '<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>'
    return f"{root}{before}{''.join(rows)}{after}</ListBucketResult>".encode("utf-8", "surrogatepass")


ITEM = (
    '{"id":{"S":"é-%d"},"paid":{"BOOL":true},"n":{"N":"%d.5"},"l":{"L":[{"M":{"x y":{"S":"1"}}},{"SS":["a","b"]}]},'
    '"b":{"B":"aGk="},"z":{"NULL":true},"e":{"M":{}},"k\\"":{"S":"\\\\"}}'
)
ITEMS = [ITEM % (n, n) for n in range(500)]
INSTANCE = (
    "<item>\n  <reservationId>r-%d</reservationId><groupSet/><instancesSet><item><instanceId>i-%d</instanceId>"
    "<instanceState><code>16</code><name>running</name></instanceState>\n<launchTime>2024-03-01T12:34:56.000Z</launchTime>"
    "<ebsOptimized>false</ebsOptimized><surprise><x>1</x></surprise><tagSet><item><key>a</key><value>007</value></item>"
    "<item><key>b</key><value/></item></tagSet></item></instancesSet><ownerId>123456789012</ownerId></item>"
)
INSTANCES = [INSTANCE % (n, n) for n in range(400)]


def items(rows: Sequence[str]) -> bytes:
    return f'{{"Count":5,"Items":[{",".join(rows)}],"ScannedCount":5}}'.encode("utf-8", "surrogatepass")


def instances(rows: Sequence[str], between: str = "") -> bytes:
    root = '<?xml version="1.0"?>\n<DescribeInstancesResponse xmlns="x"><requestId>r</requestId>\n<reservationSet>'
    return f"{root}{between}{between.join(rows)}{between}</reservationSet></DescribeInstancesResponse>".encode()


def odd(rows: Sequence[str], old: str, new: str) -> list[str]:
    """The rows, one in the middle changed."""
    changed = rows[300].replace(old, new)
    assert changed != rows[300]
    return [*rows[:300], changed, *rows[301:]]


ALIKE = {
    "items": items([row.replace(r',"k\"":{"S":"\\"}', "") for row in ITEMS]),
    "instances": instances([row.replace("<surprise><x>1</x></surprise>", "") for row in INSTANCES]),
    "indented": instances([row.replace("<surprise><x>1</x></surprise>", "\n") for row in INSTANCES], "\n    "),
    "events": events(EVENTS),
    "events behind others": events(EVENTS, before='"searchedLogStreams":[{"logStreamName":"x"}],', after=""),
    "every escape": events(odd(EVENTS, "GET", r"\"\\\n\r\t\b\f\\n")),
    "a large number": events(odd(EVENTS, '"timestamp":300', '"timestamp":-123456789012345')),
    "unknown members about": events(EVENTS, before='"other":{"a":[1]},'),
    "objects": objects(OBJECTS),
    "objects and prefixes": objects(OBJECTS, after="<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>"),
    "text that looks like the output": objects(odd(OBJECTS, "a/300", "', ~000~ \t".replace("\t", " "))),
}
NEARLY = {
    "items": items(ITEMS),  # a key has a backslash, which text cannot tell from an escape
    "an item unpaid": items(odd(ITEMS, "true}", "false}")),
    "an item of another kind": items(odd(ITEMS, '{"N":"300.5"}', '{"S":"300.5"}')),
    "an item with two kinds": items(odd(ITEMS, '{"N":"300.5"}', '{"N":"1","S":"2"}')),
    "an item of no kind": items(odd(ITEMS, '{"N":"300.5"}', "{}")),
    "an item less": items(odd(ITEMS, '"e":{"M":{}},', "")),
    "a longer list": items(odd(ITEMS, '["a","b"]', '["a","b","c"]')),
    "surprises in instances": instances(INSTANCES, "\n    "),
    "an instance optimized": instances(odd(INSTANCES, "false", "true")),
    "an instance without tags": instances(
        odd([row.replace("<surprise><x>1</x></surprise>", "") for row in INSTANCES], "<key>a</key>", "")
    ),
    "blanks between instances": instances(INSTANCES, " ").replace(b"</item> <item>", b"</item>  <item>", 3),
    "text between instances": instances(INSTANCES).replace(b"</item><item>\n", b"</item>x<item>\n", 3),
    "a wrong end": instances(odd(INSTANCES, "</ownerId>", "</owner>")),
    "a null": events(odd(EVENTS, '"timestamp":300', '"timestamp":null')),
    "a member less": events(odd(EVENTS, '"timestamp":300,', "")),
    "an unknown member": events([row.replace('"eventId"', '"event-id"') for row in EVENTS]),
    "an unknown name": events([row.replace('"eventId"', '"eventIds"') for row in EVENTS]),
    "a member twice": events(odd(EVENTS, '"timestamp":300', '"timestamp":300,"timestamp":501')),
    "another order": events(odd(EVENTS, '"eventId":"7"', '"eventId":"7","ingestionTime":5')),
    "escapes of others": events(odd(EVENTS, "GET", r"\u00fc\/\ud83d\ude00\u001f")),
    "half a pair": events(odd(EVENTS, "GET", r"\ud800")),
    "a control character": events(odd(EVENTS, "GET", "\x01")),
    "a broken character": events(odd(EVENTS, "GET", "\ud800")),
    "blanks": events(odd(EVENTS, '"timestamp":', '"timestamp": ')),
    "a float": events(odd(EVENTS, '"timestamp":300', '"timestamp":300.0')),
    "a huge number": events(odd(EVENTS, '"timestamp":300', '"timestamp":1e400')),
    "a zero in front": events(odd(EVENTS, '"timestamp":300', '"timestamp":0300')),
    "a flag": events(odd(EVENTS, '"timestamp":300', '"timestamp":true')),
    "text for a number": events(
        [row.replace('"timestamp":', '"timestamp":"').replace(',"mess', '","mess') for row in EVENTS]
    ),
    "a list in a row": events(odd(EVENTS, '"eventId":"7"', '"eventId":["7"]')),
    "a comma too many": events(EVENTS).replace(b'},{"logStreamName":"web/300"', b'},,{"logStreamName":"web/300"'),
    "no comma": events(EVENTS).replace(b'},{"logStreamName":"web/300"', b'}{"logStreamName":"web/300"'),
    "a comma at the end": events(EVENTS).replace(b"}],", b"},],"),
    "cut": events(EVENTS)[:-900],
    "an odd event at the end": events([*EVENTS, EVENT.replace("GET", r"\u001b[31m") % (1, 1)]),
    "an odd event at the start": events([EVENT.replace("GET", r"\u001b[31m") % (1, 1), *EVENTS]),
    "an odd instance at the end": instances([*INSTANCES, INSTANCES[0].replace("false", "true")]),
    "a bare instance at the end": instances([*INSTANCES, "<item/>"]),
    "an odd object at the end": objects([*OBJECTS, "<Contents><Key>z</Key></Contents>"]),
    "an object with an attribute first": objects([OBJECTS[0].replace("<Contents>", '<Contents a="b">'), *OBJECTS]),
    "an object with an attribute last": objects([*OBJECTS, OBJECTS[0].replace("<Contents>", '<Contents a="b">')]),
    "an empty object last": objects([*OBJECTS, "<Contents/>"]),
    "more behind": events(EVENTS) + b"x",
    "nested": events(EVENTS, before='"other":{', after="}"),
    "nested and there": events(EVENTS, before='"other":{', after='},"events":[{"message":"x"}]'),
    "in a text": events(EVENTS, before='"other":"\\"events\\":[",'),
    "twice": events(EVENTS, after=',"events":[]'),
    "an entity": objects(odd(OBJECTS, "a/300", "a&amp;&#38;b")),
    "declared entities": objects(OBJECTS).replace(b"\n<List", b'\n<!DOCTYPE x [<!ENTITY quot "y">]><List', 1),
    "a quote": objects(odd(OBJECTS, "a/300", "\"'")),
    "a section": objects(odd(OBJECTS, "a/300", "<![CDATA[<a>]]>")),
    "a comment": objects(odd(OBJECTS, "a/300", "a<!-- b -->c")),
    "no text": objects(odd(OBJECTS, "<Key>a/300 é</Key>", "<Key/>")),
    "two lists": objects(odd(OBJECTS, "</Checks", "</ChecksumAlgorithm><ChecksumAlgorithm>SHA1</Checks")),
    "milliseconds": objects(odd(OBJECTS, "56.000Z", "56.120Z")),
    "no fraction": objects(odd(OBJECTS, "56.000Z", "56Z")),
    "no date": objects(odd(OBJECTS, "2024-03-01", "2024-13-77")),
    "no day": objects(odd(OBJECTS, "2024-03-01", "2023-02-29")),
    "no year": objects(odd(OBJECTS, "2024-03-01", "0000-02-01")),
    "no hour": objects(odd(OBJECTS, "T12:34", "T24:00")),
    "a leap day": objects(odd(OBJECTS, "2024-03-01", "2024-02-29")),
    "a number that is none": objects(odd(OBJECTS, "<Size>11100", "<Size>1x")),
    "blanks around a number": objects(odd(OBJECTS, "<Size>11100", "<Size> 11100 ")),
    "digits with zeros": objects([row.replace("<StorageClass>STANDARD", "<StorageClass>007") for row in OBJECTS]),
    "an owner": objects(odd(OBJECTS, "</Contents>", "<Owner><ID>1</ID></Owner></Contents>")),
    "an attribute": objects(odd(OBJECTS, "<Key>", '<Key a="b">')),
    "objects apart": objects([*OBJECTS[:300], "<Prefix/>", *OBJECTS[300:]]),
    "no character": objects(odd(OBJECTS, "a/300", "\ufffe")),
    "a pair in half": objects(odd(OBJECTS, "a/300", "\ud800")),
    "a bracket": objects(odd(OBJECTS, "a/300", "]]>")),
    "objects within": objects(OBJECTS, before="<Other>", after="</Other>"),
    "cut objects": objects(OBJECTS)[:-900],
    "another ending": objects(OBJECTS).replace(b"</ListBucketResult>", b"</List>"),
}


@pytest.mark.parametrize("output", LISTINGS)
@pytest.mark.parametrize("body", [*ALIKE.values(), *NEARLY.values()], ids=[*ALIKE, *NEARLY])
def test_rows_are_written_as_their_values_are(body, output):
    operation = operation_of(body)
    replies = [Reply(200, "", {}, body)] * 2
    assert shown(operation, replies, output, True) == shown(operation, replies, output, False)


@pytest.mark.parametrize("body", ALIKE.values(), ids=ALIKE)
def test_a_grid_of_records_that_are_alike_has_the_members_it_needs(body):
    operation = operation_of(body)
    view = View.of(operation)
    listing = grid_listing(operation, view)
    if listing is None:
        assert operation.name == "Scan"  # items have no shape
        return
    whole = parse(operation, Reply(200, "", {}, body), Conversions("iso8601", "base64"))[listing.member]
    needed = parse(operation, Reply(200, "", {}, body), Conversions("iso8601", "base64", listing))[listing.member]
    assert len(needed) == len(whole)
    if operation.name != "DescribeInstances":  # whose columns are further in
        assert needed == [{name: each[name] for name in each if name in needed[0]} for each in whole]
        assert operation.name != "ListObjectsV2" or set(needed[0]) == {"Key", "Size", "LastModified", "StorageClass"}


@pytest.mark.parametrize("output", ONE_PIECE)
@pytest.mark.parametrize("body", ALIKE.values(), ids=ALIKE)
def test_rows_that_are_alike_are_one_piece(body, output):
    listing = LISTINGS[output](operation_of(body))
    items = parse(operation_of(body), Reply(200, "", {}, body), Conversions("iso8601", "base64", listing))
    assert [type(item) for item in items[listing.member]] == [bytes]


def operation_of(body: bytes) -> OperationModel:
    operations = {
        b"<reservationSet>": ("ec2", "DescribeInstances"),
        b"<Contents>": ("s3", "ListObjectsV2"),
        b'"Items":': ("dynamodb", "Scan"),
        b'"events"': ("logs", "FilterLogEvents"),
    }
    service, operation = next(names for mark, names in operations.items() if mark in body)
    return service_model(service).operation_model(operation)


@pytest.mark.parametrize("output", LISTINGS)
def test_misshapen_values_are_told_as_before(output):
    """What is not as the model says is printed or refused as it is without writing."""
    scan = service_model("dynamodb").operation_model("Scan")
    for items in (
        {}, "", "x", 5, [None], [{"a": None}], [{"a": {}}], [{"a": {"S": 5}}], [{"a": {"S": "x", "N": "1"}}], [{"a": {"Z": 1}}],
        [{"a": {"SS": {}}}], [{"a": {"SS": [None, 5, {"x": 1}]}}], [{"a": {"L": {"S": "x"}}}], [{"a": {"M": []}}], [[]], ["x"],
        [{"a": {"BOOL": "true"}}], [{"a": {"N": 1.5}}, {"b": {"B": "aGk="}}], [{"a": {"L": [{"S": "x"}, {"M": {}}]}}],
    ):  # fmt: skip
        body = json.dumps({"Items": items, "Count": 1}).encode()
        replies = [Reply(200, "", {}, body)] * (OFTEN + 2)
        assert shown(scan, replies, output, True) == shown(scan, replies, output, False), items
