"""`find`: the objects of a listing that all tests are true of, written page by page."""

import fnmatch
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.serialize.timestamps import parse_timestamp, to_utc
from awsmini.services.s3.job import number
from awsmini.services.s3.json_lines import listed_line
from awsmini.services.s3.places import client_of, pages, place, uri
from awsmini.services.s3.printing import write
from awsmini.services.s3.sizes import to_int
from awsmini.transfer.engine import Engine
from awsmini.transfer.listing_source import Times
from awsmini.transfer.records import Listed

Values = Mapping[str, Any]
Test = Callable[[Listed], object]

_AGE = re.compile(r"([0-9]+)([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def find(invocation: Invocation, values: Values) -> int:
    """The exit code: 1 where nothing is found."""
    number(values, "page_size")
    places = [place("find", word) for word in values["paths"]]
    tests = tests_of(values, invocation.app.now())
    stdout = invocation.app.stdout
    end = "\0" if values.get("print0") else "\n"
    code = 1
    with Engine(client_of(invocation)) as engine:
        for bucket, prefix in places:
            for page in pages(engine, values, bucket, prefix):
                found = [each for each in page.objects if all(test(each) for test in tests)]
                if found:
                    code = 0
                    shown = (
                        [listed_line(bucket, each) for each in found]
                        if values.get("json")
                        else [uri(bucket, each.key) for each in found]
                    )
                    write(stdout, end.join(shown) + end)
    return code


def tests_of(values: Values, now: datetime) -> list[Test]:
    """What has to be true of an object. Raises ParamValidationError."""
    makers: Mapping[str, Callable[[str], Test]] = {
        "storage_class": _of_class,
        "larger": lambda text: _larger(_size("--larger", text)),
        "smaller": lambda text: _smaller(_size("--smaller", text)),
        "older": lambda text: _older(_moment("--older", text, now)),
        "newer": lambda text: _newer(_moment("--newer", text, now)),
        "name": _named,
        "path": _at_path,
    }
    return [make(values[name]) for name, make in makers.items() if values.get(name) is not None]


def _named(pattern: str) -> Test:
    matches = re.compile(fnmatch.translate(pattern)).match
    return lambda found: matches(found.key.rstrip("/").rpartition("/")[2])


def _at_path(pattern: str) -> Test:
    matches = re.compile(fnmatch.translate(pattern)).match
    return lambda found: matches(found.key)


def _of_class(name: str) -> Test:
    return lambda found: (found.storage_class or "STANDARD") == name


def _larger(size: int) -> Test:
    return lambda found: found.size > size


def _smaller(size: int) -> Test:
    return lambda found: found.size < size


def _older(moment: float) -> Test:
    seconds = Times().seconds
    return lambda found: seconds(found.last_modified) < moment


def _newer(moment: float) -> Test:
    seconds = Times().seconds
    return lambda found: seconds(found.last_modified) >= moment


def _size(label: str, text: str) -> int:
    try:
        return to_int(text)
    except ValueError:
        raise ParamValidationError(
            f"{label} has to be a number of bytes, or such as 10KiB or 5MiB, not {text}."
        ) from None


def _moment(label: str, text: str, now: datetime) -> float:
    """Seconds since 1970 of the moment that an age or a date names."""
    try:
        if age := _AGE.fullmatch(text):
            return (now - timedelta(seconds=int(age[1]) * _SECONDS[age[2]])).timestamp()
        return to_utc(parse_timestamp(text)).timestamp()
    except (ValueError, OverflowError):
        raise ParamValidationError(
            f"{label} has to be an age such as 12h or 7d, or a date such as 2026-01-31, not {text}."
        ) from None
