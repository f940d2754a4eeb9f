"""The objects of a listing as a source, and a watch over its order."""

from collections.abc import Iterable, Iterator

from awsmini.transfer.local import Entry
from awsmini.transfer.records import Listed, Page

_DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


class DisorderError(Exception):
    """A listing is not in the byte order of its keys, as S3's are: it cannot be merged with another."""


class Times:
    """Times of listings as seconds since 1970. Objects of one hour are many, so the last hour is kept."""

    def __init__(self) -> None:
        self._hour, self._seconds = "", 0.0

    def seconds(self, text: str) -> float:
        """`2026-01-31T09:08:07.000Z` as seconds since 1970. Raises ValueError."""
        if text[:13] != self._hour:
            self._seconds = hour_seconds(text)
            self._hour = text[:13]
        return self._seconds + int(text[14:16]) * 60 + float(text[17:].rstrip("Z"))


def hour_seconds(text: str) -> float:
    """Seconds since 1970 of the hour that a time in UTC begins with."""
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    leap = month > 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400 + _DAYS_BEFORE[month - 1] + leap + day - 719_163
    return float((days * 24 + int(text[11:13])) * 3600)


def entries(pages: Iterable[Page], prefix: str = "", *, markers: bool = False) -> Iterator[Entry]:
    """The objects below a prefix; empty ones whose keys end in `/` stand for folders, and only come with `markers`."""
    seconds, length = Times().seconds, len(prefix)
    for page in pages:
        for key, modified, etag, size, storage_class in page.objects:
            if size == 0 and key.endswith("/") and not markers:
                continue
            yield Entry(key[length:], size, seconds(modified), etag, storage_class)


def in_order(pages: Iterable[Page]) -> Iterator[Page]:
    """The same pages. Raises DisorderError before a page is handed out that is out of order."""
    last = ""
    for page in pages:
        keys = list(map(_key, page.objects))
        if keys != sorted(keys) or (keys and keys[0] < last):
            raise DisorderError
        last = keys[-1] if keys else last
        yield page


def _key(listed: Listed) -> str:
    return listed.key
