"""Timestamps: every wire form, and the text that commands print."""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from awsmini.errors import ResponseParseError
from awsmini.parse.timestamps import CONVERTERS, to_datetime, to_iso8601

UTC = timezone.utc

FORMS = [
    ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00+00:00"),
    ("2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00+00:00"),
    ("2020-01-01T00:00:00.123Z", "2020-01-01T00:00:00.123000+00:00"),
    ("2020-01-01T00:00:00.5Z", "2020-01-01T00:00:00.500000+00:00"),
    ("2020-01-01T00:00:00.1234567Z", "2020-01-01T00:00:00.123456+00:00"),
    ("2020-01-01T00:00:00,52z", "2020-01-01T00:00:00.520000+00:00"),
    ("2020-01-01T00:00Z", "2020-01-01T00:00:00+00:00"),
    ("2020-01-01T00:00:00", "2020-01-01T00:00:00"),
    ("2020-01-01", "2020-01-01T00:00:00"),
    ("2020-01-01 00:00:00 UTC", "2020-01-01T00:00:00+00:00"),
    ("2020-01-01T00:00:00+01:30", "2020-01-01T00:00:00+01:30"),
    ("2020-01-01T00:00:00-0800", "2020-01-01T00:00:00-08:00"),
    ("20200101T000000Z", "2020-01-01T00:00:00+00:00"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"),
    ("Wed, 01 Jan 2020 00:00:00 GMT", "2020-01-01T00:00:00+00:00"),
    ("Wed, 1 Jan 2020 00:00:00 +0100", "2020-01-01T00:00:00+01:00"),
    ("Sun, 29 Apr 1984 00:00:00.123 GMT", "1984-04-29T00:00:00.123000+00:00"),
    ("Wednesday, 01-Jan-20 00:00:00 GMT", "2020-01-01T00:00:00+00:00"),
    ("Friday, 01-Jan-99 00:00:00 GMT", "1999-01-01T00:00:00+00:00"),
    ("Wed Jan  1 00:00:00 2020", "2020-01-01T00:00:00"),
    ("Wed Jan 01 00:00:00 UTC 2020", "2020-01-01T00:00:00+00:00"),
]
EPOCHS = [
    (1577836800, "2020-01-01T00:00:00+00:00"),
    (1577836800.123, "2020-01-01T00:00:00.123000+00:00"),
    ("1577836800", "2020-01-01T00:00:00+00:00"),
    ("1.5E9", "2017-07-14T02:40:00+00:00"),
    (0, "1970-01-01T00:00:00+00:00"),
    (-1, "1969-12-31T23:59:59+00:00"),
    (-62135596800, "0001-01-01T00:00:00+00:00"),
]


@pytest.fixture
def zone() -> Iterator[None]:
    before = os.environ.get("TZ")
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def local_zone(name: str) -> None:
    os.environ["TZ"] = name
    time.tzset()


@pytest.mark.parametrize(("wire", "text"), FORMS)
def test_text_is_read_in_every_form(wire, text):
    assert to_iso8601(wire) == text
    assert to_datetime(wire).isoformat() == text


@pytest.mark.parametrize(("wire", "text"), EPOCHS)
def test_epoch_seconds(wire, text, zone):
    local_zone("UTC")
    assert to_iso8601(wire) == text


@pytest.mark.parametrize(
    ("name", "seconds", "text"),
    [
        ("Europe/Berlin", 1577836800, "2020-01-01T01:00:00+01:00"),
        ("Europe/Berlin", 1593561600, "2020-07-01T02:00:00+02:00"),
        ("Asia/Kathmandu", 1577836800, "2020-01-01T05:45:00+05:45"),
        ("America/St_Johns", 1577836800.5, "2019-12-31T20:30:00.500000-03:30"),
    ],
)
def test_epoch_seconds_are_shown_in_the_local_zone(zone, name, seconds, text):
    local_zone(name)
    assert to_iso8601(seconds) == text
    assert to_datetime(seconds) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("wire", "message"),
    [
        ("Wed foo", 'Invalid timestamp "Wed foo": Unknown string format: Wed foo'),
        ("", 'Invalid timestamp "": Unknown string format: '),
        ("2020-13-01 00:00:00", 'Invalid timestamp "2020-13-01 00:00:00": month must be in 1..12: 2020-13-01 00:00:00'),
        (253402300800, "year 10000 is out of range"),
        (1e18, 'Unable to calculate correct timezone offset for "1e+18"'),
        (None, 'Invalid timestamp "None": Unknown string format: None'),
    ],
)
def test_what_is_no_timestamp_is_an_error(wire, message):
    with pytest.raises(ResponseParseError) as caught:
        to_iso8601(wire)
    assert str(caught.value) == message


def test_on_request_they_stay_as_they_were_sent():
    assert CONVERTERS["wire"](1.5e9) == 1.5e9
    assert CONVERTERS["wire"]("Wed foo") == "Wed foo"


@pytest.mark.parametrize("convert", [to_iso8601, to_datetime])
@pytest.mark.parametrize(
    "text",
    ["2023-02-30T00:00:00Z", "2023-02-29T00:00:00.000Z", "1900-02-29T00:00:00Z", "2023-13-01T00:00:00Z",
     "2023-04-31T00:00:00.123Z", "2023-00-01T00:00:00Z", "2023-01-00T00:00:00Z", "2023-01-01T24:00:00Z",
     "2023-01-01T00:60:00Z", "2023-01-01T00:00:60Z", "0000-01-01T00:00:00Z", "2023-W05-1T00:00:00Z",
     "2023x01-01T00:00:00Z", "2023-01x01T00:00:00Z", "abcdefghijTabcde:abZ", "2023-01-01T00:00:00.1a3Z",
     "2023-01-01T00:00:00.-12Z", "2023-02-30", "20230230T000000Z", "2023-02-30T00:00:00+01:00",
     "Thu, 30 Feb 2023 00:00:00 GMT", "Thursday, 30-Feb-23 00:00:00 GMT", "Thu Feb 30 00:00:00 2023"],
)  # fmt: skip
def test_a_date_that_is_none(convert, text):
    with pytest.raises(ResponseParseError, match="Invalid timestamp"):
        convert(text)
