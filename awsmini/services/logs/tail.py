"""`awsmini logs tail`: the events of log groups, and with --follow those that are to come."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, cast

from awsmini.client import Client
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.format.color import RESET
from awsmini.format.output import ReaderGone, Write, open_output
from awsmini.params.arguments import flag, option
from awsmini.services.logs.groups import NoSuchGroupError, named
from awsmini.services.logs.lines import Event, Line, Style, line_of
from awsmini.services.logs.live_following import follow_live, session_params
from awsmini.services.logs.moments import milliseconds
from awsmini.services.logs.picks import Pick, fields, json_path
from awsmini.services.logs.polling import PAUSE, Asked, follow, once

RECORDS = "ndjson"
SINCE = "10m"
RUN = 1000  # lines that are written at once


def _run(invocation: Invocation, values: Values) -> int:
    client = invocation.session.client("logs")
    pick = _pick(values)
    asked = _asked(invocation, values)
    words = values["group_name"]
    words = [words] if isinstance(words, str) else words  # the one name in a file
    groups = named(words, partial(_pages, client, "describe_log_groups"), parts="all_matching" in values)
    colored = is_colored(invocation)
    style = Style(colored=colored, with_group=len(groups) > 1, pick=pick)
    format_name = _format(invocation, values)
    asked = asked._replace(with_names=style.with_group or format_name == RECORDS)
    line = line_of(format_name, style)
    with suppress(ReaderGone), open_output(invocation.app) as (write, flush):
        lines = _Lines(line, write, flush)

        def pause() -> None:
            lines.flushed()
            invocation.app.sleep(PAUSE)

        try:
            if values.get("follow"):
                polled = partial(_polled, client, lines.told)
                params = session_params(groups, asked) if "live" in values else None
                with suppress(KeyboardInterrupt):
                    if params is None:
                        lines.tell(zip(follow(polled, groups, asked, pause)))
                    else:
                        start = partial(_session, client, groups, params)
                        lines.tell(zip(follow_live(polled, groups, asked, start, lines.flushed)))
            else:
                lines.tell(once(partial(_read, client, lines.told), groups, asked))
        finally:
            lines.told()
            if colored and invocation.app.stdout.isatty():
                write(RESET)
            flush()
    return 0


def _asked(invocation: Invocation, values: Values) -> Asked:
    now = invocation.app.now()
    filters = {
        "filterPattern": values.get("filter_pattern"),
        "logStreamNames": values.get("log_stream_names"),
        "logStreamNamePrefix": values.get("log_stream_name_prefix"),
    }
    if "live" in values and not values.get("follow"):
        raise ParamValidationError("--live is a way to follow: give --follow with it.")
    if "until" in values:
        if values.get("follow"):
            raise ParamValidationError("--until is an end, and --follow has none: only one of them can be given.")
        filters["endTime"] = milliseconds(values["until"], now)
    start = milliseconds(values.get("since", SINCE), now)
    return Asked(start, {name: value for name, value in filters.items() if value is not None})


def _pick(values: Values) -> Pick | None:
    if "fields" in values and "json_path" in values:
        raise ParamValidationError("--fields and --json-path both say what is shown of a message: give one of them.")
    if "fields" in values:
        return fields([name for word in values["fields"] for name in word.split(",") if name])
    return json_path(values["json_path"]) if "json_path" in values else None


def _format(invocation: Invocation, values: Values) -> str:
    """The format asked for. Of the global --output, ndjson alone counts: the others are those of answers."""
    format_name: str = values.get("format", RECORDS if invocation.output == RECORDS else "detailed")
    return format_name


def is_colored(invocation: Invocation) -> bool:
    """Whether what goes to stdout has colors."""
    app, color = invocation.app, invocation.flags.get("color", "auto")
    return color == "on" or (color == "auto" and app.stdout.isatty() and not app.env.get("NO_COLOR"))


class _Lines:
    """Lines on their way out, some at a time: `told` is called before anybody waits."""

    def __init__(self, line: Line, write: Write, flush: Callable[[], object]) -> None:
        self._line = line
        self._write = write
        self._flush = flush
        self._kept: list[str] = []

    def tell(self, found: Iterable[Sequence[Event]]) -> None:
        """Tell of events, which come some at a time."""
        line, kept = self._line, self._kept
        for events in found:
            kept += map(line, events)
            if len(kept) >= RUN:
                self.told()

    def told(self) -> None:
        """Write what is kept."""
        text = "".join(self._kept)
        self._kept.clear()
        if text:
            self._write(text)

    def flushed(self) -> None:
        """The same, and let the reader have it."""
        self.told()
        self._flush()


def _pages(client: Client, method: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The answers to a listing, whatever --no-paginate says, as in AWS CLI v2."""
    return iter(client.get_paginator(method).paginate(**params))


