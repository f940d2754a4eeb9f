"""`awsmini s3 sync`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.services.s3 import options, transfers

command = HandWritten(
    "sync",
    transfers.sync,
    doc="Bring a folder or a prefix up to date with another: what is missing or differs in size or time is copied. "
    "Nothing is deleted without --delete.",
    arguments=(
        options.TWO_PATHS,
        *options.TRANSFER,
        options.JSON,
        options.METADATA,
        options.COPY_PROPS_OPTION,
        options.METADATA_DIRECTIVE,
        options.CASE_CONFLICT,
        options.NO_OVERWRITE,
        options.SIZE_ONLY,
        options.EXACT_TIMESTAMPS,
        options.DELETE,
        options.MAX_DELETE,
        options.DELETE_AFTER,
        options.BACKUP_DIR,
        options.PRESERVE_TIMES,
        options.PROGRESS,
        options.CHECKSUM,
        options.PLAN,
        options.PLAN_FORMAT,
        *options.CLUSTER,
    ),
    literal=options.LITERAL,
)
