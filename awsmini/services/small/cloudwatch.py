"""`cloudwatch put-metric-data`: one datum in single options instead of --metric-data."""

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, not_required, option
from awsmini.params.context import Context, ConversionError
from awsmini.services.shared.exclusive_options import check_exclusive
from awsmini.services.shared.first_structure import first_structure

Params = dict[str, Any]


def put_metric_data(operation: OperationModel, table: Table) -> Table:
    not_required(table, "metric-data")
    for name, (member, _) in _MEMBERS.items():
        table[name] = option(name, member=member, add=_add_to_datum)
    return table


def check_put_metric_data(values: Mapping[str, Any], table: Table) -> None:
    single = ("metric_name", "timestamp", "unit", "value", "dimensions", "statistic_values")
    check_exclusive(values, table, ("metric_data",), single)


def _add_to_datum(argument: Argument, params: Params, value: str, context: Context) -> None:
    member, convert = _MEMBERS[argument.cli_name]
    try:
        converted = convert(value)
    except ValueError as error:
        raise ConversionError(str(error)) from None
    first_structure(params, "MetricData", argument)[member] = converted


def _dimensions(text: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in _pairs(text)]


def _statistics(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in _pairs(text)}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in split_on_commas(text):
        name, value = pair.split("=")
        yield name, value


def split_on_commas(text: str) -> list[str]:
    """`A=b,C="d,e"` in its parts: commas in quotes and in `=[…]` do not count, nor those after a backslash."""
    if not any(mark in text for mark in "\"'[]\\"):
        return text.split(",")
    try:
        words = iter(next(csv.reader([text], escapechar="\\")))
    except (csv.Error, StopIteration):
        raise ValueError(f"Bad csv value: {text}") from None
    if not any(mark in text for mark in "\"'[]"):
        return list(words)
    return [_whole(word, words, text) for word in words]


def _whole(word: str, words: Iterator[str], text: str) -> str:
    """A part, with the following words that its quote or bracket holds, and without these."""
    quote = next((mark for mark in word if mark in "\"'"), None)
    start = word.find("=[")
    if start >= 0 and "]" in text and (quote is None or word.find(quote) > start):
        whole = word if "]" in word else _until("]", word, words, text)
        return word[: start + 1] + ",".join(split_on_commas(whole[start + 2 : -1]))
    if quote is None:
        return word
    if word.count(quote) == 2:
        return word.replace(quote, "")
    return _until(quote, word, words, text).replace(quote, "")


def _until(closing: str, word: str, words: Iterator[str], text: str) -> str:
    found = [word]
    while not found[-1].endswith(closing) or len(found) == 1:
        following = next(words, None)
        if following is None:
            raise ValueError(text)
        found.append(following)
    return ",".join(found)


# The option: the member of the datum and how its text is read.
_MEMBERS: dict[str, tuple[str, Any]] = {
    "metric-name": ("MetricName", str),
    "timestamp": ("Timestamp", str),
    "unit": ("Unit", str),
    "value": ("Value", float),
    "dimensions": ("Dimensions", _dimensions),
    "statistic-values": ("StatisticValues", _statistics),
    "storage-resolution": ("StorageResolution", int),
}
