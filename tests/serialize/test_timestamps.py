"""Timestamps: what users write is read as dateutil (and so AWS CLI v2) reads it, and written in three formats."""

import time
import warnings
from datetime import date, datetime, timedelta, timezone

import dateutil.parser
import dateutil.tz
import pytest

from awsmini.serialize import timestamps

TODAY = date(2026, 11, 22)
WRITTEN = """
2021-10-02T10:11:12Z|2021-10-02T10:11:12|2021-10-02 10:11:12|2021-10-02t10:11:12z|2021-10-02T10:11:12.5Z
2021-10-02T10:11:12.1234567Z|2021-10-02T10:11:12,5Z|2021-10-02T10:11:12+05:30|2021-10-02T10:11:12-0530
2021-10-02T10:11:12+5|2021-10-02T10:11:12 +02:00|2021-10-02T10:11:12UTC|2021-10-02T10:11|2021-10-02T10|2021-10-02T1011
2021-10-02T|2021-10-02|2021-10|2021-1-2|2021/10/2|2021.10.02|20211002T101112Z|20211002T10|20211002T1011
Sat, 02 Oct 2021 13:00:00 GMT|Sat, 02 Oct 2021 13:00:00 +0200|Sat, 2 Oct 2021 13:00:00 -0000|02 Oct 2021
Sat Oct  2 13:00:00 2021|Sat Oct  2 13:00:00 UTC 2021|Saturday, 02-Oct-21 13:00:00 GMT|2021-10-02 10:11:12 GMT+3
10/02/2021|10/02/21|10/2/71|10/2/80|25/12/2021|02.10.2021|10.02.2021 5:30|10-02|1/2|2-Oct-2021|2 Oct 21|Oct 2, 21
October 2nd, 2021|2nd of October 2021|Oct 2 2021|Oct 2, 2021 10:00 PM|2021 Oct 2|Sept 5 2021|5 Sept 2021|Oct. 2, 2021
Monday|tue|Sat.|Sunday|Thurs 10:30|Wednesday 5pm UTC|Satnesday|Oct 2021|October|Oct 2|Feb 2021|Oct|10:30|05:06:07.5|10 AM|12am|12:00 am|12:30 pm|2021-10-02 10pm|T10:11
0|1633168800|1633168800.25|-1|" 5 "|1e3s
yesterday|now|today|noon|Z|T|2021-13-01|2021-02-30|2021-10-02T24:00:00|2021-10-02T10:11:60|2021W05|2021-W05-1
2021-W05-1T10:11:12|13-2021|2021-275|2021-10-02x10:11:12|Smarch 3 2021|13 pm|2021-10-02Z|22:00 PM|00:30 AM|10:00 p|10:00 A 2021-10-02
Thu Oct 7 22:13:13 2021 -0700|10:00 2021-10-02 UTC|10:00 2021-10-02 +05:30|2021-10-02 10:00 utc|10:00 -0300 (BRT)
"""
FOREIGN = """
2021-10-02 10:00 EST|2021-10-02T10:00:00PST|2021-10-02T10:11:12.5 JST|Sat Oct  2 13:00:00 PDT 2021
10:00 Oct 2 2021 IST|Sat, 02 Oct 2021 13:00:00 MST|2021-10-02 10 pm CEST|2021-10-02 10:00 ABCDE
"""
NOT_FOREIGN = """
2021-10-02 10:00 EST+5|2021-10-02 10:00 EST-05:00|2021-10-02 10:00 -0500 (EST)|10:00 OCT 2 2021|10:00 SAT
EST 2021-10-02 10:00|2021-10-02 EST|2021-10-02 10:00 est|2021-10-02 10:00 ABCDEF|2021-10-02 10:00 EST PST
2021-10-02 10:00 UTC EST|2021-10-02 10amEST|2021-10-02 10:00 E1T|2021-10-02 10:00 Europe/Berlin
"""


LOCAL = """
Thu Nov 26 11:51:17 CET 2026|Thu 26 Nov 2026 11:51:17 AM CET|2026-07-01 10:00 CEST|2026-12-01 10:00 CEST|10:00 CET
10:00:00 CET Nov 3 2026|26 Nov 10:00 CET|2026-01-01 10am CET|10:00 Nov 26 2026|2026-07-01 10:00 UTC|2026-07-01 10:00 cest
CET|2026-01-01 CET|2026-07-01 10:00 +0500 (CET)|2026-07-01 10:00 CET+5|2026-07-01 10:00CEST|10:00 2026-07-01 CET
"""


def dateutil_reads(text):
    """What botocore makes of a text, on a fixed day; None where it refuses."""
    try:
        return datetime.fromtimestamp(float(text), timezone.utc)
    except ValueError:
        pass
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            default = datetime(TODAY.year, TODAY.month, TODAY.day)
            return dateutil.parser.parse(text, default=default, tzinfos={"GMT": dateutil.tz.tzutc()})
        except (ValueError, OverflowError):
            return None


def awsmini_reads(text):
    try:
        return timestamps.parse_timestamp(text, lambda: TODAY)
    except ValueError:
        return None


@pytest.mark.parametrize("text", [text for line in WRITTEN.split("\n") for text in line.split("|") if text])
def test_texts_are_read_as_dateutil_reads_them(text):
    expected, read = dateutil_reads(text), awsmini_reads(text)
    assert read == expected
    if expected:
        assert read.utcoffset() == expected.utcoffset()


