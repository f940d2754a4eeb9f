"""`awsmini search WORD ...`: commands by what they are called, take and answer, and by what AWS says of them."""

from functools import partial

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.commands.help import write_page
from awsmini.errors import ParamValidationError
from awsmini.help.index import index
from awsmini.help.page import Block, Rows, plain
from awsmini.help.prose import prose
from awsmini.help.search import Service, search
from awsmini.model.cli_names import cli_services
from awsmini.model.load import services
from awsmini.params.arguments import option

LIMIT = 25  # commands shown, where nothing else is asked for


def run(invocation: Invocation, values: Values) -> int:
    """Print what was found; the exit code is 1 where that is nothing."""
    limit = values.get("limit", LIMIT)
    if limit < 1:
        raise ParamValidationError("--limit is at least 1.")
    words = [part for word in values["word"] for part in word.split()]
    hits = search(
        words, _services(invocation), limit, lambda error: invocation.app.stderr.write(f"Left out: {error}\n")
    )
    if not hits:
        invocation.app.stderr.write(f"No command has {' and '.join(words)}.\n")
        return 1
    block: Block = Rows([(hit.command, plain(hit.why)) for hit in hits])
    write_page(invocation, [block])
    return 0


def _services(invocation: Invocation) -> list[Service]:
    models = invocation.models
    known = services()
    own = set(models.user_service_names())
    indexed = index(invocation.app.env)
    return [
        Service(
            command,
            known.get(name, {}).get("name", ""),
            partial(models.lines, name),
            partial(prose, name, models.user_folders),
            None if name in own else indexed.get(name),
        )
        for command, name in cli_services(models.service_names()).items()
    ]


command = HandWritten(
    "search",
    run,
    doc=(
        "Find commands by words, in their names, in the members and choices of what they take and answer, and with "
        "AWS's documentation installed (the extra `docs`) also there. All of the words have to be found; commands "
        "that have them in their names come first."
    ),
    arguments=(
        option("word", positional=True, required=True, nargs="+", doc="A word, or a part of one."),
        option("limit", convert=int, doc=f"How many commands to show. Default {LIMIT}."),
    ),
    literal=("word",),
)
