"""`awsmini s3 apply`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.services.s3 import options

command = HandWritten(
    "apply",
    "awsmini.services.s3.applying:run",
    doc="Do what a plan of `awsmini s3 sync --plan` says, or one part of it. What is no longer as it was planned fails, "
    "and is neither transferred nor deleted. A plan may be applied again: it transfers again, and what is gone counts as "
    "deleted. See `awsmini help s3-plans`.",
    arguments=(
        options.PLANNED,
        options.SHARD,
        options.DRYRUN,
        options.QUIET,
        options.ONLY_SHOW_ERRORS,
        options.JSON,
        options.NO_PROGRESS,
        options.PROGRESS,
        options.PROGRESS_FREQUENCY,
        options.PROGRESS_MULTILINE,
        options.PLANNED_SSE_C_KEY,
        options.PLANNED_SOURCE_KEY,
        *options.CLUSTER,
    ),
    literal=options.LITERAL,
)
