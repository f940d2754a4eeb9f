"""`awsmini s3 ls`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import flag, option
from awsmini.services.s3 import options

command = HandWritten(
    "ls",
    "awsmini.services.s3.listing:ls",
    doc="List buckets, or what is in one: the objects and folders at the level of a prefix, or with --recursive all "
    "objects below it. --output and --query do not count here.",
    arguments=(
        option(
            "paths",
            positional=True,
            nargs="?",
            doc="`s3://bucket/prefix`; without it, the buckets are listed. Where nothing begins with the prefix as it is, "
            "`*` is any text but `/`, `**` any text, `?` one character, `[abc]` one of them; what fits is shown by its "
            "whole key.",
        ),
        options.RECURSIVE,
        options.PAGE_SIZE,
        flag("human-readable", doc="Show sizes in KiB, MiB and so on."),
        flag("summarize", doc="Show at the end how many objects there are, and their size in all."),
        options.REQUEST_PAYER,
        option("bucket-name-prefix", doc="List the buckets whose names begin so."),
        option("bucket-region", doc="List the buckets of this region."),
        options.JSON,
    ),
    literal=options.LITERAL,
)
