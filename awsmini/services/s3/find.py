"""`awsmini s3 find`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import flag, option
from awsmini.services.s3 import options

_MOMENT = (
    "An age is a number and s, m, h, d or w for seconds, minutes, hours, days or weeks, such as 7d; a date is a "
    "timestamp, in UTC where it names no other zone."
)

command = HandWritten(
    "find",
    "awsmini.services.s3.finding:find",
    doc="Print the objects below a prefix that all of the tests are true of: `s3://bucket/key`, one a line. Patterns know "
    "`*` for any text, `?` for one character, `[abc]` for one of them and `[!abc]` for none of them. Sizes are bytes, or "
    "numbers with KiB, MiB, GiB or TiB. The exit code is 1 where nothing is found.",
    arguments=(
        option(
            "paths",
            positional=True,
            required=True,
            nargs="+",
            doc="`s3://bucket/prefix`, several if need be. A prefix counts as it is typed: that of a folder ends in `/`.",
        ),
        option("name", doc="A pattern for the last part of the key."),
        option("path", doc="A pattern for the whole key; `*` is any text, `/` too."),
        option("larger", doc="More bytes than this."),
        option("smaller", doc="Fewer bytes than this."),
        option("older", doc=f"Last written longer ago than this age, or before this date. {_MOMENT}"),
        option("newer", doc="Last written no longer ago than this age, or at this date or after it."),
        option("storage-class", choices=options.FOUND_CLASSES, doc="The storage class."),
        flag(
            "print0",
            short="-0",
            doc="End each name with a NUL character and not with a new line, for `xargs -0`. `-0` is the same.",
        ),
        options.PAGE_SIZE,
        options.REQUEST_PAYER,
        options.JSON,
    ),
    literal=options.LITERAL,
)
