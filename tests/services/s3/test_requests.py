"""What the commands send: headers for options, directives of copies, bodies of mb and website; and what they load."""

import base64
import hashlib

import pytest

from tests.services.s3.scenarios import big
from tests.services.s3.stand_in import StandIn
from tests.terminal import run_and_list_modules


def sent(s3, method="PUT"):
    """The amz headers and properties of the last request of that method."""
    request = next(each for each in reversed(s3.log) if each.method == method)
    return {
        name: value
        for name, value in request.headers.items()
        if name.startswith(("x-amz-", "cache-", "content-", "expires", "if-"))
        and not name.startswith(("x-amz-date", "x-amz-content", "content-length", "x-amz-checksum", "x-amz-sdk"))
    }


EXCLUDED = {"x-amz-object-annotation-directive": "EXCLUDE"}
REPLACED = {"x-amz-metadata-directive": "REPLACE"}


@pytest.mark.parametrize(
    ("words", "headers"),
    [
        ("", EXCLUDED),
        ("--copy-props default", EXCLUDED),
        ("--copy-props none", {**EXCLUDED, **REPLACED, "x-amz-tagging-directive": "REPLACE"}),
        ("--copy-props metadata-directive", {**EXCLUDED, "x-amz-tagging-directive": "REPLACE"}),
        ("--copy-props all", {}),
        ("--metadata-directive COPY", {"x-amz-metadata-directive": "COPY"}),
        ("--metadata-directive REPLACE", REPLACED),
        (
            "--metadata x=y",
            {**EXCLUDED, **REPLACED, "x-amz-meta-x": "y", "content-type": "text/x", "cache-control": "no-cache"},
        ),
        (
            "--content-type text/y",
            {**EXCLUDED, **REPLACED, "content-type": "text/y", "cache-control": "no-cache", "x-amz-meta-m": "1"},
        ),
        (
            "--copy-props none --metadata x=y",
            {**EXCLUDED, **REPLACED, "x-amz-tagging-directive": "REPLACE", "x-amz-meta-x": "y"},
        ),
        ("--acl private --request-payer", {**EXCLUDED, "x-amz-acl": "private", "x-amz-request-payer": "requester"}),
        ("--no-overwrite", {**EXCLUDED, "if-none-match": "*"}),
    ],
)
@pytest.mark.parametrize("paths", ["s3://b/d/k s3://c/k", "s3://b/d s3://c --recursive"])
def test_what_a_copy_takes_over(aws_s3, s3, paths, words, headers):
    s3.bucket("c")
    s3.put("b", "d/k", b"x", content_type="text/x", cache_control="no-cache", metadata={"m": "1"})
    assert aws_s3(f"s3 cp {paths} {words}").code == 0
    found = sent(s3)
    assert found.pop("x-amz-copy-source") == "b/d/k"
    assert found == headers


def test_a_copy_in_parts_takes_over_what_it_should(aws_s3, s3):
    s3.put(
        "b", "k", big(9), content_type="text/x", metadata={"m": "1"}, tags={"a b": "c&d"}, annotations={"n": b"note"}
    )
    assert aws_s3("s3 cp s3://b/k s3://b/l --copy-props all --acl private").code == 0
    begun = next(request for request in s3.log if request.raw_query == "uploads")
    assert begun.headers["x-amz-tagging"] == "a%20b=c%26d"
    copied = s3.buckets["b"]["l"]
    assert (copied.tags, copied.metadata, copied.annotations) == ({"a b": "c&d"}, {"m": "1"}, {"n": b"note"})
    assert copied.headers == {"content-type": "text/x"}
    assert copied.access == {"x-amz-acl": "private"}
    parts = [request for request in s3.log if "partNumber" in request.line]
    assert {request.headers["x-amz-copy-source-if-match"].strip('"') for request in parts} == {
        s3.buckets["b"]["k"].etag
    }


KEY = "12345678901234567890123456789012"
ENCODED = base64.b64encode(KEY.encode()).decode()
SUM = base64.b64encode(hashlib.md5(KEY.encode()).digest()).decode()
OWN = "x-amz-server-side-encryption-customer-"
OWN_KEY = {f"{OWN}algorithm": "AES256", f"{OWN}key": ENCODED, f"{OWN}key-md5": SUM}


