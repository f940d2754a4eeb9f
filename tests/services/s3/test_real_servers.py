"""Whole commands against S3 servers that others wrote: SeaweedFS, which checks signatures, and moto."""

import os
from urllib.request import urlopen

import pytest

from tests.services.s3.scenarios import big

HOSTILE = [  # keys that go up and come down as they are
    "plain",
    "a b",
    "a+b",
    "100%25 ~*'()!",
    "=&?#;:@$,",
    " lead and trail ",
    "ü/日本/e\u0301",
    "UPPER",
    "upper",
    "a.b/c-d_e",
    "x" * 250 + "/" + "y" * 250,
    "tab\there",
    "<&>\"'",
    "[x]*?",
    "back\\slash",
    "-dash",
    "~/home",
    "\U0001f600",
]


@pytest.fixture
def weed(aws, seaweedfs):
    """A terminal whose commands talk to the gateway, and one bucket for all: each costs it volumes that it keeps."""
    aws.env |= {
        "AWS_ENDPOINT_URL": seaweedfs.url,
        "AWS_ACCESS_KEY_ID": seaweedfs.access_key,
        "AWS_SECRET_ACCESS_KEY": seaweedfs.secret_key,
    }
    if aws("s3 ls s3://transfers").code:
        assert aws("s3 mb s3://transfers").code == 0
    assert aws("s3 rm s3://transfers --recursive --quiet").code == 0
    return aws


@pytest.fixture
def moto_s3(aws_moto):
    assert aws_moto("s3 mb s3://transfers").stdout == "make_bucket: transfers\n"
    return aws_moto


@pytest.fixture(params=["seaweedfs", "moto"])
def server(request):
    return request.getfixturevalue("weed" if request.param == "seaweedfs" else "moto_s3")


def tree(server, folder="d"):
    root = server.home / folder
    return {
        os.path.relpath(os.path.join(at, name), root): (root / at / name).read_bytes()
        for at, _, names in os.walk(root)
        for name in names
    }


def test_there_and_back(server):
    """Small and large objects, metadata, copies, moves and deletions."""
    server.write("d/small", "hello")
    server.write("d/empty", "")
    server.write("d/sub/page.html", "<html>")
    server.write("d/big", big(9))
    up = server("s3 cp d s3://transfers/up --recursive --no-progress --metadata a=b")
    assert (up.code, up.stderr) == (0, "")
    assert len(up.stdout.splitlines()) == 4
    head = server("s3api head-object --bucket transfers --key up/sub/page.html").json
    assert (head["ContentType"], head["Metadata"]) == ("text/html", {"a": "b"})
    down = server("s3 cp s3://transfers/up e --recursive --no-progress")
    assert (down.code, down.stderr) == (0, "")
    assert tree(server, "e") == tree(server, "d")
    copied = server("s3 cp s3://transfers/up s3://transfers/copy --recursive --no-progress --copy-props none")
    assert (copied.code, copied.stderr) == (0, "")
    moved = server("s3 mv s3://transfers/copy f --recursive --no-progress")
    assert (moved.code, moved.stderr) == (0, "")
    assert tree(server, "f") == tree(server, "d")
    listed = server("s3 ls s3://transfers --recursive --summarize")
    assert "Total Objects: 4" in listed.stdout
    assert server("s3 rm s3://transfers/up --recursive").code == 0
    assert server("s3 ls s3://transfers/up/ --recursive").stdout == ""


def test_streams(server):
    assert server("s3 cp - s3://transfers/stream", stdin=b"from stdin").code == 0
    assert server("s3 cp s3://transfers/stream -").stdout_bytes == b"from stdin"
    assert server("s3 cp - s3://transfers/large", stdin=big(9)).code == 0
    assert server("s3 cp s3://transfers/large -").stdout_bytes == big(9)


def test_sync_settles(server):
    """A second sync has nothing to do, in either direction; deletions go both ways. Names are hostile to orders."""
    names = ["a", "a-b", "a.b", "a0", "o/a/b", "o/a-b", "o/c", "z/z/z"]
    for name in names[1:]:
        server.write(f"d/{name}", name)
        os.utime(server.home / "d" / name, (1_600_000_000, 1_600_000_000))
    first = server("s3 sync d s3://transfers --no-progress --delete")
    assert (first.code, len(first.stdout.splitlines())) == (0, len(names) - 1)
    again = server("s3 sync d s3://transfers --no-progress --delete")
    assert (again.code, again.stdout, again.stderr) == (0, "", "")
    assert server("s3 sync s3://transfers e --no-progress --delete").code == 0
    assert tree(server, "e") == tree(server, "d")
    assert server("s3 sync s3://transfers e --no-progress --delete --exact-timestamps").stdout == ""
    (server.home / "d/o/a-b").unlink()
    gone = server("s3 sync d s3://transfers --no-progress --delete")
    assert gone.stdout == "delete: s3://transfers/o/a-b\n"
    assert server("s3 sync s3://transfers e --no-progress --delete").stdout == "delete: e/o/a-b\n"
    assert tree(server, "e") == tree(server, "d")


