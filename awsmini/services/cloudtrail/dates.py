"""Dates as CloudTrail's commands read and show them."""

from datetime import datetime, timezone

from awsmini.errors import AwsminiError
from awsmini.serialize.dates import parse_date
from awsmini.serialize.timestamps import parse_timestamp


class DateError(AwsminiError):
    """The text is no date."""

    def __init__(self, text: object) -> None:
        super().__init__(f"Unable to parse date value: {text}")


def read(text: str) -> datetime:
    """The date and time of a text, in UTC whatever zone it names, as in AWS CLI v2. Raises DateError."""
    return read_moment(text).replace(tzinfo=timezone.utc)


def read_moment(text: str) -> datetime:
    """The date and time of a text, with its zone if it names one. Digits are a date, not seconds since 1970."""
    try:
        if text.isdigit():
            return parse_date(text, datetime.now(timezone.utc).date())
        return parse_timestamp(text)
    except (AwsminiError, AttributeError, TypeError, ValueError):
        raise DateError(text) from None


def shown(moment: datetime) -> str:
    """`2024-05-01T00:00:00Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def in_key(moment: datetime) -> str:
    """`20240501T000000Z`, as in the names of files."""
    return f"{moment:%Y%m%dT%H%M%SZ}"
