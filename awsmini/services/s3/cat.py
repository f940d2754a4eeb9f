"""`awsmini s3 cat`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import option
from awsmini.services.s3 import options

command = HandWritten(
    "cat",
    "awsmini.services.s3.contents:cat",
    doc="Write the content of objects to stdout, one after the other. Lengths and checksums are checked as `cp` checks "
    "them, and what breaks goes on where it broke. An object that is not there is told, the others are written all the "
    "same, and the exit code is 1.",
    arguments=(
        option("paths", positional=True, required=True, nargs="+", doc="`s3://bucket/key`, several if need be."),
        option(
            "range",
            doc="The bytes of each object that are written, the first of which is 0: `0-99` the first hundred, `100-` all "
            "but those, `-100` the last hundred. `bytes=` may stand before it. A part of an object has no checksum: its "
            "length and the ETag are checked.",
        ),
        options.READ_SSE_C,
        options.SSE_C_KEY,
        options.REQUEST_PAYER,
    ),
    literal=options.LITERAL,
)
