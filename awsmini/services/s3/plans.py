"""Plans of transfers as text: a header, a line for each action, and a line that ends it, each a JSON object.

    {"format":"awsmini-s3-plan","version":1,"command":[…],"source":"/home/me/d/","destination":"s3://b/d/","options":{…}}
    {"action":"upload","source":"/home/me/d/f","destination":"s3://b/d/f","bytes":5,"etag":null,"last_modified":"…"}
    {"action":"delete","source":"s3://b/d/old","destination":null,"bytes":3,"etag":"…","last_modified":"…"}
    {"action":"end"}

Source and destination are those of the whole, and begin those of each action, which has one key below both. A line may
be taken out of a plan; one that lacks its end is cut off.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple, Protocol, TypeVar

from awsmini.errors import AwsminiError
from awsmini.services.s3 import paths
from awsmini.services.s3.job import KINDS, Job, Kind
from awsmini.services.s3.places import uri
from awsmini.transfer.listing_source import Times
from awsmini.transfer.local import FIRST_TIME, LAST_TIME, Entry

FORMAT, VERSION = "awsmini-s3-plan", 1
DELETE, END = "delete", "end"
LONGEST = 1024 * 1024  # bytes of a line
MOST = 2**63  # bytes of an object, and more than any store holds
NO_HEADER = "is not the first line of a plan of `s3 sync --plan`"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# The options that count for the transfers, and what they hold. Keys for encryption are none of them.
OPTIONS: Mapping[str, type] = {
    **dict.fromkeys(
        ("acl", "storage_class", "website_redirect", "content_type", "cache_control", "content_disposition",
         "content_encoding", "content_language", "expires", "sse", "sse_kms_key_id", "sse_c", "sse_c_copy_source",
         "request_payer", "checksum_mode", "checksum_algorithm", "copy_props", "metadata_directive", "source_region"),
        str,
    ),
    **dict.fromkeys(("guess_mime_type", "no_overwrite", "preserve_times", "delete_after"), bool),
    "grants": list,
    "metadata": dict,
}  # fmt: skip
_NO_NAMES = frozenset(("", ".", ".."))
_Item = TypeVar("_Item")


class PlanError(AwsminiError):
    """A plan that cannot be read, or that is none."""


class Plan(NamedTuple):
    """The header. Source and destination end in a separator, but for the `s3://bucket/` of a whole bucket's."""

    kind: Kind
    source: str
    destination: str
    options: Mapping[str, Any]

    def root(self, *, deletes: bool) -> str:
        """What the keys of the objects or files stand below."""
        return self.destination if deletes else self.source


class Action(NamedTuple):
    """One line: a transfer of an entry, or its deletion at the destination."""

    entry: Entry
    deletes: bool = False


# To text


def place(location: paths.Location) -> str:
    """A side as a plan has it: an absolute path, or `s3://bucket/prefix/`."""
    return location.root if location.kind == "local" else uri(location.bucket, location.root)


def header_line(job: Job) -> str:
    return _line(
        {
            "format": FORMAT,
            "version": VERSION,
            "command": ["s3", job.command, job.source_path, job.target_path],
            "source": place(job.source),
            "destination": place(job.target),
            "options": {name: job.values[name] for name in OPTIONS if name in job.values},
        }
    )


def action_line(action: str, source: str, destination: str | None, entry: Entry) -> str:
    return _line(
        {
            "action": action,
            "source": source,
            "destination": destination,
            "bytes": entry.size,
            "etag": entry.etag or None,
            "last_modified": time_text(entry.modified),
        }
    )


def end_line() -> str:
    return _line({"action": END})


def time_text(modified: float) -> str:
    """Seconds since 1970 as `2026-01-31T09:08:07.123456Z`."""
    moment = EPOCH + timedelta(microseconds=round(modified * 1_000_000))
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}Z".rjust(27, "0")  # the year 1 is four digits too


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":")) + "\n"


# From text


class Lines(Protocol):
    """What a plan is read from."""

    def readline(self, size: int, /) -> bytes:
        """The next line, and no more than so many bytes of it."""