def test_plans(server):
    """Applied in shards; what has changed since the plan was made is neither transferred nor deleted."""
    for name in ("a", "a b/ü", "c+d"):
        server.write(f"d/{name}", name)
    server.write("d/big", big(9))
    assert server("s3 cp d/a s3://transfers/p/old --quiet").code == 0
    assert server("s3 cp d/a s3://transfers/p/older --quiet").code == 0
    assert server("s3 sync d s3://transfers/p --delete --plan plan").stderr == (
        "Planned: 4 uploads (9.0 MiB), 2 deletions (2 Bytes).\n"
    )
    assert server("s3 cp d/big s3://transfers/p/older --quiet").code == 0
    done = [server(f"s3 apply plan --shard {index}/3 --no-progress") for index in range(3)]
    assert sorted(each.code for each in done) == [0, 0, 1]
    assert sum(len(each.stdout.splitlines()) for each in done) == 5
    (failed,) = [each.stderr for each in done if each.stderr]
    assert failed.startswith("delete failed: s3://transfers/p/older The object is no longer the planned one: ")
    assert server("s3 rm s3://transfers/p/older --quiet").code == 0
    for source, target, root in (("s3://transfers/p", "e", "e"), ("s3://transfers/p", "s3://transfers/q", "f")):
        assert server("s3 cp d/a s3://transfers/p/a --quiet").code == 0
        assert server(f"s3 sync {source} {target} --plan plan").code == 0
        assert server("s3 cp d/c+d s3://transfers/p/a --quiet").code == 0
        applied = server("s3 apply plan --no-progress")
        assert (applied.code, len(applied.stdout.splitlines())) == (1, 3)
        assert "failed: s3://transfers/p/a to " in applied.stderr
        if root == "f":
            assert server("s3 cp s3://transfers/q f --recursive --quiet").code == 0
        assert tree(server, root) == {name: body for name, body in tree(server, "d").items() if name != "a"}


def test_hostile_keys_go_there_and_back(server, request):
    keys = [key for key in HOSTILE if "moto" in request.node.name or "\\" not in key]  # a `/` for SeaweedFS
    for key in keys:
        server.write(f"d/{key}", key)
    up = server("s3 cp d s3://transfers/h --recursive --no-progress")
    assert (up.code, up.stderr) == (0, "")
    down = server("s3 cp s3://transfers/h e --recursive --no-progress")
    assert (down.code, down.stderr) == (0, "")
    assert tree(server, "e") == {key: key.encode() for key in keys}
    copied = server("s3 cp s3://transfers/h s3://transfers/i --recursive --no-progress --copy-props none")
    assert (copied.code, copied.stderr) == (0, "")
    assert server("s3 sync s3://transfers/i e --no-progress --size-only").stdout == ""
    for key in keys[:9]:
        assert server(["s3", "cp", f"s3://transfers/i/{key}", "one"]).code == 0
        assert (server.home / "one").read_text() == key
    assert server("s3 rm s3://transfers --recursive --quiet").code == 0
    assert server("s3 ls s3://transfers --recursive").stdout == ""


def test_buckets(server):
    bucket = "second-bucket"
    assert server(f"s3 mb s3://{bucket}").stdout == f"make_bucket: {bucket}\n"
    assert bucket in server("s3 ls").stdout
    server.write("f", "x")
    assert server(f"s3 cp f s3://{bucket}/").code == 0
    assert server(f"s3 rb s3://{bucket} --force").stdout == f"delete: s3://{bucket}/f\nremove_bucket: {bucket}\n"
    assert server(f"s3 ls s3://{bucket}").code == 254


def test_what_is_refused(server):
    server.write("f", "x")
    missing = server("s3 cp f s3://no-such-bucket-here/f --no-progress")
    assert (missing.code, missing.stdout) == (1, "")
    assert "upload failed: ./f to s3://no-such-bucket-here/f An error occurred (NoSuchBucket)" in missing.stderr
    gone = server("s3 cp s3://transfers/none .")
    assert gone.stderr == (
        'fatal error: An error occurred (404) when calling the HeadObject operation: Key "none" does not exist\n'
    )


def test_over_tls_and_with_a_wrong_secret(weed, seaweedfs):
    weed.write("d/big", big(9))
    weed.write("d/small", "x")
    tls = f"--endpoint-url {seaweedfs.https_url} --ca-bundle {seaweedfs.ca_bundle} --no-progress"
    assert weed(f"s3 sync d s3://transfers/tls {tls}").code == 0
    assert weed(f"s3 sync s3://transfers/tls e {tls}").code == 0
    assert tree(weed, "e") == tree(weed, "d")
    refused = weed("s3 cp d/small s3://transfers/x", env={"AWS_SECRET_ACCESS_KEY": "wrong"})
    assert refused.code == 1
    assert "SignatureDoesNotMatch" in refused.stderr


def test_presigned_urls_open(weed):
    weed.write("f", "presigned")
    assert weed("s3 cp f s3://transfers/a+b/ü").code == 0
    url = weed("s3 presign s3://transfers/a+b/ü").stdout.strip()
    assert urlopen(url).read() == b"presigned"


def test_tags_and_annotations_of_a_copy_in_parts(moto_s3):
    moto_s3.write("f", big(9))
    assert moto_s3("s3 cp f s3://transfers/f --content-type text/own --no-progress").code == 0
    tags = '{"TagSet": [{"Key": "a b", "Value": "c"}]}'
    assert moto_s3(["s3api", "put-object-tagging", "--bucket", "transfers", "--key", "f", "--tagging", tags]).code == 0
    assert moto_s3("s3 cp s3://transfers/f s3://transfers/g --no-progress").code == 0
    head = moto_s3("s3api head-object --bucket transfers --key g").json
    assert (head["ContentType"], head["ContentLength"]) == ("text/own", 9 * 1024 * 1024)
    assert moto_s3("s3api get-object-tagging --bucket transfers --key g").json["TagSet"] == [
        {"Key": "a b", "Value": "c"}
    ]
