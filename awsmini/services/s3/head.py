"""`awsmini s3 head`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import option
from awsmini.services.s3 import options

command = HandWritten(
    "head",
    "awsmini.services.s3.contents:head",
    doc="Show what S3 knows of an object without its content: size, time, ETag, checksums, content type, metadata, "
    "storage class. --output and --query count as they do for operations. The exit code is 1 where there is no such "
    "object.",
    arguments=(
        option("path", positional=True, required=True, doc="`s3://bucket/key`."),
        option("version-id", doc="The version of the object, where it is not the latest."),
        options.READ_SSE_C,
        options.SSE_C_KEY,
        options.REQUEST_PAYER,
    ),
    literal=options.LITERAL,
)
