"""`awsmini s3 presign`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import option
from awsmini.services.s3 import options

command = HandWritten(
    "presign",
    "awsmini.services.s3.buckets:presign",
    doc="Print a URL with which anybody can download an object for a time. Nothing is sent.",
    arguments=(
        option("path", positional=True, required=True, doc="`s3://bucket/key`."),
        option("expires-in", doc="Seconds that the URL is good for: 3600 where nothing is said, 604800 at most."),
    ),
    literal=options.LITERAL,
)
