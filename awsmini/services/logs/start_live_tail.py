"""`awsmini logs start-live-tail`: the events of log groups as they come in, in lines or on a screen."""

import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pkgutil import resolve_name
from typing import Any

from awsmini.app import App
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.format.output import ReaderGone, open_output
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import option
from awsmini.params.context import Context
from awsmini.params.values import unpack
from awsmini.records import replace
from awsmini.serialize.parts import bad_params
from awsmini.services.logs.tail import is_colored

INTERACTIVE, PRINT_ONLY = "interactive", "print-only"
SCREEN = "awsmini.services.logs.live_screen:watch"  # prompt_toolkit
OPERATION = "StartLiveTail"

Updates = Iterable[Mapping[str, Any]]

_ARGUMENTS = (
    option(
        "log-group-identifiers",
        required=True,
        nargs="+",
        member="logGroupIdentifiers",
        doc="The ARNs of the log groups, ten at most, without `:*` at the end.",
    ),
    option(
        "log-stream-names",
        nargs="+",
        member="logStreamNames",
        doc="Show only the events of these log streams. For one log group alone.",
    ),
    option(
        "log-stream-name-prefixes",
        nargs="+",
        member="logStreamNamePrefixes",
        doc="Show only the events of log streams whose names begin so. For one log group alone, and not together with "
        "--log-stream-names.",
    ),
    option(
        "log-event-filter-pattern",
        member="logEventFilterPattern",
        doc="Show only the events that fit a filter pattern of CloudWatch Logs.",
    ),
    option(
        "mode",
        choices=(INTERACTIVE, PRINT_ONLY),
        doc="print-only, which is the default, prints the messages as they are. interactive shows them on a screen: up "
        "and down (and Ctrl+U and Ctrl+D) scroll, and q goes back to the latest; h highlights a term, of which "
        "there may be five, and c takes them away again; t switches between messages in JSON that are indented and "
        "messages as they are; Esc ends it.",
    ),
)


def _run(invocation: Invocation, values: Values) -> int:
    client = invocation.session.client("logs")
    params = _params(client._service_model.operation_model(OPERATION), invocation, values)
    stream = client._make_api_call(OPERATION, params)["responseStream"]
    if values.get("mode") != INTERACTIVE:
        print_messages(stream, invocation.app)
        return 0
    if not is_colored(invocation):
        raise ParamValidationError("Color is not allowed by your output. Use print-only mode or enable color.")
    resolve_name(SCREEN)(stream, invocation.app)
    return 0


def _params(operation: OperationModel, invocation: Invocation, values: Values) -> dict[str, Any]:
    """The parameters of the call. Lists may be given in JSON, too."""
    context = Context(encoding=invocation.app.env.get("AWS_CLI_FILE_ENCODING"))
    assert operation.input_shape is not None
    params = {}
    for argument in _ARGUMENTS:
        if argument.member is not None and argument.dest in values:
            shape = operation.input_shape.members[argument.member]
            value = unpack(replace(argument, shape=shape), values[argument.dest], context)
            _check_texts(value)
            params[argument.member] = value
    return params


def _check_texts(value: Any) -> None:
    """Refuse a list in JSON that holds anything but text."""
    problems = [
        f"Invalid type for parameter [{number}], value: {item}, type: {type(item)}, valid types: {str}"
        for number, item in enumerate(value if isinstance(value, list) else ())
        if not isinstance(item, str)
    ]
    if problems:
        raise bad_params("\n".join(problems))


def print_messages(stream: Updates, app: App) -> None:
    """Print what comes, until the service, the reader or the user has had enough.

    What ends the session is told on stdout, and is no failure: each session ends, after three hours at the latest.
    """
    with suppress(ReaderGone, KeyboardInterrupt), _ended_by_signals(), open_output(app) as (write, flush):
        try:
            for update in stream:
                for message in messages(update):
                    write(f"{message}\n")
                flush()
        except AwsminiError as error:
            write(f"{error}\n")
            flush()


def messages(update: Mapping[str, Any]) -> Iterator[str]:
    """The messages in an event of the stream, which may be none."""
    for result in update.get("sessionUpdate", {}).get("sessionResults") or ():
        yield result.get("message", "")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM end it as Ctrl+C does: as usual, not as a failure."""

    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # not the main thread: signals are another's
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


command = HandWritten(
    "start-live-tail",
    _run,
    doc="Show the events of log groups as they come in. A session takes three hours at most, and costs by the minute. "
    "Where more than 500 events come in a second, the service shows a part of them.",
    arguments=_ARGUMENTS,
)
