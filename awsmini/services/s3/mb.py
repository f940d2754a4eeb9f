"""`awsmini s3 mb`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import Argument, option
from awsmini.services.s3 import options

command = HandWritten(
    "mb",
    "awsmini.services.s3.buckets:make",
    doc="Make a bucket in the region that is set.",
    arguments=(
        option("path", positional=True, required=True, doc="`s3://bucket`."),
        Argument(
            "tags", "tags", nargs=2, gather=list, doc="A tag for the bucket: its key and its value. It may repeat."
        ),
    ),
    literal=options.LITERAL,
)
