"""`awsmini s3 du`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import flag, option
from awsmini.services.s3 import options

command = HandWritten(
    "du",
    "awsmini.services.s3.usage:du",
    doc="Show how much there is below each folder of a prefix: bytes, the number of objects, and the folder. The last "
    "line is the sum of all. The objects are listed, and nothing is kept but the sums that are shown. The exit code is "
    "1 where a prefix has nothing.",
    arguments=(
        option(
            "paths",
            positional=True,
            nargs="*",
            doc="`s3://bucket/prefix`, several if need be; without one, all buckets are summed up. A prefix counts as it "
            "is typed: that of a folder ends in `/`.",
        ),
        option("depth", doc="How many levels of folders are shown: 1 where nothing is said."),
        flag("human-readable", doc="Show sizes in KiB, MiB and so on."),
        flag("summarize", doc="Show the sum alone, as `--depth 0` does."),
        option(
            "sort",
            choices=("size", "name"),
            doc="What the folders are sorted by: name, which is so where nothing is said, or size, the largest first.",
        ),
        flag(
            "versions",
            doc="Count the old versions of objects too, and those of deleted objects. Delete markers have no bytes, and "
            "are not counted.",
        ),
        options.PAGE_SIZE,
        options.REQUEST_PAYER,
        options.JSON_SUMS,
        *options.CLUSTER_OF_BUCKETS,
    ),
    literal=options.LITERAL,
)
