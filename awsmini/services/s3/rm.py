"""`awsmini s3 rm`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.services.s3 import options, transfers

command = HandWritten(
    "rm",
    transfers.rm,
    doc="Delete objects, or with --recursive all objects below a prefix.",
    arguments=(
        options.OBJECTS,
        options.DRYRUN,
        options.QUIET,
        options.RECURSIVE,
        options.REQUEST_PAYER,
        options.INCLUDE,
        options.EXCLUDE,
        options.ONLY_SHOW_ERRORS,
        options.PAGE_SIZE,
        options.JSON,
        options.FROM_FILE,
        options.NULL,
        *options.CLUSTER_OF_BUCKETS,
    ),
    literal=options.LITERAL,
)
