"""The rarer ways to write a date: `2021-10-02`, `Sat, 02 Oct 2021 13:00:00 GMT`, `10/2/2021 1:00 pm`, `20211002T1300`.

The time of day and the zone are cut out of the text, and what is left has to be a date of one of a few forms. What
is understood, and what a form means (month before day, today's day where there is none), is what AWS CLI v2's users
know from dateutil.
"""

import re
import time
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone, tzinfo

_MONTHS = ("january", "february", "march", "april", "may", "june",
           "july", "august", "september", "october", "november", "december")  # fmt: skip

_UTC = ("UTC", "GMT", "Z", "z")
_NAME = (  # of a zone: capitals that are no month, no day of the week and no half of the day
    r"(?!(?:AM?|PM?|JAN(?:UARY)?|FEB|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC"
    r"|MON|TUE|WED|THU|FRI|SAT|SUN)(?![A-Z]))(?-i:[A-Z]{1,5}(?![A-Za-z]))"
)
_OFFSET = r"[+-]\d\d?(?::?\d\d)?"
_ZONE = rf"(?<![A-Za-z])(?P<posix>{_NAME}(?=[+-]))?(?P<zone>(?-i:z)|{_NAME}|{_OFFSET})(?:\s\((?P<comment>(?-i:[A-Z]{{3,5}}))\))?(?!\S)"
_ELSEWHERE = re.compile(rf"(?<!\S){_ZONE}", re.IGNORECASE)
_TIMES = tuple(
    re.compile(rf"{pattern}(?:\s*{_ZONE}|(?!\S))", re.IGNORECASE)
    for pattern in (
        r"(?:(?<=\d)T|(?<!\S)T?)(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
        r"(?:\s*(?P<half>[ap])m?(?![a-z]))?",
        r"(?<=\d)T(?P<hour>\d\d)(?:(?P<minute>\d\d)(?:(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?",
        r"(?<!\S)(?P<hour>\d\d?)\s*(?P<half>[ap])m",
    )
)
_WEEKDAY = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\b[,.]?\s*", re.IGNORECASE
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<year>\d{4})(?P<_>[-/.])(?P<month>\d\d?)(?:(?P=_)(?P<day>\d\d?)T?)?",
        r"(?P<month>\d\d?)(?P<_>[-/.])(?P<day>\d\d?)(?:(?P=_)(?P<year>\d{4}|\d\d))?",
        r"(?P<day>\d\d?)(?:st|nd|rd|th)?(?: of)?[- /]?(?P<name>[a-z]+)\.?(?:[- /,] ?(?P<year>\d{4}|\d\d))?",
        r"(?P<name>[a-z]+)\.?[- ](?P<day>\d\d?)(?:st|nd|rd|th)?(?:(?:[- ]|, ?)(?P<year>\d{4}|\d\d))?",
        r"(?P<name>[a-z]+)\.?(?:[- ](?P<year>\d{4}))?",
        r"(?P<year>\d{4})[- ](?P<name>[a-z]+)(?:[- ](?P<day>\d\d?))?",
    )
)


class UnknownZone(tzinfo):
    """A zone of which nobody says how far it is from UTC, so that UTC is meant."""

    def __init__(self, name: str) -> None:
        self.name = name

    def utcoffset(self, _moment: datetime | None) -> timedelta:
        return timedelta(0)

    def dst(self, _moment: datetime | None) -> None:
        return None

    def tzname(self, _moment: datetime | None) -> str:
        return self.name


def parse_date(text: str, today: date) -> datetime:
    """The moment that a text names, naive where it names no zone; raises ValueError where it names none."""
    words = " ".join(text.split())
    for pattern in _TIMES:
        found = pattern.search(words)
        if found:
            rest, zone = f"{words[: found.start()]} {words[found.end() :]}", found
            elsewhere = None if found["zone"] else _ELSEWHERE.search(rest, found.start())
            if elsewhere:
                rest, zone = f"{rest[: elsewhere.start()]} {rest[elsewhere.end() :]}", elsewhere
            rest = " ".join(rest.split())
            day = _date(rest, today, text) if rest else (today.year, today.month, today.day)
            return _in_zone(datetime(*day, *_time(found)), zone)
    return datetime(*_date(words, today, text))


