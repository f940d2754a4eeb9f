"""From the answer to the screen: --output, --query, color, width, pager."""

from pkgutil import resolve_name
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.format import RECORDS, renderer
from awsmini.format.output import print_answer, terminal
from awsmini.format.view import View
from awsmini.model.shapes import OperationModel
from awsmini.records import Conversions

# Outputs that items of lists can be written in where they are parsed.
LISTINGS = {
    "json": "awsmini.format.written:json_listing",
    "ndjson": "awsmini.format.written:ndjson_listing",
    "text": "awsmini.format.written:text_listing",
}

GRID_LISTING = "awsmini.format.sparse:grid_listing"
CHECK_PICTURE = "awsmini.format.picture:check"


def show(invocation: Invocation, operation: OperationModel, answer: Any) -> None:
    """Print an answer (an output, or pages of it) as the global options say."""
    _print(invocation, answer, View.of(operation))


def show_value(invocation: Invocation, name: str, value: Any, *, empty_line: bool = False) -> None:
    """Print what no operation has answered, for the command of that name; after some, AWS CLI v2 has an empty line."""
    _print(invocation, value, View(name), end="\n" if empty_line and invocation.output not in RECORDS else "")


def _print(invocation: Invocation, answer: Any, what: View, *, end: str = "") -> None:
    app, view = invocation.app, _view(invocation, what)
    if invocation.take_answer:
        invocation.take_answer(answer, view)
    else:
        print_answer(answer, invocation.output, view, app, pager=pager(invocation), end=end)


def _view(invocation: Invocation, what: View) -> View:
    app, flags = invocation.app, invocation.flags
    is_tty, width = terminal(app.stdout)
    return what._replace(
        query=invocation.query,
        is_tty=is_tty,
        width=width,
        color=flags.get("color", "auto"),
        no_color=bool(app.env.get("NO_COLOR")),
        columns=tuple(filter(None, flags.get("columns", "").split(","))),
        sort_by=flags.get("sort_by"),
        wide=bool(flags.get("wide")),
        chart_x=flags.get("chart_x"),
        chart_y=flags.get("chart_y"),
        chart_file=flags.get("chart_file"),
        now=app.now(),
    )


def pager(invocation: Invocation) -> str | None:
    """The pager that answers go to: the setting, and "" where none is wanted."""
    chosen: str | None = "" if invocation.flags.get("no_cli_pager") else invocation.settings.value("pager")
    return chosen


def conversions(invocation: Invocation, paged: OperationModel | None = None) -> Conversions:
    """What timestamps and blobs become in text, and what list, of whole pages, is text at once."""
    made = None
    if paged and invocation.query is None and not invocation.take_answer:  # who takes an answer takes values
        if invocation.output == "grid":
            made = resolve_name(GRID_LISTING)(paged, _view(invocation, View.of(paged)))
        elif invocation.output in LISTINGS:
            made = resolve_name(LISTINGS[invocation.output])(paged)
    return Conversions(
        timestamps=invocation.settings.value("cli_timestamp_format"),
        blobs="base64",
        listing=made,
    )


def check(invocation: Invocation) -> None:
    """Refuse, before anything is sent, an answer that could not be printed."""
    _ = invocation.query  # compiled here: a bad one is told before the call
    renderer(invocation.output)
    if "chart_file" in invocation.flags:
        if invocation.output != "chart":
            raise ParamValidationError("--chart-file is for --output chart.")
        resolve_name(CHECK_PICTURE)(invocation.flags["chart_file"])
