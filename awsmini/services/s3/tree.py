"""`awsmini s3 tree`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import flag, option
from awsmini.services.s3 import options

command = HandWritten(
    "tree",
    "awsmini.services.s3.drawing:tree",
    doc="Draw the folders and objects below a prefix as a tree. It is written while it is listed, folder by folder, with a "
    "request for each folder at least; what is below --depth is not asked for. The exit code is 1 where a prefix has "
    "nothing.",
    arguments=(
        option(
            "path",
            positional=True,
            required=True,
            doc="`s3://bucket/prefix`. A prefix counts as it is typed: that of a folder ends in `/`.",
        ),
        option("depth", doc="How many levels are shown: all where nothing is said."),
        flag("human-readable", doc="Show the sizes of objects before their names, in KiB, MiB and so on."),
        options.PAGE_SIZE,
        options.REQUEST_PAYER,
    ),
    literal=options.LITERAL,
)
