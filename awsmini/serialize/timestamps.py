"""Timestamps: from what a user writes to a moment in UTC, and from a moment to the three formats of the wire.

A user may write ISO 8601 (whole, or just the date), epoch seconds, the date of an HTTP header or plain English
(`dates.py`). Without a zone UTC is meant, whatever TZ says.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import AwsminiError

_DATES = "awsmini.serialize.dates:parse_date"  # a dozen regular expressions, for the rarer ways to write a date

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class TimestampRangeError(AwsminiError):
    """A number that is no moment, however it is read: milliseconds mostly."""

    def __init__(self, value: object) -> None:
        super().__init__(f'Unable to calculate correct timezone offset for "{value}"')


# The formats are written out rather than made with strftime: its %a and %b follow the locale, its %Y does not pad.


def iso8601(moment: datetime) -> str:
    """`2021-10-02T13:00:00Z`, with microseconds where there are any."""
    fraction = f".{moment.microsecond:06d}" if moment.microsecond else ""
    return (
        f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"
        f"T{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}{fraction}Z"
    )


def unix_timestamp(moment: datetime) -> int | float:
    """Seconds since 1970: an integer, or a float where the moment has microseconds."""
    since = moment.replace(tzinfo=timezone.utc) - _EPOCH
    seconds = since.days * 86_400 + since.seconds
    return (seconds * 10**6 + moment.microsecond) / 10**6 if moment.microsecond else seconds


def http_date(moment: datetime) -> str:
    """`Sat, 02 Oct 2021 13:00:00 GMT`, the date of HTTP headers."""
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02d} {_MONTHS[moment.month - 1]} {moment.year:04d} "
        f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d} GMT"
    )


_FORMATS: dict[str, Callable[[datetime], Any]] = {
    "iso8601": iso8601,
    "unixtimestamp": unix_timestamp,
    "rfc822": http_date,
}


def formatter(name: str) -> Callable[[Any], Any]:
    """The function from a user's value to the wire; `name` is a model's `timestampFormat`, in any case."""
    form = _FORMATS[name.lower()]
    return lambda value: form(to_utc(value))


def to_utc(value: Any) -> datetime:
    """The moment meant by a datetime, a number or a text; raises ValueError or TypeError where none is."""
    moment = value if isinstance(value, datetime) else parse_timestamp(value)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def unknown_zone(value: Any) -> str | None:
    """The name of a zone in a text that is known neither here nor in AWS CLI v2; UTC is taken for it."""
    if not (isinstance(value, str) and any(map(str.isupper, value))):
        return None
    zone = parse_timestamp(value).tzinfo
    return getattr(zone, "name", None)


def parse_timestamp(value: Any, today: Callable[[], date] = date.today) -> datetime:
    """The datetime meant by epoch seconds or a text, naive where the text names no zone.

    Parts of the date that a text leaves out are today's, as in AWS CLI v2. Raises ValueError for texts that are
    no timestamp, TypeError for what is neither number nor text, and TimestampRangeError.
    """
    if not isinstance(value, (str, int, float)):
        raise TypeError(f"a timestamp is a number or a text, not {type(value).__name__}")
    try:
        seconds = float(value)
    except ValueError:
        return _parse_text(str(value), today)
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return _beyond_epoch(value, seconds)


def _beyond_epoch(value: str | int | float, seconds: float) -> datetime:
    """The moment of a number that is too large for epoch seconds: digits may be a date and a time, without a sign."""
    digits = str(value) if isinstance(value, str) and value.isascii() else ""
    if digits.isdigit() and len(digits) in (12, 14):
        return datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S")
    if digits.removeprefix("-").isdigit() or not -(2**63) <= seconds < 2**63:
        raise TimestampRangeError(value)
    raise ValueError(f"{value} is outside the years 1 to 9999")


def _parse_text(text: str, today: Callable[[], date]) -> datetime:
    if len(text) >= 19 and text[4] == text[7] == "-" and text[10] in "T ":
        try:
            return datetime.fromisoformat(text[:-1] + "+00:00" if text[-1] == "Z" else text)
        except ValueError:
            pass  # before Python 3.11 it reads but the strictest forms
    moment: datetime = resolve_name(_DATES)(text, today())
    return moment