@pytest.mark.parametrize(
    ("words", "headers"),
    [
        ("--acl public-read", {"x-amz-acl": "public-read"}),
        (
            "--grants read=uri=http://x full=id=1,id=2 readacl=id=3 writeacl=id=4",
            {
                "x-amz-grant-read": "uri=http://x",
                "x-amz-grant-full-control": "id=1,id=2",
                "x-amz-grant-read-acp": "id=3",
                "x-amz-grant-write-acp": "id=4",
            },
        ),
        ("--storage-class ONEZONE_IA", {"x-amz-storage-class": "ONEZONE_IA"}),
        ("--sse", {"x-amz-server-side-encryption": "AES256"}),
        (
            "--sse aws:kms --sse-kms-key-id k",
            {"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": "k"},
        ),
        (f"--sse-c --sse-c-key {KEY}", OWN_KEY),
        ("--sse-c --sse-c-key fileb://key", OWN_KEY),
        ("--cache-control no-cache --content-language de", {"cache-control": "no-cache", "content-language": "de"}),
        (
            "--content-disposition inline --content-encoding br",
            {"content-disposition": "inline", "content-encoding": "br"},
        ),
        ("--expires 2030-01-01T00:00:00Z", {"expires": "Tue, 01 Jan 2030 00:00:00 GMT"}),
        ("--website-redirect /x", {"x-amz-website-redirect-location": "/x"}),
        ("--metadata Key=Value,b=2", {"x-amz-meta-key": "Value", "x-amz-meta-b": "2"}),
        ("--request-payer", {"x-amz-request-payer": "requester"}),
        ("--no-overwrite", {"if-none-match": "*"}),
        ("--copy-props none --metadata-directive REPLACE", {}),
    ],
)
def test_what_goes_with_an_upload(aws_s3, s3, words, headers):
    aws_s3.write("key", KEY)
    aws_s3.write("noext", "x")
    assert aws_s3(f"s3 cp noext s3://b/k {words}").code == 0
    assert {name.lower(): value for name, value in sent(s3).items()} == {
        name.lower(): value for name, value in headers.items()
    }


def test_keys_of_ones_own_on_the_way_down_and_across(aws_s3, s3):
    s3.put("b", "k", b"x")
    words = f"--sse-c --sse-c-key {KEY}"
    assert aws_s3(f"s3 cp s3://b/k down {words}").code == 0
    for request in s3.log:
        assert {name: request.headers.get(name) for name in OWN_KEY} == OWN_KEY
    s3.log.clear()
    assert aws_s3(f"s3 cp s3://b/k s3://b/l --sse-c-copy-source --sse-c-copy-source-key {KEY}").code == 0
    head, put = s3.log
    assert {name: head.headers.get(name) for name in OWN_KEY} == OWN_KEY
    assert put.headers["x-amz-copy-source-server-side-encryption-customer-key"] == ENCODED


@pytest.mark.parametrize(
    "line",
    ["ls s3://b", "rm s3://b/k", "rm s3://b --recursive", "cp s3://b/k x", "sync s3://b x", "mv s3://b/k s3://b/l"],
)
def test_the_requester_pays_for_every_request(aws_s3, s3, line):
    s3.put("b", "k", b"x")
    assert aws_s3(f"s3 {line} --request-payer").code == 0
    assert {request.headers.get("x-amz-request-payer") for request in s3.log} == {"requester"}


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("", '<WebsiteConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/" />'),
        (
            "--index-document i --error-document e",
            '<WebsiteConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IndexDocument><Suffix>i</Suffix></IndexDocument>'
            "<ErrorDocument><Key>e</Key></ErrorDocument></WebsiteConfiguration>",
        ),
    ],
)
def test_website(aws_s3, s3, words, body):
    assert aws_s3(f"s3 website s3://b/ {words}").code == 0
    assert s3.websites["b"] == body


def test_mb(aws_s3, s3):
    assert aws_s3("s3 mb s3://x-an --tags a 1 --tags b 2 --region eu-west-1").stdout == "make_bucket: x-an\n"
    assert s3.log[-1].headers["x-amz-bucket-namespace"] == "account-regional"
    body = s3.bucket_bodies["x-an"]
    assert "<LocationConstraint>eu-west-1</LocationConstraint>" in body
    assert "<Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag>" in body


@pytest.mark.parametrize(
    ("words", "expires"),
    [("", "3600"), ("--expires-in 604801", "604801"), ("--expires-in 0", "0"), ("--expires-in -5", "-5")],
)
def test_presign(aws_s3, s3, words, expires):
    done = aws_s3(f"s3 presign s3://b/a/ü {words}")
    assert done.stdout.startswith(f"{s3.url}/b/a/%C3%BC?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=")
    assert f"&X-Amz-Expires={expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=" in done.stdout
    assert not s3.log


