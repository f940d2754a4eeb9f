"""The commands that open wizards: `awsmini <service> wizard <name>`."""

from functools import partial
from pkgutil import resolve_name

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError

OPEN = "awsmini.wizards.open:on_the_screen"  # prompt_toolkit: only a wizard that opens needs it


def group(service: str, wizards: dict[str, str]) -> HandWritten:
    """`wizard`, which does nothing by itself. `wizards` maps names to references of their commands."""
    return HandWritten(
        "wizard",
        partial(_no_name, service=service),
        doc="Make something new by answering questions on the terminal.",
        subcommands=wizards,
    )


def wizard(service: str, name: str, doc: str) -> HandWritten:
    """One wizard; its questions are `data/wizards/<service>.<name>.yaml`."""
    return HandWritten(name, partial(_run, service=service, name=name), doc=doc)


def _run(invocation: Invocation, _values: Values, *, service: str, name: str) -> int:
    code: int = resolve_name(OPEN)(invocation, service, name)
    return code


def _no_name(_invocation: Invocation, _values: Values, *, service: str) -> int:
    raise ParamValidationError(
        f"usage: awsmini [options] {service} wizard <subcommand> [parameters]\nawsmini: [ERROR]: too few arguments"
    )
