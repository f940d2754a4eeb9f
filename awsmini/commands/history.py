"""`awsmini history`: the commands of the past, where `cli_history = enabled` had them recorded.

The database is AWS CLI v2's, so each of the two shows what the other has done.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pkgutil import resolve_name
from typing import Any, NamedTuple

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.format.output import write_out
from awsmini.history import Command, Database, Event, HistoryError, existing, path, reading
from awsmini.history_secrets import SIGNATURE
from awsmini.params.arguments import option


def _run(_invocation: Invocation, _values: Values) -> int:
    raise ParamValidationError(
        "usage: awsmini [options] history <subcommand> [parameters]\nawsmini: [ERROR]: too few arguments"
    )


command = HandWritten(
    "history",
    _run,
    doc="Show commands that were run, where they are recorded: they are once `awsmini configure set cli_history "
    "enabled` was run. What the models call sensitive is not recorded, nor are signatures and tokens.",
    subcommands={
        "show": "awsmini.commands.history:show_command",
        "list": "awsmini.commands.history:list_command",
    },
)


ID_WIDTH, TIME_WIDTH, WORDS_WIDTH = 38, 24, 50


def _list(invocation: Invocation, _values: Values) -> int:
    env = invocation.app.env
    database = existing(env)
    try:
        lines = list(map(line, reading(database.commands(), path(env))))
    finally:
        database.close()
    if not lines:
        raise HistoryError(
            "No commands were found in your history. Make sure you have enabled history mode by adding "
            '"cli_history = enabled" to the config file.'
        )
    app = invocation.app._replace(env={"LESS": "SR", **env})  # long lines are cut, not wrapped
    write_out(lines, app, pager=pager(invocation))
    return 0


def line(command: Command) -> str:
    """The ID, the local time, the first two words, the exit code."""
    time = datetime.fromtimestamp(command.timestamp / 1000).strftime("%Y-%m-%d %I:%M:%S %p")
    words = " ".join(command.arguments[:2])
    if len(words) >= WORDS_WIDTH:
        words = f"{words[: WORDS_WIDTH - 4]}..."
    return f"{command.command_id:<{ID_WIDTH}}{time:<{TIME_WIDTH}}{words:<{WORDS_WIDTH}}{command.code}\n"


def pager(invocation: Invocation) -> str | None:
    """The setting of the pager; "" for none."""
    if invocation.flags.get("no_cli_pager"):
        return ""
    setting: str | None = invocation.settings.value("pager")
    return setting


list_command = HandWritten(
    "list", _list, doc="List the commands that were run, newest first: ID, time, words, exit code."
)


LATEST = "latest"
PRETTY_XML = "awsmini.commands.history_xml:pretty"  # minidom
_BRIGHT, _CYAN, _PLAIN = "\x1b[1m", "\x1b[36m", "\x1b[0m"


class Value(NamedTuple):
    """One line of a section: what it says, and the key of the payload it shows (None: the whole payload)."""

    description: str
    key: str | None = None
    render: Callable[[Any, Event], str] = lambda value, _: str(value)


class Section(NamedTuple):
    """How one kind of event is shown."""

    title: str | None
    values: tuple[Value, ...]


def _show(invocation: Invocation, values: Values) -> int:
    if values.get("include") and values.get("exclude"):
        raise ParamValidationError("Either --exclude or --include can be provided but not both")
    env = invocation.app.env
    database = existing(env)
    try:
        events = reading(_events(database, values.get("command_id", LATEST)), path(env))
        text = detailed(filter(_chosen(values), events), colored=_is_colored(invocation))
        write_out(text, invocation.app, pager=pager(invocation))
    finally:
        database.close()
    return 0


def _events(database: Database, command_id: str) -> Iterator[Event]:
    found = database.latest() if command_id == LATEST else command_id
    return iter(()) if found is None else database.events(found)


def _chosen(values: Values) -> Callable[[Event], bool]:
    include, exclude = values.get("include"), values.get("exclude") or ()
    return lambda event: event.event_type in include if include else event.event_type not in exclude


def _is_colored(invocation: Invocation) -> bool:
    color = invocation.flags.get("color", "auto")
    if color != "auto":
        return bool(color == "on")
    return invocation.app.stdout.isatty() and os.name != "nt" and not invocation.app.env.get("NO_COLOR")


def detailed(events: Iterator[Event], *, colored: bool) -> Iterator[str]:
    """The events as text. Those of one API call have its number before their title."""
    numbers: dict[str, int] = {}
    for event in events:
        section = SECTIONS.get(event.event_type)
        if section is None:
            continue
        if section.title:
            number = ""
            if event.request_id:
                number = f"[{numbers.setdefault(event.request_id, len(numbers))}] "
            yield f"\n{_styled(number + section.title, _BRIGHT, colored)}\n"
            yield f"{_styled('at time: ', _CYAN, colored)}{_time(event.timestamp)}\n"
        for value in section.values:
            shown = event.payload if value.key is None else event.payload[value.key]
            yield f"{_styled(f'{value.description}: ', _CYAN, colored)}{value.render(shown, event)}\n"


def _styled(text: str, style: str, colored: bool) -> str:
    return f"{style}{text}{_PLAIN}" if colored else text


def _time(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp / 1000).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _dictionary(value: Any, _event: Event) -> str:
    return json.dumps(value, sort_keys=True, indent=4)


def _headers(value: Any, event: Event) -> str:
    """AWS CLI v2 records whole signatures."""
    return SIGNATURE.sub(r"\1...", _dictionary(value, event))


def _body(body: Any, event: Event) -> str:
    if not body:
        return "There is no associated body"
    if event.payload.get("streaming", False):
        return "The body is a stream and will not be displayed"
    pretty: str | None = resolve_name(PRETTY_XML)(body) if body.lstrip()[:1] == "<" else None
    if pretty is not None:
        return pretty
    if body.startswith("{"):
        try:
            return _dictionary(json.loads(body), event)
        except ValueError:
            pass
    return str(body)


SECTIONS: Mapping[str, Section] = {
    "CLI_VERSION": Section("AWS CLI command entered", (Value("with AWS CLI version"),)),
    "CLI_ARGUMENTS": Section(None, (Value("with arguments"),)),
    "API_CALL": Section(
        "API call made",
        (
            Value("to service", "service"),
            Value("using operation", "operation"),
            Value("with parameters", "params", _dictionary),
        ),
    ),
    "HTTP_REQUEST": Section(
        "HTTP request sent",
        (
            Value("to URL", "url"),
            Value("with method", "method"),
            Value("with headers", "headers", _headers),
            Value("with body", "body", _body),
        ),
    ),
    "HTTP_RESPONSE": Section(
        "HTTP response received",
        (
            Value("with status code", "status_code"),
            Value("with headers", "headers", _dictionary),
            Value("with body", "body", _body),
        ),
    ),
    "PARSED_RESPONSE": Section("HTTP response parsed", (Value("parsed to", None, _dictionary),)),
    "CLI_RC": Section("AWS CLI command exited", (Value("with return code"),)),
}

show_command = HandWritten(
    "show",
    _show,
    doc="Show what happened in a command: its words, the API calls, requests and answers, the exit code.",
    arguments=(
        option(
            "command_id", positional=True, nargs="?", doc="The command's ID from the list; by default, the last one."
        ),
        option("include", nargs="+", doc="Only these kinds of event, such as API_CALL or HTTP_REQUEST."),
        option("exclude", nargs="+", doc="All kinds of event but these."),
        option("format", choices=("detailed",), doc="How it is shown. There is one way: detailed."),
    ),
)