@pytest.mark.parametrize("line", ["cp a s3://b", "ls s3://b", "rm s3://b/k", "mb s3://c", "sync . s3://b"])
def test_one_request_cannot_be_printed(aws_s3, s3, line):
    aws_s3.write("a", "x")
    done = aws_s3(f"s3 {line} --print-request curl")
    assert done.code == 252
    assert "--print-request prints the request of an operation" in done.stderr
    assert not s3.log


@pytest.mark.parametrize(
    ("arn", "host"),
    [
        (
            "arn:aws:s3:us-west-2:123456789012:accesspoint/name",
            "name-123456789012.s3-accesspoint.us-west-2.amazonaws.com",
        ),
        (
            "arn:aws:s3:us-west-2:123456789012:accesspoint:name",
            "name-123456789012.s3-accesspoint.us-west-2.amazonaws.com",
        ),
        (
            "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/name",
            "name-123456789012.op-1.s3-outposts.us-west-2.amazonaws.com",
        ),
    ],
)
def test_access_points(aws_s3, arn, host):
    del aws_s3.env["AWS_ENDPOINT_URL"]
    url = aws_s3(f"s3 presign s3://{arn}/key/part --region us-west-2").stdout
    assert url.startswith(f"https://{host}/key/part?X-Amz-Algorithm=")


SLOW = {"requests", "urllib3", "rich", "jmespath", "botocore", "asyncio", "email", "http.client"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("s3 cp a b", 252),
        ("s3 cp", 252),
        ("s3 presign s3://b/k", 0),
        ("s3 ls s3://b", 0),
        ("s3 cp s3://b/k x", 0),
        ("s3 rm s3://b/k", 0),
        ("s3 mb s3://c", 0),
        ("s3 ls", 0),
    ],
)
def test_nothing_slow_is_loaded(aws_s3, s3, line, code):
    s3.put("b", "k", b"x")
    done, modules = run_and_list_modules(line, aws_s3.env)
    assert done == code
    assert not modules & SLOW
    if code:
        assert "awsmini.transfer.engine" not in modules


WAYS = {
    "put_file",
    "get_file",
    "upload_parts",
    "download_parts",
    "copy_object",
    "copy_parts",
    "delete_batch",
    "listing",
}


@pytest.mark.parametrize(
    ("line", "ways"),
    [
        ("s3 cp tree s3://b/t --recursive", {"put_file"}),
        ("s3 cp s3://b/k x", {"get_file"}),
        ("s3 cp s3://b/k s3://b/l", {"copy_object"}),
        ("s3 cp s3://b there --recursive", {"get_file", "listing"}),
        ("s3 rm s3://b --recursive", {"delete_batch", "listing"}),
    ],
)
def test_a_run_loads_the_ways_of_its_own_tasks(aws_s3, s3, tmp_path, line, ways):
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "f").write_bytes(b"x")
    s3.put("b", "k", b"x")
    done, modules = run_and_list_modules(line.replace("tree", str(tmp_path / "tree")), aws_s3.env)
    assert done == 0
    assert {way for way in WAYS if f"awsmini.transfer.{way}" in modules} == ways


def test_the_stand_in_notices_wrong_checksums():
    """A test of the tests: an upload whose checksum is wrong must not pass."""
    from http.client import HTTPConnection

    with StandIn() as server:
        server.bucket("b")
        connection = HTTPConnection(server.url.removeprefix("http://"))
        connection.request("PUT", "/b/k", body=b"x", headers={"x-amz-checksum-crc32": "AAAAAA=="})
        assert connection.getresponse().status == 400
        connection.close()


def test_help_shows_how_many_words_an_option_takes(aws_s3):
    assert "<paths> <paths>" in aws_s3("s3 cp help").stdout
    assert "[--tags <value> <value>]" in aws_s3("s3 mb help").stdout
    assert "[--exclude <value>]" in aws_s3("s3 rm help").stdout


def test_a_timeout_that_is_none(aws_s3, s3):
    aws_s3.write("f", "x")
    done = aws_s3("s3 cp f s3://b --cli-connect-timeout -5")
    assert done.code == 255
    assert "awsmini: [ERROR]: Attempted to set connect timeout to -5" in done.stderr
    assert not s3.log
