"""Timestamps of every wire format as a datetime, or straight as the ISO 8601 text that commands print.

The wire has epoch seconds (a number, or text of one), ISO 8601 text and the dates of HTTP headers; which one
is told from the value, as botocore does, because services stray from what their model says.
"""

import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any

from awsmini.errors import ResponseParseError

_CLOCK = r"(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?"
_ISO = rf"(?P<year>\d{{4}})-?(?P<month>\d\d)-?(?P<day>\d\d)(?:[T ]{_CLOCK})? ?{_ZONE}"
# RFC 7231's three forms: `Wed, 01 Jan 2020 00:00:00 GMT`, `Wednesday, 01-Jan-20 …`, `Wed Jan  1 00:00:00 2020`.
_HTTP = rf"(?:[a-z]+, ?)?(?P<day>\d\d?)[ -](?P<month>[a-z]{{3}})[a-z]*[ -](?P<year>\d{{4}}|\d\d) {_CLOCK} ?{_ZONE}"
_ASCTIME = rf"[a-z]{{3}} (?P<month>[a-z]{{3}}) +(?P<day>\d\d?) {_CLOCK} ?{_ZONE} (?P<year>\d{{4}})"
_FORMS = (_ISO, _HTTP, _ASCTIME)  # compiled when one is met: most timestamps never come to them
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def to_datetime(value: Any) -> datetime:
    """The moment meant: in the local zone for epoch seconds, else in the zone written (none: without one).

    Raises ResponseParseError for what is no timestamp.
    """
    if isinstance(value, int | float):
        return _from_epoch(value)
    if isinstance(value, str) and _is_plain(value):
        with suppress(ValueError):
            return datetime.fromisoformat(f"{value[:-1]}+00:00")
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        pass
    else:
        return _from_epoch(seconds)
    found = _from_text(value) if isinstance(value, str) else None
    if found is None:
        raise ResponseParseError(f'Invalid timestamp "{value}": Unknown string format: {value}')
    return found


def to_iso8601(value: Any) -> str:
    """The text that commands print, such as `2020-01-01T00:00:00.123000+00:00`; raises as `to_datetime` does."""
    if isinstance(value, str) and _is_plain(value):  # most are, so these are only looked at
        seconds, fraction = value[:19], value[19:-1]
        try:
            datetime.fromisoformat(seconds)
        except ValueError:
            pass  # told below
        else:
            if fraction in {"", ".000"}:
                return f"{seconds}+00:00"
            if fraction[1:].isdecimal() and fraction.isascii():
                return f"{seconds}{fraction}000+00:00"
    return to_datetime(value).isoformat()


def as_sent(value: Any) -> Any:
    """The value itself, for `cli_timestamp_format = wire`."""
    return value


def _is_plain(text: str) -> bool:
    """Whether it has the form of `2020-01-01T00:00:00Z` or `2020-01-01T00:00:00.123Z`."""
    return (
        len(text) in {20, 24}
        and text[7] == "-"
        and text[10] == "T"
        and text[11:13] != "24"
        and text[16] == ":"
        and text[-1] == "Z"
        and text[19] in ".Z"
    )


CONVERTERS: dict[str, Callable[[Any], Any]] = {"datetime": to_datetime, "iso8601": to_iso8601, "wire": as_sent}


def _from_epoch(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, _local_zone(seconds))
    except (OverflowError, OSError):
        pass  # outside the platform's range: count from the epoch
    except ValueError as error:
        raise ResponseParseError(str(error)) from error
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError) as error:
        raise ResponseParseError(f'Unable to calculate correct timezone offset for "{seconds}"') from error


def _local_zone(seconds: float) -> timezone:
    """The local offset, by the zone's present rules whatever the year, as AWS CLI v2 prints it."""
    summer = time.daylight and time.localtime(seconds).tm_isdst > 0
    return timezone(timedelta(seconds=-(time.altzone if summer else time.timezone)))


def _from_text(text: str) -> datetime | None:
    for form in _FORMS:
        if found := re.fullmatch(form, text, re.IGNORECASE):
            try:
                return _assemble(found.groupdict())
            except ValueError as error:
                raise ResponseParseError(f'Invalid timestamp "{text}": {error}: {text}') from error
    return None


def _assemble(parts: Mapping[str, str | None]) -> datetime:
    month = parts["month"] or ""
    return datetime(
        _full_year(parts["year"] or ""),
        int(month) if month.isdigit() else _MONTHS.index(month.lower()) + 1,
        int(parts["day"] or 0),
        int(parts["hour"] or 0),
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
        int((parts["fraction"] or "0")[:6].ljust(6, "0")),
        tzinfo=_zone(parts["zone"]) if parts["zone"] else None,
    )


def _full_year(digits: str) -> int:
    """Two digits mean the year nearest to now, at most 50 ahead (RFC 7231, 7.1.1.1)."""
    year = int(digits)
    if len(digits) == 4:
        return year
    now = time.gmtime().tm_year
    year += now // 100 * 100
    return year - 100 if year > now + 50 else year


def _zone(text: str) -> timezone:
    if text[0] not in "+-":
        return timezone.utc
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
