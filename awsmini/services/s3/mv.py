"""`awsmini s3 mv`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.services.s3 import options, transfers

command = HandWritten(
    "mv",
    transfers.mv,
    doc="Move files to S3, objects to files, or objects to objects: what has been copied is deleted at the source. "
    "Access points and their aliases may lead to the very bucket that is moved from: --validate-same-s3-paths finds "
    "that out before anything is lost.",
    arguments=(
        options.SEVERAL_PATHS,
        *options.TRANSFER,
        options.JSON,
        options.METADATA,
        options.COPY_PROPS_OPTION,
        options.METADATA_DIRECTIVE,
        options.RECURSIVE,
        options.VALIDATE_SAME_S3_PATHS,
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
