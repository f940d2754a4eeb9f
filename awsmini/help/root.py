"""The page of `awsmini` itself. No model is opened for it."""

from collections.abc import Iterator
from pkgutil import resolve_name

from awsmini.commandline.globals import TARGET_OPTIONS, VIEW_OPTIONS
from awsmini.commands.tree import HAND_WRITTEN, Root
from awsmini.help import topics
from awsmini.help.handwritten import summary
from awsmini.help.options import global_options
from awsmini.help.page import STEP, Block, Code, Heading, Paragraph, Rows, inline, plain, sentence
from awsmini.help.subject import Subject
from awsmini.model.load import services

SYNOPSIS = """\
awsmini [options] <command> <subcommand> [<subcommand> ...] [parameters]
awsmini help
awsmini <command> help
awsmini <command> <subcommand> help
awsmini help topics
awsmini search <word> ..."""
ABOUT = (
    "The command line of Amazon Web Services, small and fast: every operation of every service is a command, and "
    "what works with AWS CLI v2 works here.",
    "A command is the name of a service and of an operation, as in `awsmini sts get-caller-identity`. Who calls, "
    "and where, is set up by `awsmini configure`, by environment variables, or by the options below; "
    "`awsmini help config-vars` tells them all.",
)


def page(subject: Subject) -> Iterator[Block]:
    root = subject.command
    assert isinstance(root, Root)
    yield Heading("NAME")
    yield Paragraph(inline("`awsmini` - call any operation of any service of AWS"), STEP)
    yield Heading("DESCRIPTION")
    yield from map(sentence, ABOUT)
    yield Heading("SYNOPSIS")
    yield Code(SYNOPSIS, STEP)
    yield from global_options()
    yield from global_options("OPTIONS FOR MANY PLACES", TARGET_OPTIONS)
    yield from global_options("OPTIONS OF GRIDS AND CHARTS", VIEW_OPTIONS)
    yield sentence("An operation's own option of one of these names wins behind the operation.")
    yield Heading("AVAILABLE COMMANDS")
    yield Rows([(name, inline(summary(resolve_name(HAND_WRITTEN[name])))) for name in sorted(HAND_WRITTEN)], STEP)
    yield Heading("AVAILABLE SERVICES")
    known = services()
    yield Rows(
        [(name, plain(known.get(model, {}).get("name", ""))) for name, model in sorted(root.services.items())], STEP
    )
    yield Heading("SEE ALSO")
    yield Rows(topics.rows(), STEP)
    yield sentence("More on each: `awsmini help <topic>`.")
