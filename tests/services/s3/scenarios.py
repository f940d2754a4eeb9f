"""Scenarios of the s3 commands: what is there, what is typed. What comes out stands in `recorded.jsonl`.

A scenario begins with files in an empty folder (the current one) and objects in an empty S3. Names tell what is
of interest. `times` are the local files' mtimes in seconds around the objects' `NOW`, where they matter.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.services.s3.stand_in import NOW, at

NOTHING: Mapping[str, Any] = {}
MB = 1024 * 1024


class File(NamedTuple):
    """A local file: `age` is how much older than NOW it is, in seconds."""

    content: bytes = b""
    age: float = 0.0
    mode: int | None = None


class Link(NamedTuple):
    target: str


class Object(NamedTuple):
    """An object, with the arguments of `StandIn.put`."""

    content: bytes = b""
    more: Mapping[str, Any] = NOTHING
    age: float = 0.0


FIFO = "fifo"
FOLDER = "folder"


class Scenario(NamedTuple):
    name: str
    command: str  # shlex'ed
    files: Mapping[str, Any] = NOTHING  # path: str, bytes, File, Link, FIFO, FOLDER
    objects: Mapping[str, Any] = NOTHING  # bucket/key: str, bytes, Object
    faults: tuple[Mapping[str, Any], ...] = ()
    buckets: tuple[str, ...] = ("b",)
    stdin: bytes = b""
    env: Mapping[str, str] = NOTHING
    config: str = ""  # of the profile `default`
    then: tuple[str, ...] = ()  # further commands, after the first
    differs: str = ""  # a name from `s3-differences`, where awsmini is to do otherwise
    region: str | None = "us-east-1"
    pages: int = 1000
    seaweed: bool = False


def big(megabytes: float) -> bytes:
    """Content of some size, no two blocks alike."""
    return b"".join(number.to_bytes(8, "big") * 128 for number in range(int(megabytes * 1024)))


TREE = {"d/a": "aa", "d/s/b": "bbb", "d/s/t/c": "c", "d/z": "zzzz"}
KEYS = {"b/p/a": "aa", "b/p/s/b": "bbb", "b/p/s/t/c": "c", "b/p/z": "zzzz", "b/pq": "no", "b/q": "q"}
SORTED = {
    f"d/{name}": name
    for name in (
        "a",
        "a b",
        "a!b",
        "a%20b",
        "a+b",
        "a-b",
        "a.b",
        "a/b/c",
        "a/x",
        "a0",
        "~",
        "ä",
        "\ue000",
        "\U0001f600",
    )
    if name != "a"
}
MANY = {f"b/k{number:02d}": "x" * number for number in range(12)}
OLD = 10_000.0


def usage() -> list[Scenario]:
    lines = {
        "none": "",
        "unknown subcommand": "copy a b",
        "near subcommand": "lss",
        "cp none": "cp",
        "cp one": "cp a",
        "cp three": "cp a s3://b s3://c",
        "cp local local": "cp a b",
        "mv local local": "mv a b",
        "sync local local": "sync a b",
        "rm local": "rm a",
        "rm two": "rm s3://b/a s3://b/b",
        "rm none": "rm",
        "mb local": "mb b",
        "rb local": "rb b",
        "mb none": "mb",
        "unknown option": "cp a s3://b --nope",
        "unknown options": "cp a s3://b --nope x --other",
        "rm no-progress": "rm s3://b/a --no-progress",
        "ls unknown": "ls s3://b --dryrun",
        "acl choice": "cp a s3://b --acl nope",
        "storage class choice": "cp a s3://b --storage-class NOPE",
        "sse choice": "cp a s3://b --sse nope",
        "copy-props choice": "cp s3://b/a s3://b/c --copy-props nope",
        "case-conflict choice": "cp s3://b/ d --recursive --case-conflict nope",
        "checksum-algorithm choice": "cp a s3://b --checksum-algorithm MD5",
        "checksum-mode choice": "cp s3://b/a . --checksum-mode DISABLED",
        "page-size text": "ls s3://b --page-size x",
        "progress-frequency text": "cp a s3://b --progress-frequency x",
        "expires-in text": "presign s3://b/k --expires-in 3600.5",
        "exclude none": "cp a s3://b --exclude",
        "grants none": "cp a s3://b --grants",
        "metadata empty": "cp a s3://b --metadata ''",
        "metadata bad": "cp a s3://b --metadata x",
        "metadata bad json": "cp a s3://b --metadata '{x}'",
        "sse-c no key": "cp a s3://b --sse-c",
        "sse-c-key alone": "cp a s3://b --sse-c-key x",
        "sse-c-copy-source no key": "cp s3://b/a s3://b/c --sse-c-copy-source",
        "sse-c-copy-source for upload": "cp a s3://b/c --sse-c-copy-source --sse-c-copy-source-key x",
        "checksum-algorithm for download": "cp s3://b/a . --checksum-algorithm SHA256",
        "checksum-mode for upload": "cp a s3://b --checksum-mode ENABLED",
        "checksum-mode for copy": "cp s3://b/a s3://b/c --checksum-mode ENABLED",
        "stream recursive": "cp - s3://b/k --recursive",
        "stream mv": "mv - s3://b/k",
        "stream sync": "sync - s3://b/k",
        "stream download no-overwrite": "cp s3://b/a - --no-overwrite",
        "missing path": "cp nofile s3://b/",
        "missing path quiet": "cp nofile s3://b/ --quiet",
        "missing path recursive": "cp nofile s3://b/ --recursive",
        "slash after file": "cp a/ s3://b/",
        "object lambda": "ls s3://arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/x",
        "object lambda cp": "cp a s3://arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/x",
        "outpost bucket": "ls s3://arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-0/bucket/b",
        "express sync": "sync . s3://x--use1-az4--x-s3",
        "express mb": "mb s3://x--use1-az4--x-s3",
        "express case conflict": "cp s3://x--use1-az4--x-s3/ d --recursive --case-conflict skip",
        "mv onto itself": "mv s3://b/a s3://b/a",
        "mv onto its bucket": "mv s3://b/a s3://b",
        "mv onto its folder": "mv s3://b/d/a s3://b/d/",
        "op-s3 alias": "mv s3://b--op-s3/a s3://c/a --validate-same-s3-paths",
        "rb key": "rb s3://b/k",
        "presign no key": "presign s3://b",
        "presign none": "presign",
        "website none": "website",
        "ls two": "ls s3://b s3://c",
        "tags one word": "mb s3://c --tags a",
        "bad endpoint": "ls --endpoint-url nohost",
        "abbreviation": "cp a s3://b --dry",
        "ambiguous": "cp a s3://b --content x",
        "flag with value": "cp a s3://b --dryrun=yes",
        "negative page size": "ls s3://b --page-size -1",
        "expected-size text": "cp - s3://b/k --expected-size x",
        "both symlink flags": "cp a s3://b --follow-symlinks --no-follow-symlinks --dryrun",
        "invalid bucket": "ls s3://b_%",
        "cp invalid bucket": "cp a s3://b%%/x",
        "ls help word": "ls s3:/b",
    }
    differs = {"cp three": "several-sources", "rm two": "several-sources"}
    return [
        Scenario(
            f"usage: {name}",
            f"s3 {line}",
            files={"a": "a"},
            objects={"b/a": "a"},
            differs=differs.get(name, ""),
        )
        for name, line in lines.items()
    ]


def listing() -> list[Scenario]:
    dated = {
        "b/a.txt": Object(b"x" * 1024, {"modified": at("2024-01-01 00:00:00.999")}),
        "b/d/": Object(b"", {"modified": at("2024-01-01 10:00:00")}),
        "b/d/x": Object(b"x", {"modified": at("2023-12-31 23:59:59")}),
        "b/d/y y": Object(b"y" * 1048575, {"modified": at("2023-07-01 01:02:03")}),
        "b/ü": Object(b"12345", {"modified": at("1999-01-01 00:00:00")}),
        "b/zero": Object(b"", {"modified": at("2024-02-29 12:00:00")}),
    }
    lines = {
        "buckets": "ls",
        "buckets s3://": "ls s3://",
        "buckets prefix": "ls --bucket-name-prefix b",
        "buckets region": "ls --bucket-region eu-west-1",
        "buckets page": "ls --page-size 1",
        "buckets summarize": "ls --summarize",
        "bucket": "ls s3://b",
        "bucket without scheme": "ls b",
        "prefix": "ls s3://b/d",
        "folder": "ls s3://b/d/",
        "recursive": "ls s3://b --recursive",
        "recursive prefix": "ls s3://b/d --recursive",
        "human": "ls s3://b --human-readable --summarize",
        "human recursive": "ls s3://b --recursive --human-readable --summarize",
        "summarize": "ls s3://b --summarize",
        "pages": "ls s3://b --page-size 2",
        "pages of one": "ls s3://b --page-size 1 --recursive",
        "page size 0": "ls s3://b --page-size 0",
        "no match": "ls s3://b/none",
        "no match summarize": "ls s3://b/none --summarize",
        "no bucket": "ls s3://nob",
        "no bucket recursive": "ls s3://nob --recursive",
        "empty bucket": "ls s3://empty",
        "empty bucket summarize": "ls s3://empty --summarize --human-readable",
        "payer": "ls s3://b --request-payer",
        "payer word": "ls s3://b --request-payer requester",
        "output json": "ls s3://b --output json --query x",
        "key": "ls s3://b/a.txt",
        "access denied": "ls s3://b/",
    }
    return [
        Scenario(
            f"ls: {name}",
            f"s3 {line}",
            objects=dated,
            buckets=("b", "bc", "empty", "zz"),
            env={"TZ": "America/New_York"} if name in ("bucket", "buckets") else {},
            faults=({"method": "GET", "path": "list-type", "status": 403, "code": "AccessDenied"},)
            if name == "access denied"
            else (),
        )
        for name, line in lines.items()
    ]


def buckets() -> list[Scenario]:
    return [
        Scenario("mb", "s3 mb s3://new"),
        Scenario("mb west", "s3 mb s3://new --region us-west-2"),
        Scenario("mb with key", "s3 mb s3://new/key"),
        Scenario("mb tags", "s3 mb s3://new --tags a 1 --tags b 2"),
        Scenario("mb account", "s3 mb s3://new-123456789012-us-east-1-an"),
        Scenario("mb there", "s3 mb s3://b"),
        Scenario("mb nothing", "s3 mb s3://"),
        Scenario("rb", "s3 rb s3://b"),
        Scenario("rb slash", "s3 rb s3://b/"),
        Scenario("rb full", "s3 rb s3://b", objects={"b/x": "x"}),
        Scenario("rb missing", "s3 rb s3://nob"),
        Scenario("rb force", "s3 rb s3://b --force", objects={"b/x": "x", "b/d/": "", "b/d/y": "y"}),
        Scenario("rb force missing", "s3 rb s3://nob --force"),
        Scenario(
            "rb force refused",
            "s3 rb s3://b --force",
            objects={"b/x": "x", "b/y": "y"},
            faults=({"method": "DELETE", "path": "/b/x", "status": 403, "code": "AccessDenied"},),
        ),
        Scenario("website", "s3 website s3://b"),
        Scenario("website both", "s3 website s3://b/ --index-document index.html --error-document error.html"),
        Scenario("website no scheme", "s3 website b --index-document index.html"),
        Scenario("website empty index", "s3 website b --index-document ''"),
        Scenario("website missing", "s3 website s3://nob --index-document i"),
        Scenario("presign", "s3 presign s3://b/k"),
        Scenario("presign expires", "s3 presign s3://b/k/ü --expires-in 604801"),
        Scenario("presign negative", "s3 presign b/k --expires-in -5"),
        Scenario("presign region", "s3 presign s3://b/k --region eu-central-1"),
    ]


def copying() -> list[Scenario]:
    out = []

    def add(name: str, line: str, **more: Any) -> None:
        out.append(Scenario(name, f"s3 {line}", **more))

    one = {"f.txt": File(b"hello", OLD)}
    for name, target in {
        "key": "s3://b/q",
        "folder": "s3://b/q/",
        "bucket": "s3://b",
        "bucket slash": "s3://b/",
    }.items():
        add(f"cp up: {name}", f"cp f.txt {target}", files=one)
        add(f"mv up: {name}", f"mv f.txt {target}", files=one)
        add(f"cp down to s3 form: {name}", f"cp s3://b/p/a {target}", objects=KEYS)
    add("cp up: dryrun", "cp f.txt s3://b/ --dryrun", files=one)
    add("cp up: quiet", "cp f.txt s3://b/ --quiet", files=one)
    add("cp up: quiet dryrun", "cp f.txt s3://b/ --quiet --dryrun", files=one)
    add("cp up: only-show-errors", "cp f.txt s3://b/ --only-show-errors", files=one)
    add("cp up: only-show-errors dryrun", "cp f.txt s3://b/ --only-show-errors --dryrun", files=one)
    add("cp up: no-progress", "cp f.txt s3://b/ --no-progress", files=one)
    add("cp up: multiline", "cp f.txt s3://b/ --progress-multiline", files=one)
    add("cp up: frequency", "cp f.txt s3://b/ --progress-frequency 10", files=one)
    add("cp up: empty file", "cp e s3://b/", files={"e": ""})
    add("cp up: path with dots", "cp ./x/../f.txt s3://b/", files={**one, "x": FOLDER})
    add("cp up: parent", "cp ../work/f.txt s3://b/", files=one)
    add("cp up: absolute", "cp {cwd}/f.txt s3://b/", files=one)
    add("cp up: folder without recursive", "cp d s3://b/q", files=TREE)
    add("cp up: folder without recursive to bucket", "cp d s3://b/", files=TREE)
    add("cp up: recursive", "cp d s3://b/q --recursive", files=TREE)
    add("cp up: recursive slash", "cp d/ s3://b/q/ --recursive", files=TREE)
    add("cp up: recursive dot", "cp . s3://b --recursive", files=TREE)
    add("cp up: recursive of a file", "cp f.txt s3://b/q --recursive", files=one)
    add("cp up: sorted names", "cp d s3://b --recursive", files=SORTED)
    add("cp up: missing bucket", "cp f.txt s3://nob/", files=one)
    add("cp up: missing bucket recursive", "cp d s3://nob/ --recursive", files=TREE)
    add(
        "cp up: denied one",
        "cp d s3://b/ --recursive",
        files=TREE,
        faults=({"method": "PUT", "path": "/b/s/b", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "cp up: retry",
        "cp f.txt s3://b/",
        files=one,
        faults=({"method": "PUT", "path": "/b/f", "status": 503, "code": "SlowDown", "times": 1},),
    )
    add(
        "cp up: retries end",
        "cp f.txt s3://b/",
        files=one,
        faults=({"method": "PUT", "path": "/b/f", "status": 500, "code": "InternalError"},),
    )
    add(
        "cp up: timeout code",
        "cp f.txt s3://b/",
        files=one,
        faults=({"method": "PUT", "path": "/b/f", "status": 400, "code": "RequestTimeout"},),
    )
    add(
        "cp up: dropped",
        "cp f.txt s3://b/",
        files=one,
        faults=({"method": "PUT", "path": "/b/f", "action": "drop"},),
        differs="silent-failures",
    )
    add("cp up: nobody there", "cp f.txt s3://b/ --endpoint-url http://127.0.0.1:9", files=one)
    add(
        "cp up: nobody there recursive",
        "cp d s3://b/ --recursive --endpoint-url http://127.0.0.1:9",
        files={"d/a": "a"},
    )
    add("cp up: big", "cp big s3://b/", files={"big": File(big(9), OLD)})
    add("cp up: big threshold", "cp big s3://b/", files={"big": File(big(8), OLD)})
    add(
        "cp up: big options",
        "cp big.html s3://b/x --acl public-read --metadata a=1,B=2 --storage-class STANDARD_IA --cache-control no-cache --website-redirect /x --sse",
        files={"big.html": File(big(9), OLD)},
    )
    add(
        "cp up: big denied part",
        "cp big s3://b/",
        files={"big": File(big(9), OLD)},
        faults=({"method": "PUT", "path": "partNumber=2", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "cp up: big denied begin",
        "cp big s3://b/",
        files={"big": File(big(9), OLD)},
        faults=({"method": "POST", "path": "uploads", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "cp up: big denied end",
        "cp big s3://b/",
        files={"big": File(big(9), OLD)},
        faults=({"method": "POST", "path": "uploadId", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "cp up: big no-overwrite there",
        "cp big s3://b/ --no-overwrite",
        files={"big": File(big(9), OLD)},
        objects={"b/big": "x"},
    )
    add(
        "cp up: config sizes",
        "cp big s3://b/",
        files={"big": File(big(7), OLD)},
        config="s3 =\n  multipart_threshold = 6MB\n  multipart_chunksize = 1MB\n  preferred_transfer_client = classic\n",
    )
    options = {
        "acl": "--acl public-read",
        "grants": "--grants read=uri=http://acs.amazonaws.com/groups/global/AllUsers full=id=79a5,id=22",
        "grants bad": "--grants foo",
        "grants bogus": "--grants bogus=id=1",
        "storage class": "--storage-class STANDARD_IA",
        "storage class glacier": "--storage-class GLACIER_IR",
        "sse": "--sse",
        "sse aes": "--sse AES256",
        "sse kms": "--sse aws:kms --sse-kms-key-id key1",
        "sse-c": "--sse-c --sse-c-key 12345678901234567890123456789012",
        "sse-c file": "--sse-c AES256 --sse-c-key fileb://key.bin",
        "cache": "--cache-control max-age=3600",
        "disposition": "--content-disposition 'attachment; filename=\"ü\"'",
        "encoding": "--content-encoding gzip",
        "language": "--content-language de",
        "type": "--content-type text/x-own",
        "type empty": "--content-type ''",
        "no guess": "--no-guess-mime-type",
        "expires": "--expires 2030-01-01T00:00:00Z",
        "expires date": "--expires 2030-01-01",
        "expires garbage": "--expires garbage",
        "redirect": "--website-redirect /other",
        "metadata": "--metadata a=1,Bee=two",
        "metadata json": "--metadata '{\"a\": \"1 2\", \"b\": \"x=y,z\"}'",
        "metadata quoted": "--metadata 'a=\"x,y\",b=c'",
        "metadata non ascii": "--metadata a=ü",
        "payer": "--request-payer",
        "sha256": "--checksum-algorithm SHA256",
        "sha1": "--checksum-algorithm SHA1",
        "crc32": "--checksum-algorithm CRC32",
        "no-overwrite": "--no-overwrite",
        "directive": "--metadata-directive REPLACE",
        "copy props": "--copy-props none",
        "exclude itself": "--exclude f.html",
        "exclude other": "--exclude '*.txt'",
        "exclude all include": "--exclude '*' --include f.html",
        "include exclude": "--include f.html --exclude '*'",
        "source region": "--source-region eu-west-1",
    }  # fmt: skip
    for name, words in options.items():
        add(
            f"cp option: {name}",
            f"cp f.html s3://b/k {words}",
            files={"f.html": File(b"<html>", OLD), "key.bin": b"\xff" * 32},
        )
    for name in (
        "a.js",
        "a.css",
        "a.webp",
        "a.md",
        "a.xml",
        "a.sh",
        "a.gz",
        "a.tar.gz",
        "a.tgz",
        "a.svgz",
        "a.yaml",
        "a.log",
        "noext",
        "a.JPG",
        "a.html.bak",
        "a.json",
        "a.txt",
        "a.mjs",
        "a.wasm",
        "a.7z",
        "a.docx",
        "a.woff2",
        ".html",
        "a b.csv",
        "a.py",
        "a.mp4",
        "a.ico",
    ):
        add(f"cp type: {name}", f"cp '{name}' s3://b/k.zip", files={name: File(b"x", OLD)})
    add("cp type: recursive", "cp d s3://b --recursive", files={"d/a.css": "1", "d/b.html": "2", "d/c": "3"})
    add("cp up: no-overwrite there", "cp f.txt s3://b/ --no-overwrite", files=one, objects={"b/f.txt": "old"})
    add("mv up: no-overwrite there", "mv f.txt s3://b/ --no-overwrite", files=one, objects={"b/f.txt": "old"})
    add("mv up: recursive", "mv d s3://b/q --recursive", files=TREE)
    add("mv up: dryrun", "mv d s3://b/q --recursive --dryrun", files=TREE)
    add("mv up: failed", "mv f.txt s3://nob/", files=one)
    add("mv up: exclude", "mv d s3://b --recursive --exclude 's/*'", files=TREE)
    # streams
    add("stream up", "cp - s3://b/k", stdin=b"from stdin")
    add("stream up: empty", "cp - s3://b/k", stdin=b"")
    add("stream up: folder", "cp - s3://b/k/", stdin=b"x")
    add("stream up: bucket", "cp - s3://b/", stdin=b"x")
    add("stream up: big", "cp - s3://b/k --content-type text/x", stdin=big(9))
    add("stream up: expected", "cp - s3://b/k --expected-size 9000000", stdin=b"abc")
    add("stream up: dryrun", "cp - s3://b/k --dryrun", stdin=b"abc")
    add(
        "stream up: denied",
        "cp - s3://b/k",
        stdin=b"abc",
        faults=({"method": "PUT", "path": "/b/k", "status": 403, "code": "AccessDenied"},),
    )
    add("stream up: missing bucket", "cp - s3://nob/k", stdin=b"abc")
    add("stream up: quiet", "cp - s3://nob/k --quiet", stdin=b"abc")
    add("stream up: no-overwrite there", "cp - s3://b/k --no-overwrite", stdin=b"abc", objects={"b/k": "old"})
    add("stream down", "cp s3://b/p/a -", objects=KEYS)
    add("stream down: dryrun", "cp s3://b/p/a - --dryrun", objects=KEYS)
    add("stream down: missing", "cp s3://b/none -", objects=KEYS)
    add("stream down: big", "cp s3://b/big -", objects={"b/big": big(9)})
    add("stream down: glacier", "cp s3://b/g -", objects={"b/g": Object(b"x", {"x_amz_storage_class": "GLACIER"})})
    add("stream local dash", "cp - - ")
    # downloads
    add("cp down", "cp s3://b/p/a .", objects=KEYS)
    add("cp down: name", "cp s3://b/p/a new", objects=KEYS)
    add("cp down: folder there", "cp s3://b/p/a x", objects=KEYS, files={"x": FOLDER})
    add("cp down: new folder", "cp s3://b/p/a x/y/", objects=KEYS)
    add("cp down: new folder name", "cp s3://b/p/a x/y", objects=KEYS)
    add("cp down: over", "cp s3://b/p/a old", objects=KEYS, files={"old": "something"})
    add("cp down: dryrun", "cp s3://b/p/a x/ --dryrun", objects=KEYS)
    add("cp down: missing", "cp s3://b/none .", objects=KEYS)
    add("cp down: missing bucket", "cp s3://nob/none .", objects=KEYS)
    add(
        "cp down: denied",
        "cp s3://b/p/a .",
        objects=KEYS,
        faults=({"method": "GET", "path": "/b/p/a", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "cp down: head denied",
        "cp s3://b/p/a .",
        objects=KEYS,
        faults=({"method": "HEAD", "path": "/b/p/a", "status": 403},),
    )
    add("cp down: bucket without recursive", "cp s3://b x", objects=KEYS)
    add("cp down: folder without recursive", "cp s3://b/p/ x", objects=KEYS)
    add("cp down: marker", "cp s3://b/d/ dd", objects={"b/d/": ""})
    add("cp down: empty", "cp s3://b/e .", objects={"b/e": ""})
    add("cp down: big", "cp s3://b/big .", objects={"b/big": Object(big(9), age=OLD)})
    add("cp down: recursive", "cp s3://b/p x --recursive", objects=KEYS)
    add("cp down: recursive slash", "cp s3://b/p/ x/ --recursive", objects=KEYS)
    add("cp down: recursive pages", "cp s3://b x --recursive --page-size 3", objects=MANY)
    add("cp down: recursive dryrun", "cp s3://b/p x --recursive --dryrun", differs="dryrun-folders", objects=KEYS)
    add("cp down: recursive none", "cp s3://b/none x --recursive", objects=KEYS)
    add("cp down: recursive missing bucket", "cp s3://nob/none x --recursive", objects=KEYS)
    add("cp down: recursive exclude", "cp s3://b/p x --recursive --exclude 's/*'", objects=KEYS)
    add("cp down: recursive markers", "cp s3://b x --recursive", objects={"b/d/": "", "b/d/x": "x"})
    add("cp down: recursive marker with bytes", "cp s3://b x --recursive", objects={"b/d/x": "x", "b/e/": "12345678"})
    add("cp down: parent", "cp s3://b/d x --recursive", objects={"b/d/../esc": "1", "b/d/ok": "2", "b/d/a/../b": "3"})
    add("cp down: parent behind slash", "cp s3://b/d x --recursive", objects={"b/d//../esc": "1", "b/d/ok": "2"})
    add("cp down: double slash", "cp s3://b/d x --recursive", objects={"b/d//y": "1", "b/d/z//w": "2"})
    add(
        "cp down: folder in the way",
        "cp s3://b x --recursive",
        objects={"b/k": "1", "b/l": "2"},
        files={"x/k/f": "there"},
    )
    add(
        "cp down: file in the way",
        "cp s3://b x --recursive",
        objects={"b/k/l": "1", "b/z": "2"},
        files={"x/k": "there"},
    )
    add(
        "cp down: no-overwrite",
        "cp s3://b x --recursive --no-overwrite",
        objects={"b/k": "1", "b/l": "2"},
        files={"x/k": "there"},
    )
    add("cp down: no-overwrite one", "cp s3://b/k . --no-overwrite", objects={"b/k": "1"}, files={"k": "there"})
    add("cp down: checksum mode", "cp s3://b/k . --checksum-mode ENABLED", objects={"b/k": "1"})
    add("cp down: sse-c", "cp s3://b/k . --sse-c --sse-c-key 12345678901234567890123456789012", objects={"b/k": "1"})
    add("cp down: payer", "cp s3://b/k . --request-payer", objects={"b/k": "1"})
    add("cp down: wrong checksum", "cp s3://b/k .", objects={"b/k": Object(b"1", {"sums": {"crc32": "AAAAAA=="}})})
    add("cp down: right checksum", "cp s3://b/k .", objects={"b/k": Object(b"1", {"sums": {"crc32": "g9zvtw=="}})})
    add(
        "cp down: cut",
        "cp s3://b/k .",
        objects={"b/k": b"x" * 100_000},
        faults=({"method": "GET", "path": "/b/k", "action": "cut", "after": 50_000},),
    )
    add(
        "cp down: dropped",
        "cp s3://b/k .",
        objects={"b/k": b"x"},
        faults=({"method": "GET", "path": "/b/k", "action": "drop"},),
        differs="silent-failures",
    )
    add(
        "cp down: retried",
        "cp s3://b/k .",
        objects={"b/k": b"x"},
        faults=({"method": "GET", "path": "/b/k", "action": "drop", "times": 1},),
    )
    add(
        "cp down: list dropped",
        "cp s3://b x --recursive",
        objects={"b/k": b"x"},
        faults=({"method": "GET", "path": "list-type", "action": "drop"},),
    )
    add(
        "cp down: second page fails",
        "cp s3://b x --recursive --page-size 5",
        objects=MANY,
        faults=({"method": "GET", "path": "continuation-token", "status": 403, "code": "AccessDenied"},),
    )
    glacier = {
        "b/g/1": Object(b"1", {"x_amz_storage_class": "GLACIER"}),
        "b/g/2": Object(b"2", {"x_amz_storage_class": "DEEP_ARCHIVE"}),
        "b/g/3": Object(b"3", {"x_amz_storage_class": "GLACIER_IR"}),
        "b/g/4": Object(
            b"4", {"x_amz_storage_class": "GLACIER", "restore": 'ongoing-request="false", expiry-date="x"'}
        ),
        "b/g/5": Object(b"5", {"x_amz_storage_class": "GLACIER", "restore": 'ongoing-request="true"'}),
    }
    add("glacier: recursive", "cp s3://b/g x --recursive", objects=glacier)
    add("glacier: recursive copy", "cp s3://b/g s3://b/h --recursive", objects=glacier)
    add("glacier: mv", "mv s3://b/g x --recursive", objects=glacier)
    add("glacier: ignore", "cp s3://b/g x --recursive --ignore-glacier-warnings", objects=glacier)
    add("glacier: force", "cp s3://b/g x --recursive --force-glacier-transfer", objects=glacier)
    add("glacier: one", "cp s3://b/g/1 x", objects=glacier)
    add("glacier: one restored", "cp s3://b/g/4 x", objects=glacier)
    add("glacier: one restoring", "cp s3://b/g/5 x", objects=glacier)
    add("glacier: sync", "sync s3://b/g x", objects=glacier)
    add("mv down", "mv s3://b/p/a .", objects=KEYS)
    add("mv down: recursive", "mv s3://b/p x --recursive", objects=KEYS)
    add("mv down: failed", "mv s3://b/none .", objects=KEYS)
    add(
        "mv down: delete refused",
        "mv s3://b/p/a .",
        objects=KEYS,
        faults=({"method": "DELETE", "path": "/b/p/a", "status": 403, "code": "AccessDenied"},),
    )
    add("mv down: no-overwrite", "mv s3://b/k . --no-overwrite", objects={"b/k": "1"}, files={"k": "there"})
    # case
    clash = {"b/Abc": "1", "b/abc": "22", "b/d/x": "3"}
    for word in ("ignore", "skip", "warn", "error"):
        add(f"case conflict: {word}", f"cp s3://b x --recursive --case-conflict {word}", objects=clash)
        add(f"case conflict: sync {word}", f"sync s3://b x --case-conflict {word}", objects=clash)
    add("case conflict: mv skip", "mv s3://b x --recursive --case-conflict skip", objects=clash)
    add("case conflict: there", "cp s3://b x --recursive --case-conflict skip", objects=clash, files={"x/Abc": "there"})
    # copies
    rich = {
        "b/r": Object(
            b"rich",
            {
                "content_type": "text/x",
                "cache_control": "no-cache",
                "metadata": {"m": "1"},
                "tags": {"t": "2"},
                "annotations": {"n": b"note"},
            },
        ),
        "b/plain": "plain",
    }
    for name, words in {
        "default": "", "none": "--copy-props none", "metadata-directive": "--copy-props metadata-directive",
        "props default": "--copy-props default", "all": "--copy-props all", "directive copy": "--metadata-directive COPY",
        "directive replace": "--metadata-directive REPLACE", "metadata": "--metadata x=y", "content type": "--content-type text/y",
        "none with metadata": "--copy-props none --metadata x=y", "acl": "--acl public-read", "class": "--storage-class STANDARD_IA",
        "sha": "--checksum-algorithm SHA256", "sse-c": "--sse-c --sse-c-key 12345678901234567890123456789012 --sse-c-copy-source --sse-c-copy-source-key 12345678901234567890123456789013",
        "no-overwrite": "--no-overwrite", "payer": "--request-payer", "quiet": "--quiet", "dryrun": "--dryrun", "expires": "--expires 2030-01-01T00:00:00Z",
    }.items():  # fmt: skip
        add(f"copy: {name}", f"cp s3://b/r s3://c/r2 {words}", objects=rich, buckets=("b", "c"))
        if name in ("default", "none", "all", "metadata", "directive replace", "metadata-directive"):
            large = {"b/r": rich["b/r"]._replace(content=big(9))}
            add(f"copy big: {name}", f"cp s3://b/r s3://c/r2 {words}", objects=large, buckets=("b", "c"))
            add(f"copy recursive: {name}", f"cp s3://b s3://c --recursive {words}", objects=rich, buckets=("b", "c"))
    add("copy: missing", "cp s3://b/none s3://b/x", objects=KEYS)
    add("copy: missing target bucket", "cp s3://b/q s3://nob/x", objects=KEYS)
    add("copy: recursive", "cp s3://b/p s3://c/t --recursive", objects=KEYS, buckets=("b", "c"))
    add(
        "copy: names",
        "cp s3://b s3://c --recursive",
        objects={"b/a b": "1", "b/ü+": "2", "b/%20": "3", "b/a/../x": "4", "b//y": "5"},
        buckets=("b", "c"),
    )
    add(
        "copy: error in success",
        "cp s3://b/q s3://b/r",
        objects=KEYS,
        faults=({"method": "PUT", "path": "/b/r", "action": "error", "code": "InternalError", "status": 200},),
    )
    add("copy: no-overwrite there", "cp s3://b/q s3://b/pq --no-overwrite", objects=KEYS)
    add(
        "copy big: tags too long",
        "cp s3://b/r s3://b/x",
        objects={"b/r": Object(big(9), {"tags": {f"key{n}": "v" * 250 for n in range(10)}})},
    )
    add(
        "copy big: tags refused",
        "cp s3://b/r s3://b/x",
        objects={"b/r": Object(big(9), {"tags": {f"key{n}": "v" * 250 for n in range(10)}})},
        faults=({"method": "PUT", "path": "tagging", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "copy big: tags unread",
        "cp s3://b/r s3://b/x",
        objects={"b/r": Object(big(9), {"tags": {"a": "b"}})},
        faults=({"method": "GET", "path": "tagging", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "copy: markers",
        "cp s3://b s3://c --recursive",
        objects={"b/d/": "", "b/e/": "bytes", "b/d/x": "x"},
        buckets=("b", "c"),
    )
    add("mv copy", "mv s3://b/q s3://b/r", objects=KEYS)
    add("mv copy: recursive", "mv s3://b/p s3://b/t --recursive", objects=KEYS)
    add("mv copy: failed", "mv s3://b/q s3://nob/r", objects=KEYS)
    add("mv copy: access point", "mv s3://b-s3alias/a s3://c/a", objects={"b-s3alias/a": "1"}, buckets=("c",))
    add("mv copy: onto itself with folder", "mv s3://b/p s3://b/p/ --recursive", objects=KEYS, differs="mv-onto-itself")
    # removals
    add("rm", "rm s3://b/q", objects=KEYS)
    add("rm: none", "rm s3://b/none", objects=KEYS)
    add("rm: dryrun", "rm s3://b/q --dryrun", objects=KEYS)
    add("rm: quiet", "rm s3://b/q --quiet", objects=KEYS)
    add("rm: only-show-errors", "rm s3://b/q --only-show-errors", objects=KEYS)
    add("rm: bucket without recursive", "rm s3://b", objects=KEYS)
    add("rm: recursive", "rm s3://b --recursive", objects={**KEYS, "b/d/": ""})
    add("rm: recursive prefix", "rm s3://b/p --recursive", objects=KEYS)
    add("rm: recursive dryrun", "rm s3://b/p --recursive --dryrun", objects=KEYS)
    add("rm: exclude", "rm s3://b/p --recursive --exclude 's/*' --include 's/b'", objects=KEYS)
    add("rm: exclude one", "rm s3://b/q --exclude q", objects=KEYS)
    add("rm: missing bucket", "rm s3://nob/x", objects=KEYS)
    add("rm: missing bucket recursive", "rm s3://nob/x --recursive", objects=KEYS)
    add(
        "rm: refused",
        "rm s3://b/q",
        objects=KEYS,
        faults=({"method": "DELETE", "path": "/b/q", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "rm: dropped",
        "rm s3://b/q",
        objects=KEYS,
        faults=({"method": "DELETE", "path": "/b/q", "action": "drop"},),
        differs="silent-failures",
    )
    add("rm: pages", "rm s3://b --recursive --page-size 5", objects=MANY)
    add(
        "rm: names",
        "rm s3://b --recursive",
        objects={"b/a b": "1", "b/ü+": "2", "b/%20": "3", "b/a/../x": "4", "b//y": "5", "b/&<>": "6"},
    )
    add("rm: folder key", "rm s3://b/d/", objects={"b/d/": "", "b/d/x": "x"})
    add("rm: payer", "rm s3://b/q --request-payer", objects=KEYS)
    # special files
    add("files: fifo", "cp d s3://b --recursive", files={"d/f": FIFO, "d/g": "g"})
    add("files: fifo alone", "cp f s3://b/", files={"f": FIFO})
    add("files: fifo quiet", "cp f s3://b/ --quiet", files={"f": FIFO})
    add("files: fifo no progress", "cp f s3://b/ --no-progress", files={"f": FIFO})
    add("files: fifo only-show-errors", "cp f s3://b/ --only-show-errors", files={"f": FIFO})
    add("files: dangling", "cp d s3://b --recursive", files={"d/l": Link("none"), "d/g": "g"})
    add(
        "files: dangling no-follow",
        "cp d s3://b --recursive --no-follow-symlinks",
        files={"d/l": Link("none"), "d/g": "g"},
    )
    add(
        "files: links", "cp d s3://b --recursive", files={"d/l": Link("g"), "d/g": "g", "d/f": Link("../e"), "e/h": "h"}
    )
    add(
        "files: links no-follow",
        "cp d s3://b --recursive --no-follow-symlinks",
        files={"d/l": Link("g"), "d/g": "g", "d/f": Link("../e"), "e/h": "h"},
    )
    add("files: link itself no-follow", "cp l s3://b/ --no-follow-symlinks", files={"l": Link("g"), "g": "g"})
    add(
        "files: folder link no-follow",
        "cp l s3://b/ --recursive --no-follow-symlinks",
        files={"l": Link("g"), "g/x": "g"},
    )
    add("files: loop", "sync d s3://b --dryrun", files={"d/x": "x", "d/loop": Link(".")})
    add("files: unreadable folder", "cp d s3://b --recursive", files={"d/g": "g", "d/u": FOLDER})
    add("files: hidden", "cp d s3://b --recursive", files={"d/.h": "h", "d/.g/x": "g"})
    add("files: not utf8", "cp d s3://b --recursive", files={"d/bad\udcff": "h", "d/ok": "x"})
    add(
        "files: odd names", "cp d s3://b --recursive", files={"d/a\nb": "1", "d/a\tb": "2", "d/a\\b": "3", "d/a'b": "4"}
    )
    add(
        "files: filters",
        "cp d s3://b --recursive --exclude '*' --include '*.txt' --exclude 'x*'",
        files={"d/a.txt": "1", "d/x.txt": "2", "d/b": "3", "d/s/y.txt": "4"},
    )
    add(
        "files: filter shapes",
        "cp d s3://b --recursive --exclude '[a-c]?' --exclude '[!a-z]*'",
        files={"d/a1": "1", "d/d1": "2", "d/1": "3", "d/A": "4"},
    )
    add(
        "files: filter with folder name",
        "cp d s3://b --recursive --exclude 'd/*' --exclude './a' --exclude '/a'",
        files=TREE,
    )
    add("files: filter absolute", "cp d s3://b --recursive --exclude '{cwd}/d/s/*'", files=TREE)
    return out


def syncing() -> list[Scenario]:
    out = []

    def add(name: str, line: str, **more: Any) -> None:
        out.append(Scenario(f"sync: {name}", f"s3 sync {line}", **more))

    old = {"d/a": File(b"aa", OLD), "d/s/b": File(b"bbb", OLD), "d/z": File(b"zzzz", OLD)}
    same = {"b/a": "aa", "b/s/b": "bbb", "b/z": "zzzz"}
    add("up", "d s3://b", files=old)
    add("up: nothing", "d s3://b", files=old, objects=same)
    add("up: newer", "d s3://b", files={**old, "d/a": File(b"aa", -100)}, objects=same)
    add("up: newer by a part of a second", "d s3://b", files={**old, "d/a": File(b"aa", -0.3)}, objects=same)
    add("up: size", "d s3://b", files={**old, "d/a": File(b"aaa", OLD)}, objects=same)
    add("up: size-only newer", "d s3://b --size-only", files={**old, "d/a": File(b"aa", -100)}, objects=same)
    add("up: size-only size", "d s3://b --size-only", files={**old, "d/a": File(b"aaaa", OLD)}, objects=same)
    add("up: exact", "d s3://b --exact-timestamps", files=old, objects=same)
    add(
        "up: delete",
        "d s3://b --delete",
        files=old,
        objects={**same, "b/x": "x", "b/s/y": "y", "b/m/": "", "b/n/": "bytes"},
    )
    add("up: delete dryrun", "d s3://b --delete --dryrun", files=old, objects={**same, "b/x": "x"})
    add("up: delete exclude", "d s3://b --delete --exclude 'x*'", files=old, objects={**same, "b/x1": "x", "b/y": "y"})
    add("up: delete quiet", "d s3://b --delete --quiet", files=old, objects={**same, "b/x": "x"})
    add("up: no delete", "d s3://b", files=old, objects={**same, "b/x": "x"})
    add("up: prefix", "d s3://b/p", files=old, objects={"b/p/a": "aa", "b/pa": "x", "b/p": "y"})
    add(
        "up: no-overwrite",
        "d s3://b --no-overwrite",
        files={**old, "d/a": File(b"longer", -100)},
        objects={"b/a": "aa"},
    )
    add("up: missing bucket", "d s3://nob", files=old)
    add("up: a file", "d/a s3://b", files=old)
    add("up: missing folder", "none s3://b")
    add(
        "up: sorted",
        "d s3://b --delete",
        files=SORTED,
        objects={"b/" + name[2:]: content for name, content in SORTED.items()} | {"b/a/": "", "b/a/a": "x"},
    )
    add("up: exclude", "d s3://b --exclude 's/*'", files=old)
    add("up: options", "d s3://b --acl public-read --metadata a=b --content-type text/z", files=old)
    add("up: quiet", "d s3://b --quiet", files=old)
    add("up: no progress", "d s3://b --no-progress", files=old)
    add("up: only-show-errors", "d s3://b --only-show-errors", files=old)
    add(
        "up: denied",
        "d s3://b --no-progress",
        files=old,
        faults=({"method": "PUT", "path": "/b/a", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "up: list denied",
        "d s3://b",
        files=old,
        faults=({"method": "GET", "path": "list-type", "status": 403, "code": "AccessDenied"},),
    )
    add(
        "up: pages", "d s3://b --page-size 2 --delete", files=old, objects={**same, "b/0": "0", "b/m": "m", "b/zz": "z"}
    )
    add(
        "up: special",
        "d s3://b --delete",
        files={**old, "d/f": FIFO, "d/l": Link("nowhere")},
        objects={**same, "b/f": "f"},
        differs="unread-sources",
    )
    add(
        "up: unordered listing",
        "d s3://b --delete",
        files={"d/o/a/b": File(b"1", OLD), "d/o/a-b": File(b"2", OLD), "d/o/c": File(b"3", OLD)},
        objects={"b/o/a/b": "1", "b/o/a-b": "2", "b/o/c": "3"},
        seaweed=True,
        differs="unordered-listings",
    )
    add("down", "s3://b d", objects=same)
    add("down: nothing", "s3://b d", objects=same, files=old)
    add("down: newer", "s3://b d", objects=same, files={**old, "d/a": File(b"aa", -100)})
    add("down: older exact", "s3://b d --exact-timestamps", objects=same, files=old)
    add(
        "down: same exact",
        "s3://b d --exact-timestamps",
        objects=same,
        files={"d/a": File(b"aa", 0), "d/s/b": File(b"bbb", 0), "d/z": File(b"zzzz", 0)},
    )
    add("down: size", "s3://b d", objects=same, files={**old, "d/a": File(b"aaa", OLD)})
    add("down: size-only", "s3://b d --size-only", objects=same, files={**old, "d/a": File(b"aa", -100)})
    add("down: delete", "s3://b d --delete", objects=same, files={**old, "d/x": "x", "d/t/u": "u"})
    add("down: delete dryrun", "s3://b d --delete --dryrun", objects=same, files={**old, "d/x": "x"})
    add("down: delete exclude", "s3://b d --delete --exclude 'x*'", objects=same, files={**old, "d/x": "x", "d/y": "y"})
    add("down: markers", "s3://b d", objects={"b/m/": "", "b/m/x": "x"})
    add("down: dryrun new folder", "s3://b d --dryrun", differs="dryrun-folders", objects=same)
    add("down: missing bucket", "s3://nob d", objects=same)
    add("down: no-overwrite", "s3://b d --no-overwrite", objects=same, files={"d/a": "longer"})
    add(
        "down: delete no-follow",
        "s3://b d --delete --no-follow-symlinks",
        objects=same,
        files={**old, "d/l": Link("../e"), "e/x": "x"},
    )
    add("down: delete dangling", "s3://b d --delete", objects=same, files={**old, "d/l": Link("nowhere")})
    add(
        "down: delete through link",
        "s3://b d --delete",
        objects=same,
        files={**old, "d/l": Link("../e"), "e/x": "x"},
        differs="delete-through-links",
    )
    add("copy", "s3://b s3://c", objects=same, buckets=("b", "c"))
    add("copy: nothing", "s3://b s3://c", objects={**same, "c/a": "aa", "c/s/b": "bbb", "c/z": "zzzz"})
    add("copy: newer", "s3://b s3://c", objects={**same, "c/a": Object(b"aa", age=100), "c/s/b": "bbb", "c/z": "zzzz"})
    add(
        "copy: exact",
        "s3://b s3://c --exact-timestamps",
        objects={**same, "c/a": Object(b"aa", age=-100), "c/s/b": "bbb", "c/z": "zzzz"},
    )
    add("copy: delete", "s3://b s3://c --delete", objects={**same, "c/a": "aa", "c/x": "x"})
    add("copy: onto itself", "s3://b s3://b", objects=same)
    add("copy: prefixes", "s3://b/s s3://b/t", objects=same)
    return out


def configured() -> list[Scenario]:
    settings = {
        "rate without unit": "max_bandwidth = 1MB",
        "rate nonsense": "max_bandwidth = foo",
        "rate good": "max_bandwidth = 100MB/s",
        "rate bits": "max_bandwidth = 100Mb/s",
        "size nonsense": "multipart_threshold = 5XB",
        "size text": "multipart_chunksize = abc",
        "zero requests": "max_concurrent_requests = 0",
        "text requests": "max_concurrent_requests = many",
        "one request": "max_concurrent_requests = 1",
        "queue": "max_queue_size = -1",
        "client": "preferred_transfer_client = own",
        "client crt": "preferred_transfer_client = crt",
        "client classic": "preferred_transfer_client = classic",
        "client default": "preferred_transfer_client = default",
        "crt settings with classic": "preferred_transfer_client = classic\n  target_bandwidth = 10Gb/s\n  should_stream = true\n  disk_throughput = 1GB/s\n  direct_io = true",
        "crt settings": "target_bandwidth = 10Gb/s\n  should_stream = true\n  disk_throughput = 1GB/s",
        "classic settings with crt": "preferred_transfer_client = crt\n  max_concurrent_requests = 3\n  max_queue_size = 10\n  io_chunksize = 1MB\n  max_bandwidth = 1MB/s",
        "classic settings": "max_concurrent_requests = 3\n  max_queue_size = 10",
        "io": "io_chunksize = 1MB",
        "unknown": "nothing_known = 1",
    }  # fmt: skip
    return [
        Scenario(f"config: {name}", "s3 cp f s3://b/", files={"f": File(b"x", OLD)}, config=f"s3 =\n  {text}\n")
        for name, text in settings.items()
    ] + [
        Scenario(
            "config: s3 no map",
            "s3 cp f s3://b/",
            files={"f": File(b"x", OLD)},
            config="s3 = x\n",
            differs="plain-errors",
        ),
        Scenario("config: bad but ls", "s3 ls s3://b/", config="s3 =\n  max_bandwidth = foo\n"),
        Scenario("config: bad but rm", "s3 rm s3://b/x", config="s3 =\n  max_bandwidth = foo\n"),
        Scenario(
            "no credentials",
            "s3 cp f s3://b/",
            files={"f": "x"},
            env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        ),
        Scenario(
            "no credentials: recursive down",
            "s3 cp s3://b x --recursive",
            objects=KEYS,
            env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        ),
        Scenario("no credentials: ls", "s3 ls", env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}),
        Scenario(
            "no credentials: unsigned",
            "s3 cp s3://b/q . --no-sign-request",
            objects=KEYS,
            env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        ),
        Scenario("no region", "s3 ls", region=None),
        Scenario("no region: cp", "s3 cp f s3://b/", files={"f": "x"}, region=None),
        Scenario("no region: mb", "s3 mb s3://new", region=None),
    ]


def odds_and_ends() -> list[Scenario]:
    one = {"f.txt": File(b"hello", OLD), "meta.json": '{"a": "from file"}', "type": "text/from-file"}
    lines: dict[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {
        "copy with source region": ("cp s3://b/q s3://b/r --source-region eu-west-1", {}, KEYS),
        "metadata from a file": ("cp f.txt s3://b/ --metadata file://meta.json", one, {}),
        "content type from a file": ("cp f.txt s3://b/ --content-type file://type", one, {}),
        "metadata from no file": ("cp f.txt s3://b/ --metadata file://none", one, {}),
        "key from no file": ("cp f.txt s3://b/ --sse-c --sse-c-key fileb://none", one, {}),
        "filters with equals": ("cp d s3://b --recursive --exclude=* --include=z", TREE, {}),
        "filter behind a dash": ("cp d s3://b --recursive --exclude -x", TREE, {}),
        "filter like an option": ("cp d s3://b --recursive --no-progress --exclude --dryrun", TREE, {}),
        "double slash key": ("cp f.txt s3://b/a//b", one, {}),
        "only slashes": ("cp f.txt s3://b//", one, {}),
        "no bucket": ("cp f.txt s3:///k", one, {}),
        "question mark": ("cp 's3://b/a?b=c&d' .", {}, {"b/a?b=c&d": "x"}),
        "rm prefix that is a key": ("rm s3://b/d --recursive", {}, {"b/d": "1", "b/d/x": "2", "b/dd": "3"}),
        "sync what is included": (
            "sync d s3://b --exclude '*' --include 'z*' --delete",
            TREE,
            {"b/zz": "1", "b/y": "2"},
        ),
        "expected size of a file": ("cp f.txt s3://b/ --expected-size 10", one, {}),
        "expected size of nothing": ("cp f.txt s3://b/ --expected-size x", one, {}),
        "mb in capitals": ("mb s3://UPPER", {}, {}),
        "rb nothing": ("rb s3://", {}, {}),
        "rb access point": ("rb s3://arn:aws:s3:us-east-1:123456789012:accesspoint/x/k", {}, {}),
        "ls recursive buckets": ("ls --recursive", {}, {}),
        "ls payer bogus": ("ls s3://b --request-payer bogus", {}, {}),
        "ls with plus": ("ls 's3://b/a+b/'", {}, {"b/a+b/c": "1", "b/a b/d": "2"}),
        "ls control characters": ("ls s3://b --recursive", {}, {"b/a\tb": "1", "b/a\nb": "2"}),
        "website with key": ("website s3://b/key --index-document i", {}, {}),
        "cp recursive into itself": ("cp s3://b/q s3://b/q/r --recursive --dryrun", {}, {"b/q/a": "1"}),
        "cp with page size": ("cp s3://b/p x --recursive --page-size 1 --no-progress", {}, KEYS),
        "two dashes": ("cp -- f.txt s3://b/", one, {}),
        "paths among options": ("cp --no-progress f.txt --acl private s3://b/", one, {}),
        "grants then path": ("cp --grants read=id=1 -- f.txt s3://b/", one, {}),
        "all at once": (
            "cp d s3://b/t --recursive --exclude '*' --include 's/*' --storage-class STANDARD_IA --metadata k=v "
            "--cache-control no-store --content-language en --no-progress",
            TREE,
            {},
        ),
        "sync with metadata": ("sync s3://b/p s3://b/t --metadata a=b --no-progress", {}, KEYS),
        "sync with directive": ("sync s3://b/p s3://b/t --metadata-directive REPLACE --no-progress", {}, KEYS),
        "mv with filters": ("mv s3://b/p s3://b/t --recursive --exclude 's/*' --no-progress", {}, KEYS),
        "download over a link": ("cp s3://b/q l --no-progress", {"l": Link("t"), "t": "target"}, KEYS),
        "download over what is read-only": ("cp s3://b/q t --no-progress", {"t": File(b"old", 0, 0o444)}, KEYS),
        "upload of a link": ("cp l s3://b/", {"l": Link("f.txt"), **one}, {}),
        "upload of a folder link": ("cp l s3://b/ --recursive", {"l": Link("d"), **TREE}, {}),
        "upload of device": ("cp /dev/null s3://b/", {}, {}),
        "name of 250": (f"cp s3://b/q {'n' * 250} --no-progress", {}, KEYS),
        "name of 256": (f"cp s3://b/q {'n' * 256} --no-progress", {}, KEYS),
        "zero part of a key": (
            "cp s3://b/d x --recursive --no-progress",
            {},
            {"b/d/a": "1", "b/d/a/": "", "b/d/b/": ""},
        ),
        "key and folder": ("cp s3://b x --recursive --no-progress", {}, {"b/z": "1", "b/z-": "2", "b/y/z": "3"}),
    }
    return [
        Scenario(f"odd: {name}", f"s3 {line}", files=files, objects=objects)
        for name, (line, files, objects) in lines.items()
    ]


SCENARIOS = [*odds_and_ends(), *usage(), *listing(), *buckets(), *copying(), *syncing(), *configured()]
assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
EPOCH = NOW.timestamp()
