"""Which commands only read: by their first words, for no model says it. What is not known here counts as changing."""

from collections.abc import Sequence

READING = frozenset(
    [
        "decode",
        "describe",
        "download",
        "estimate",
        "filter",
        "find",
        "get",
        "head",
        "help",
        "list",
        "lookup",
        "preview",
        "query",
        "scan",
        "search",
        "select",
        "simulate",
        "tail",
        "validate",
        "view",
        "wait",
    ]
)
_WITH_BATCH = ("batch", "bulk", "admin")  # `batch-get-item`, `admin-list-devices`
# Commands that read and do not begin so.
_READ = {("s3", "ls"), ("s3", "du"), ("s3", "cat"), ("s3", "head"), ("s3", "find"), ("s3", "tree"), ("s3", "presign"),
         ("sts", "assume-role"), ("logs", "start-live-tail"), ("ddb", "select"), ("kms", "decrypt")}  # fmt: skip


def only_reads(words: Sequence[str]) -> bool:
    """Whether `service operation` makes nothing, changes nothing and deletes nothing."""
    command = tuple(words[:2])
    if command in _READ or len(command) < 2:
        return True
    first, _, rest = command[1].partition("-")
    if first in _WITH_BATCH:
        first = rest.partition("-")[0]
    return first in READING