@pytest.mark.parametrize("text", [text for line in FOREIGN.split("\n") for text in line.split("|") if text])
def test_a_zone_that_nobody_knows_is_told_and_taken_for_utc(text):
    with pytest.warns(dateutil.parser.UnknownTimezoneWarning) as told:
        expected = dateutil.parser.parse(text, default=datetime(TODAY.year, TODAY.month, TODAY.day))
    assert timestamps.to_utc(awsmini_reads(text)) == expected.replace(tzinfo=timezone.utc)
    assert f"tzname {timestamps.unknown_zone(text)} identified but not understood." in str(told[0].message)


@pytest.mark.parametrize("text", [text for line in NOT_FOREIGN.split("\n") for text in line.split("|") if text])
def test_not_every_word_is_a_zone(text):
    test_texts_are_read_as_dateutil_reads_them(text)
    assert awsmini_reads(text) is None or timestamps.unknown_zone(text) is None


@pytest.fixture
def in_berlin(monkeypatch):
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("text", [text for line in LOCAL.split("\n") for text in line.split("|") if text])
def test_the_name_of_this_machines_zone_is_known(in_berlin, text):
    test_texts_are_read_as_dateutil_reads_them(text)


@pytest.mark.parametrize(
    ("digits", "moment"),
    [
        ("20210102130405", datetime(2021, 1, 2, 13, 4, 5, tzinfo=timezone.utc)),
        ("999912312359", datetime(9999, 12, 31, 23, 59, tzinfo=timezone.utc)),
        ("253402300799", datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc)),
        ("202101021300", datetime(8374, 4, 30, 4, 35, tzinfo=timezone.utc)),
    ],
)
def test_digits_are_epoch_seconds_where_there_is_such_a_year_and_else_a_date_and_a_time(digits, moment):
    assert timestamps.to_utc(digits) == moment


@pytest.mark.parametrize("value", ["1700000000000", "99999999999999999", "-62135596801", "inf", "1e20", 1e20])
def test_a_number_that_is_no_moment_is_told_as_by_aws_cli(value):
    with pytest.raises(timestamps.TimestampRangeError) as raised:
        timestamps.to_utc(value)
    assert str(raised.value) == f'Unable to calculate correct timezone offset for "{value}"'
    assert raised.value.exit_code == 255


NONSENSE = [
    "",
    " ",
    "2023-10-00",
    "00 Oct 2023",
    "2023-02-30T00:00:00Z",
    "nan",
    "1e15",
    "253402300800",
    "20211302130000",
    1_700_000_000_000,
    "2021-10-02T10:11:12 EST5EDT",
]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_a_value_error(text):
    with pytest.raises(ValueError):
        timestamps.to_utc(text)


@pytest.mark.parametrize("value", [None, [], {}, b"2021-10-02", date(2021, 10, 2)])
def test_other_types_are_a_type_error(value):
    with pytest.raises(TypeError):
        timestamps.to_utc(value)


def test_no_zone_means_utc(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    assert timestamps.to_utc("2021-10-02T10:00:00") == datetime(2021, 10, 2, 10, tzinfo=timezone.utc)
    assert timestamps.to_utc(datetime(2021, 10, 2, 10)) == datetime(2021, 10, 2, 10, tzinfo=timezone.utc)


def test_a_zone_is_turned_into_utc():
    west = datetime(2021, 10, 2, 22, tzinfo=timezone(timedelta(hours=-5)))
    assert timestamps.iso8601(timestamps.to_utc(west)) == "2021-10-03T03:00:00Z"


@pytest.mark.parametrize(
    ("format_name", "plain", "with_micros"),
    [
        ("iso8601", "2021-10-02T13:00:00Z", "2021-10-02T13:00:00.000120Z"),
        ("unixTimestamp", 1633179600, 1633179600.00012),
        ("rfc822", "Sat, 02 Oct 2021 13:00:00 GMT", "Sat, 02 Oct 2021 13:00:00 GMT"),
    ],
)
def test_formats(format_name, plain, with_micros):
    moment = datetime(2021, 10, 2, 13)
    assert timestamps.formatter(format_name)(moment) == plain
    assert timestamps.formatter(format_name)(moment.replace(microsecond=120)) == with_micros


def test_years_of_three_digits_are_padded():
    assert timestamps.iso8601(datetime(987, 1, 1)) == "0987-01-01T00:00:00Z"
    assert timestamps.http_date(datetime(987, 1, 1)) == "Mon, 01 Jan 0987 00:00:00 GMT"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("1700000000.25", 1700000000.25),
        ("2023-11-14T22:13:20.123456Z", 1700000000.123456),
        ("2023-11-14T22:13:20.9999999Z", 1700000000.999999),
        ("1700000000", 1700000000),
        ("2023-11-14T22:13:20Z", 1700000000),
    ],
)
def test_seconds_keep_their_fractions(aws, typed, sent):
    aws.service.replies(200, {"ShardIterator": "i"})
    words = "kinesis get-shard-iterator --stream-name s --shard-id 0 --shard-iterator-type AT_TIMESTAMP --timestamp"
    assert aws(f"{words} {typed}").code == 0
    assert aws.service.request.json["Timestamp"] == sent


def test_seconds_keep_their_fractions_in_an_address_too(aws):
    aws.service.replies(200, {"reservationList": []})
    words = "groundstation list-ground-station-reservations --ground-station-id ground"
    assert aws(f"{words} --start-time 1700000000.25 --end-time 2023-11-14T22:13:20.5Z").code == 0
    assert "startTime=1700000000.25&endTime=1700000000.5" in aws.service.request.target