def _in_zone(moment: datetime, found: re.Match[str]) -> datetime:
    """The name that stands beside an offset, `EST+5` or `-0500 (EST)`, counts for more where it is this machine's."""
    zone, posix, comment = found["zone"], found["posix"], found["comment"]
    if not zone:
        return moment
    if comment in time.tzname or ((posix or zone) in time.tzname and (posix or zone) not in _UTC):
        return moment.astimezone()
    if zone[0] in "+-":
        return moment.replace(tzinfo=_offset(zone, reverse=bool(posix)))
    return moment.replace(tzinfo=timezone.utc if zone in _UTC else UnknownZone(zone))


def _offset(text: str, *, reverse: bool) -> timezone:
    """`GMT+3` is how POSIX names the zone three hours west, the opposite of `+03:00`."""
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if (text[0] == "-") != reverse else offset)


def _time(found: re.Match[str]) -> tuple[int, int, int, int]:
    """Hour, minute, second and microsecond."""
    parts = found.groupdict()
    hour = int(parts["hour"])
    if parts.get("half") and hour > 12 and parts.get("minute"):
        raise ValueError(f"{hour} is no hour of half a day")
    if parts.get("half") and hour <= 12:
        hour = hour % 12 + (12 if parts["half"] in "pP" else 0)
    micros = (parts.get("fraction") or "")[:6].ljust(6, "0")
    return hour, int(parts.get("minute") or 0), int(parts.get("second") or 0), int(micros)


def _date(rest: str, today: date, text: str) -> tuple[int, int, int]:
    """Year, month and day of what is left of a text without its time."""
    weekday = _WEEKDAY.match(rest)
    rest = _WEEKDAY.sub("", rest).strip(" ,")
    if weekday and not rest:
        return _next(_WEEKDAYS.index(weekday[0][:3].lower()), today)
    for found in _readings(rest):
        year = _year(found.groupdict().get("year"), today)
        month, day = _month_and_day(found, today)
        return year, month, min(today.day, monthrange(year, month)[1]) if day is None else day
    raise ValueError(f'Invalid timestamp "{text}"')


def _next(weekday: int, today: date) -> tuple[int, int, int]:
    """The next such day of the week, which may be today."""
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    return day.year, day.month, day.day


def _readings(text: str) -> Iterator[re.Match[str]]:
    """How the forms read the text, where a month's name is one."""
    for pattern in _DATES:
        found = pattern.fullmatch(text)
        if found and ("name" not in pattern.groupindex or _month(found["name"])):
            yield found


def _month_and_day(found: re.Match[str], today: date) -> tuple[int, int | None]:
    parts = found.groupdict()
    day = int(parts["day"]) if parts.get("day") else None
    if parts.get("name"):
        return _month(parts["name"]), day
    month = int(parts["month"])
    if month > 12 and day and found.start("month") == 0:
        return day, month  # 25/12/2021: only one of the two can be the month
    return month, day


def _month(name: str) -> int:
    """The month's number by its name or the first letters of it, 0 where there is none."""
    for number, month in enumerate(_MONTHS, 1):
        if name.lower() in (month, month[:3]) or (number == 9 and name.lower() == "sept"):
            return number
    return 0


def _year(text: str | None, today: date) -> int:
    """A year of two digits is the one within fifty years of today."""
    if text is None:
        return today.year
    if len(text) == 4:
        return int(text)
    year = today.year // 100 * 100 + int(text)
    return year - 100 if year >= today.year + 50 else year + 100 if year < today.year - 50 else year
