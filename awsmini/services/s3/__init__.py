"""`awsmini s3`: the commands that people use most. `awsmini s3api` has the operations of the service."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError


def run(_invocation: Invocation, _values: Values) -> int:
    raise ParamValidationError(
        "usage: awsmini [options] s3 <subcommand> [parameters]\nawsmini: [ERROR]: too few arguments"
    )


command = HandWritten(
    "s3",
    run,
    doc="Copy, move, list and delete objects in S3, and bring folders up to date with it. Paths begin with `s3://`. "
    "The operations of the service themselves are under `awsmini s3api`.",
    subcommands={
        "ls": "awsmini.services.s3.ls:command",
        "website": "awsmini.services.s3.website:command",
        "cp": "awsmini.services.s3.cp:command",
        "mv": "awsmini.services.s3.mv:command",
        "rm": "awsmini.services.s3.rm:command",
        "sync": "awsmini.services.s3.sync:command",
        "apply": "awsmini.services.s3.apply:command",
        "mb": "awsmini.services.s3.mb:command",
        "rb": "awsmini.services.s3.rb:command",
        "presign": "awsmini.services.s3.presign:command",
        "du": "awsmini.services.s3.du:command",
        "cat": "awsmini.services.s3.cat:command",
        "head": "awsmini.services.s3.head:command",
        "find": "awsmini.services.s3.find:command",
        "tree": "awsmini.services.s3.tree:command",
    },
)