def _read(client: Client, told: Callable[[], None], params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The pages of events."""
    for page in _pages(client, "filter_log_events", params):
        yield page
        told()


def _polled(client: Client, told: Callable[[], None], params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The same of a call that will be made again: the service may give the same token twice."""
    asked = dict(params)
    while True:
        page = client._make_api_call("FilterLogEvents", asked)
        yield page
        told()
        if "nextToken" not in page:
            return
        asked["nextToken"] = page["nextToken"]


def _session(client: Client, groups: Sequence[str], params: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """What a live session tells of groups. Raises what the client raises where they may have none."""
    arns = [_arn(client, group) for group in groups]
    stream = client._make_api_call("StartLiveTail", {"logGroupIdentifiers": arns, **params})["responseStream"]
    return cast(Iterable[Mapping[str, Any]], stream)


def _arn(client: Client, name: str) -> str:
    for page in _pages(client, "describe_log_groups", {"logGroupNamePrefix": name}):
        for group in page.get("logGroups", ()):
            if group["logGroupName"] == name:
                return str(group.get("logGroupArn") or group["arn"].removesuffix(":*"))
    raise NoSuchGroupError(f"No log group is named {name}.")


command = HandWritten(
    "tail",
    _run,
    doc="Print the events of log groups, from ten minutes ago up to now. Events of one group come in the order in which "
    "the service gives them, which is mostly, but not always, that of their time.\n\n"
    "Several groups may be named, also by globs, such as '/aws/lambda/*'; their events are then put together by time, "
    "and each is told with its group.\n\n"
    "--output ndjson prints each event as an object of its own, on one line.",
    arguments=(
        option(
            "group_name",
            positional=True,
            required=True,
            nargs="+",
            doc="The name of a log group, or a glob (with *, ? or [...]) for all groups that fit it. There may be several.",
        ),
        option(
            "since",
            doc="Where to begin: a timestamp (ISO 8601, or seconds since 1970), or a number and a unit for so long ago. "
            "The units are s, m, h, d and w, for seconds, minutes, hours, days and weeks: 30m is half an hour ago. "
            "10m where nothing else is said. There is one number and one unit: 5h30m is read as half past five, today.",
        ),
        flag("follow", doc="Go on: ask for further events every five seconds, until you stop it with Ctrl+C."),
        option(
            "format",
            choices=("detailed", "short", "json"),
            doc="How an event is printed. detailed, which is the default, has the time down to microseconds and with its "
            "zone, the log stream and the message; short has the time in seconds and the message; json is as "
            "detailed, and indents messages that are JSON.",
        ),
        option(
            "filter-pattern",
            doc="Print only the events that fit a filter pattern of CloudWatch Logs, such as ERROR or { $.level = 50 }.",
        ),
        option("log-stream-names", nargs="+", doc="Print only the events of these log streams."),
        option(
            "log-stream-name-prefix",
            doc="Print only the events of log streams whose name begins so. It excludes --log-stream-names.",
        ),
        flag(
            "all-matching",
            exact_only=True,
            doc="Take each name for a part of one: all log groups that have it in their name are read.",
        ),
        flag(
            "live",
            exact_only=True,
            doc="With --follow, be told of events as they come, by a live session of CloudWatch Logs, beside a poll each "
            "minute. Sessions cost by the minute, which polls do not: so this has to be asked for. What a session tells "
            "has no eventId in ndjson. Where there can be none (more than ten groups, streams chosen in more than one "
            "group, no permission, too many sessions), it is followed by polls alone, as without this option.",
        ),
        option(
            "until",
            exact_only=True,
            doc="Where to end: a timestamp, or so long ago, as for --since. Not with --follow.",
        ),
        option(
            "fields",
            exact_only=True,
            nargs="+",
            doc="Of messages that are JSON objects, print only these fields, with tabs in between and a dash for one that "
            "is not there. a.b is the field b in the field a. Other messages are printed in full.",
        ),
        option(
            "json-path",
            exact_only=True,
            doc="Of messages that are JSON, print only what this JMESPath expression finds in them.",
        ),
    ),
)
