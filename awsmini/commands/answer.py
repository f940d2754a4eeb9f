"""From the answer to the screen: --output, --query, color, width, pager."""

from typing import Any

from awsmini.commands.invocation import Invocation
from awsmini.format import renderer
from awsmini.format.output import print_answer, terminal
from awsmini.format.view import View
from awsmini.model.shapes import OperationModel
from awsmini.paths import as_list
from awsmini.records import Conversions


def show(invocation: Invocation, operation: OperationModel, answer: Any) -> None:
    """Print an answer (an output, or pages of it) as the global options say."""
    app, flags = invocation.app, invocation.flags
    is_tty, width = terminal(app.stdout)
    view = View(
        operation_name=operation.name,
        query=invocation.query,
        is_tty=is_tty,
        width=width,
        color=flags.get("color", "auto"),
        no_color=bool(app.env.get("NO_COLOR")),
        output_shape=operation.output_shape,
        result_keys=tuple(as_list((operation.paginator or {}).get("result_key"))),
    )
    pager = "" if flags.get("no_cli_pager") else invocation.settings.value("pager")
    print_answer(answer, invocation.output, view, app, pager=pager)


def conversions(invocation: Invocation) -> Conversions:
    """What timestamps and blobs become in text."""
    return Conversions(timestamps=invocation.settings.value("cli_timestamp_format"), blobs="base64")


def check(invocation: Invocation) -> None:
    """Refuse, before anything is sent, an answer that could not be printed."""
    _ = invocation.query  # compiled here: a bad one is told before the call
    renderer(invocation.output)
