"""The lines of `ls`: local times in any zone, sizes, folders."""

import io
import time
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from awsmini.services.s3.listing import Listing, Moments
from awsmini.services.s3.sizes import readable
from awsmini.transfer.records import Listed, Page

ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin"]


@pytest.fixture
def zone(monkeypatch):
    def set_zone(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("name", ZONES)
def test_times_are_local_and_cut(zone, name):
    zone(name)
    moments = Moments()
    begin = datetime(2024, 3, 10, 5, 59, 58, 999000, tzinfo=timezone.utc)
    for step in range(0, 500_000, 1193):
        at = begin + timedelta(seconds=step)
        text = at.strftime("%Y-%m-%dT%H:%M:%S.999Z")
        assert moments.of(text) == at.astimezone(ZoneInfo(name)).strftime("%Y-%m-%d %H:%M:%S")


def test_pages(zone):
    zone("UTC")
    out = io.StringIO()
    listing = Listing(out, readable)
    listing.page(Page([], []), whole=False)
    assert listing.nothing
    objects = [Listed("d/", "2024-01-01T00:00:00.000Z", "e", 0), Listed("d/x", "2024-01-01T00:00:01.999Z", "e", 1536)]
    listing.page(Page(objects, ["d/y/"]), whole=False)
    listing.page(Page(objects, []), whole=True)
    listing.summary()
    assert not listing.nothing
    assert out.getvalue() == (
        "                           PRE y/\n"
        "2024-01-01 00:00:00    0 Bytes \n"
        "2024-01-01 00:00:01    1.5 KiB x\n"
        "2024-01-01 00:00:00    0 Bytes d/\n"
        "2024-01-01 00:00:01    1.5 KiB d/x\n"
        "\nTotal Objects: 4\n   Total Size: 3.0 KiB\n"
    )
