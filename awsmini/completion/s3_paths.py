"""Paths of the s3 commands: `s3://`, the buckets of the account, and what is in one, a folder at a time."""

from collections.abc import Iterator
from pkgutil import resolve_name

from awsmini.completion.candidate import Candidate
from awsmini.completion.position import Position
from awsmini.completion.resources import Listing
from awsmini.completion.values import World
from awsmini.system.switches import is_on

ASK = "awsmini.completion.remote:ask"  # threads and files: only names of the account need them
FLAGS = "awsmini.completion.remote:ANSWERED_BY"
SCHEME = "s3://"
BUCKETS = Listing("s3", "ListBuckets", "Buckets[].Name")
OBJECTS = "CommonPrefixes[].Prefix,Contents[].Key"


def candidates(position: Position, world: World) -> Iterator[Candidate]:
    """What a path in S3 may go on to. One that ends in `/` is a bucket or a folder."""
    typed = position.fragment
    if not typed.startswith(SCHEME):
        if SCHEME.startswith(typed):
            yield Candidate(SCHEME, is_open=True)
        return
    if not is_on(world.env, "AWSMINI_COMPLETE_REMOTE", True):
        return
    bucket, slash, key = typed.removeprefix(SCHEME).partition("/")
    if slash:
        folder = key[: key.rfind("/") + 1]
        question = Listing("s3", "ListObjectsV2", OBJECTS, {"Bucket": bucket, "Prefix": folder, "Delimiter": "/"})
        before, after = f"{SCHEME}{bucket}/", ""
    else:
        question, before, after = BUCKETS, SCHEME, "/"
    flags = {name: position.flags[name] for name in resolve_name(FLAGS) if name in position.flags}
    for name in resolve_name(ASK)(question, flags, world):
        text = f"{before}{name}{after}"
        yield Candidate(text, is_open=text.endswith("/"))
