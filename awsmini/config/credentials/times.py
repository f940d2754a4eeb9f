"""Times in configuration and caches: text to an aware datetime and back."""

import re
from datetime import datetime, timedelta, timezone

from awsmini.errors import AwsminiError

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9})\d*)?)?)?"
    r"\s*(?:(Z|UTC|GMT)|([+-])(\d\d):?(\d\d)?)?",
    re.IGNORECASE,
)
_RFC1123 = re.compile(r"\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class UnknownTimeError(AwsminiError, ValueError):
    def __init__(self, text: str) -> None:
        super().__init__(f"Unknown string format: {text}" if text else "String does not contain a date: ")


def parse_time(text: object) -> datetime:
    """An aware datetime from ISO 8601 text, with or without punctuation; UTC where no zone is named."""
    if isinstance(text, datetime):
        return text if text.tzinfo else text.replace(tzinfo=timezone.utc)
    words = str(text).strip()
    try:
        if found := _ISO.fullmatch(words):
            return _from_iso(found)
        if found := _RFC1123.fullmatch(words):
            day, month, year, *clock = found.groups()
            hour, minute, second = map(int, clock)
            return datetime(int(year), _MONTHS.index(month) + 1, int(day), hour, minute, second, tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        pass
    raise UnknownTimeError(words)


def _from_iso(found: "re.Match[str]") -> datetime:
    year, month, day, hour, minute, second, fraction, _, sign, zone_hours, zone_minutes = found.groups()
    offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
    zone = timezone(-offset if sign == "-" else offset) if sign else timezone.utc
    microsecond = int((fraction or "0").ljust(6, "0")[:6])
    return datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), microsecond, tzinfo=zone
    )


def utc_text(time: datetime) -> str:
    """`2030-01-31T12:00:00Z`: how tokens and registrations are kept."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
