"""`awsmini s3 cp`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.services.s3 import options, transfers

command = HandWritten(
    "cp",
    transfers.cp,
    doc="Copy files to S3, objects to files, or objects to objects. A destination that ends in `/`, a folder that is "
    "there and a bucket alone keep the name of the source. With `-` for a file, the content comes from stdin or goes "
    "to stdout.",
    arguments=(
        options.SEVERAL_PATHS,
        *options.TRANSFER,
        options.JSON,
        options.METADATA,
        options.COPY_PROPS_OPTION,
        options.METADATA_DIRECTIVE,
        options.EXPECTED_SIZE,
        options.RECURSIVE,
        options.CASE_CONFLICT,
        options.NO_OVERWRITE,
        options.PRESERVE_TIMES,
        options.PROGRESS,
        options.FROM_FILE,
        options.NULL,
        *options.CLUSTER,
    ),
    literal=options.LITERAL,
)
