"""`awsmini s3 rb`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import flag, option
from awsmini.services.s3 import options

command = HandWritten(
    "rb",
    "awsmini.services.s3.buckets:remove",
    doc="Delete a bucket, which has to be empty.",
    arguments=(
        option("path", positional=True, required=True, doc="`s3://bucket`."),
        flag("force", doc="Delete all objects in the bucket first. Versions that are not the latest stay, and so does "
        "a bucket that has such."),
    ),
    literal=options.LITERAL,
)  # fmt: skip
