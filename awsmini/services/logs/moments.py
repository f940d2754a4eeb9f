"""The moments that `logs tail` is asked about: `10m` is ten minutes ago, anything else a timestamp."""

import re
from datetime import datetime, timedelta, timezone

from awsmini.errors import AwsminiError
from awsmini.serialize.timestamps import parse_timestamp, to_utc

_AGO = re.compile(r"(\d+)([smhdw])\n?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
# dateutil's way to write a time of day, which AWS CLI v2 takes `5h30m` for: no sum of hours and minutes.
_WORDS = {
    "hour": r"\s*h(?:ours?)?",
    "minute": r"\s*m(?:inutes?)?",
    "second": r"\s*s(?:econds?)?",
}
_OF_DAY = re.compile(
    r"\s*" + r"\s*".join(rf"(?:(?P<{name}>\d\d?){word})?" for name, word in _WORDS.items()) + r"\s*", re.IGNORECASE
)


class MomentError(AwsminiError):
    """A text that names no moment."""


def milliseconds(text: str, now: datetime) -> int:
    """Milliseconds since 1970 of the moment that a text names. Raises AwsminiError where it names none."""
    try:
        return int(_moment(text, now).timestamp() * 1000)
    except OverflowError as error:
        raise MomentError(f'Invalid timestamp "{text}": {error}') from None
    except ValueError as error:
        raise MomentError(f'Invalid timestamp "{text}": {_reason(text, error)}') from None


def _moment(text: str, now: datetime) -> datetime:
    if ago := _AGO.fullmatch(text):
        return now - timedelta(seconds=int(ago[1]) * _SECONDS[ago[2]])
    today = now.astimezone().date()  # what a time without a date belongs to, though it is one of UTC
    of_day = _OF_DAY.fullmatch(text)
    if of_day and of_day.lastgroup:
        hour, minute, second = map(int, of_day.groups("0"))
        return datetime(today.year, today.month, today.day, hour, minute, second, tzinfo=timezone.utc)
    return to_utc(parse_timestamp(text, lambda: today))


def _reason(text: str, error: ValueError) -> str:
    if not text.strip():
        return f"String does not contain a date: {text}"
    told = str(error)
    return f"{told}: {text}" if "must be in" in told else f"Unknown string format: {text}"