class Reader:
    """The lines of a plan, checked. `name` is what errors call it. Raises PlanError, at once for the header."""

    def __init__(self, file: Lines, name: str) -> None:
        self._file, self._name = file, name
        self._number = 0
        self._seconds = Times().seconds
        self.plan = self._header()

    def actions(self) -> Iterator[Action]:
        """The actions that follow. Raises PlanError at the line that is none."""
        while True:
            record = self._record()
            action = record.get("action")
            if action == END:
                break
            if action not in (self.plan.kind, DELETE):
                raise self._error(f"has no action of this plan: {action!r}" if action else "is no action")
            yield self._action(record, deletes=action == DELETE)
        if self._read():
            raise self._error("follows the end")

    def _header(self) -> Plan:
        record = self._record()
        if record.get("format") != FORMAT:
            raise self._error(NO_HEADER)
        if record.get("version") != VERSION:
            raise self._error(f"is of version {record.get('version')!r}, and this awsmini knows version {VERSION}")
        sides = [record.get(name) for name in ("source", "destination")]
        if not all(isinstance(side, str) and side == _settled(side) for side in sides):
            raise self._error("has no source, or no destination")
        source, destination = map(str, sides)
        kind = KINDS.get((paths.is_s3(source), paths.is_s3(destination)))
        options = record.get("options")
        if kind is None or not isinstance(options, dict) or not _are_options(options):
            raise self._error("has sides or options that no plan has")
        return Plan(kind, source, destination, options)

    def _action(self, record: Mapping[str, Any], *, deletes: bool) -> Action:
        source, destination = record.get("source"), record.get("destination")
        root = self.plan.root(deletes=deletes)
        if not isinstance(source, str) or not source.startswith(root) or len(source) == len(root):
            raise self._error(f"has a source that is not below {root}")
        key = source[len(root) :]
        local = not paths.is_s3(root)
        if local and os.sep != "/":
            key = key.replace(os.sep, "/")
        if local and not _NO_NAMES.isdisjoint(key.split("/")):
            raise self._error(f"has a source that is not below {root}")
        if destination != (None if deletes else self._target(key)):
            raise self._error("has a destination that does not belong to its source")
        size, etag = record.get("bytes"), record.get("etag")
        if type(size) is not int or not 0 <= size < MOST or not (etag is None or isinstance(etag, str)):
            raise self._error("lacks what is known of its source")
        return Action(Entry(key, size, self._time(record.get("last_modified")), etag or ""), deletes)

    def _target(self, key: str) -> str:
        target = self.plan.destination
        return target + (key if paths.is_s3(target) or os.sep == "/" else key.replace("/", os.sep))

    def _time(self, text: Any) -> float:
        try:
            seconds = self._seconds(text)
        except (TypeError, ValueError, IndexError):
            seconds = LAST_TIME
        if not FIRST_TIME <= seconds < LAST_TIME:
            raise self._error("has no time in last_modified")
        return seconds

    def _record(self) -> dict[str, Any]:
        line = self._read()
        if not line:
            raise self._error(
                "is missing: the plan is cut off" if self._number > 1 else "is missing: the plan is empty"
            )
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict):
            if self._number == 1:
                raise self._error(NO_HEADER)
            is_whole = line.endswith(b"\n")
            raise self._error(
                "is no JSON object" if is_whole else "is cut off" if len(line) < LONGEST else "is too long"
            )
        return record

    def _read(self) -> bytes:
        self._number += 1
        try:
            return self._file.readline(LONGEST)
        except OSError as error:
            raise PlanError(f"{self._name} cannot be read: {error.strerror or error}") from None

    def _error(self, what: str) -> PlanError:
        return PlanError(f"{self._name}: line {self._number} {what}.")


def _settled(side: str) -> str | None:
    """A side as the plan of it would have it; None where it is relative, or names no bucket."""
    if paths.is_s3(side):
        location = paths.location(side, many=True)
        return place(location) if location.bucket else None
    return place(paths.location(side, many=True)) if os.path.isabs(side) else None


def _are_options(options: Mapping[str, Any]) -> bool:
    return all(isinstance(value, OPTIONS.get(name, ())) and _holds_texts(value) for name, value in options.items())


def _holds_texts(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(isinstance(each, str) for each in inner)


# Parts


def blocks(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """The items by so many. An error on the way comes after what came before it."""
    block: list[_Item] = []
    try:
        for item in items:
            block.append(item)
            if len(block) == size:
                yield block
                block = []
    except PlanError:
        yield block
        raise
    yield block


def shard(actions: Iterator[Action], index: int, count: int) -> Iterator[Action]:
    """The actions of one shard of so many, counted from 0.

    Each shard gets one of every `count` actions: the largest goes to the one that has the fewest bytes so far. Whoever
    goes through the plan comes to the same.
    """
    totals = [0] * count
    for block in blocks(actions, count):
        largest_first = sorted(range(len(block)), key=lambda at: -weight(block[at]))
        emptiest_first = sorted(range(count), key=totals.__getitem__)
        for at, taker in zip(largest_first, emptiest_first, strict=False):
            totals[taker] += weight(block[at])
            if taker == index:
                yield block[at]


def weight(action: Action) -> int:
    """The bytes that an action moves."""
    return 0 if action.deletes else action.entry.size
