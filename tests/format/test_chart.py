"""Charts: which series an answer has, and what they look like with and without the libraries that draw."""

import json
import math
import os
import re
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from awsmini.errors import ParamValidationError
from awsmini.format import chart
from awsmini.format.chart import NoSeriesError, render, short
from awsmini.format.series import Series, number, series_of, when
from awsmini.format.view import View


@pytest.fixture(autouse=True)
def in_utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


BEGIN = datetime(2026, 11, 1, tzinfo=timezone.utc)


def times(count: int, step: timedelta = timedelta(minutes=5)) -> list[str]:
    return [(BEGIN + step * number).isoformat() for number in range(count)]


def metric(name: str, values: list[Any], reverse: bool = False) -> dict[str, Any]:
    stamps = times(len(values))
    return {"Id": "m", "Label": name, "Timestamps": stamps[::-1] if reverse else stamps,
            "Values": values[::-1] if reverse else values, "StatusCode": "Complete"}  # fmt: skip


COSTS = {"ResultsByTime": [
    {"TimePeriod": {"Start": f"2026-10-0{day}", "End": f"2026-10-0{day + 1}"}, "Estimated": False, "Groups": [],
     "Total": {"UnblendedCost": {"Amount": f"{day}.5", "Unit": "USD"}}} for day in range(1, 4)]}  # fmt: skip
GROUPED = {"ResultsByTime": [
    {"TimePeriod": {"Start": f"2026-10-0{day}", "End": "x"}, "Total": {}, "Groups": [
        {"Keys": ["EC2"], "Metrics": {"Cost": {"Amount": str(day), "Unit": "USD"}}},
        {"Keys": ["S3"], "Metrics": {"Cost": {"Amount": str(day * 2), "Unit": "USD"}}}]} for day in (1, 2)]}  # fmt: skip
STATISTICS = {"Label": "CPU", "Datapoints": [
    {"Timestamp": stamp, "Average": number, "Maximum": number * 2, "Unit": "Percent"}
    for number, stamp in reversed(list(enumerate(times(3))))]}  # fmt: skip
LOGS = {"status": "Complete", "results": [
    [{"field": "bin(5m)", "value": f"2026-11-01 00:0{number}:00.000"}, {"field": "count()", "value": str(number * 3)}]
    for number in range(3)]}  # fmt: skip
SPOT = {"SpotPriceHistory": [
    {"AvailabilityZone": zone, "InstanceType": "m5.large", "ProductDescription": "Linux/UNIX", "SpotPrice": "0.031", "Timestamp": stamp}
    for stamp in times(2) for zone in ("a", "b")]}  # fmt: skip
SERVICES = {
    "services": [
        {"serviceName": "web", "desiredCount": 4, "runningCount": 3},
        {"serviceName": "api", "desiredCount": 2, "runningCount": 2},
    ]
}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"MetricDataResults": [metric("one", [1, 2, 3], reverse=True)]}, [("one", "", [1, 2, 3])]),
        ({"MetricDataResults": [metric("one", [1, 2]), metric("two", [3, 4])]}, [("one", "", [1, 2]), ("two", "", [3, 4])]),
        ({"MetricDataResults": [metric("one", [])]}, []),
        (STATISTICS, [("Average", "Percent", [0, 1, 2]), ("Maximum", "Percent", [0, 2, 4])]),
        (COSTS, [("UnblendedCost", "USD", [1.5, 2.5, 3.5])]),
        (GROUPED, [("EC2", "USD", [1, 2]), ("S3", "USD", [2, 4])]),
        (LOGS, [("count()", "", [0, 3, 6])]),
        (SPOT, [("a m5.large", "", [0.031, 0.031]), ("b m5.large", "", [0.031, 0.031])]),
        (SERVICES, [("desiredCount", "", [4, 2]), ("runningCount", "", [3, 2])]),
        ([{"when": "2026-01-01T00:00:00Z", "n": 5}], [("", "", [])]),
        ({"Names": ["a"]}, []),
    ],
)  # fmt: skip
def test_the_series_of_an_answer(answer, expected):
    found = [(each.label, each.unit, [value for _, value in each.points]) for each in series_of(answer)]
    if expected == [("", "", [])]:  # a time under an unknown name is found where it is told
        found = [
            (each.label, each.unit, [value for _, value in each.points]) for each in series_of(answer, "when", "n")
        ]
        expected = [("n", "", [5])]
    assert found == expected


def test_points_are_in_the_order_of_time_and_times_are_local():
    (series,) = series_of({"Timestamps": times(3)[::-1], "Values": [3, 2, 1]})
    assert [value for _, value in series.points] == [1, 2, 3]
    assert series.points[0][0] == BEGIN.astimezone()
    assert when("2026-02-30T00:00:00Z") is None


def test_paths_say_where_the_numbers_are():
    rows = {"rows": [{"t": time, "a": {"b": number}, "c": 9} for number, time in enumerate(times(3))]}
    (series,) = series_of(rows, "t", "a.b")
    assert [value for _, value in series.points] == [0, 1, 2]
    assert series.label == "a.b"


CASES = {
    "one": {"MetricDataResults": [metric("CPUUtilization", [50 + 40 * math.sin(n / 10) for n in range(200)])]},
    "many": {"MetricDataResults": [metric(f"m{k}", [n * k for n in range(50)]) for k in range(4)]},
    "gaps": {"MetricDataResults": [metric("g", [1.0, "NaN", 3.0, float("inf"), 5.0])]},
    "point": {"MetricDataResults": [metric("p", [7])]},
    "negative": {"MetricDataResults": [metric("n", [-5, 0, 5])]},
    "huge": {"MetricDataResults": [metric("h", [1e15, 2e15, 1.5e15])]},
    "flat": {"MetricDataResults": [metric("f", [2, 2, 2])]},
    "empty": {"MetricDataResults": [metric("e", [])]},
    "costs": GROUPED, "statistics": STATISTICS, "logs": LOGS, "bars": SERVICES,
}  # fmt: skip
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("name", CASES)
def test_sparklines_and_bars_look_as_they_did(name, width, monkeypatch):
    monkeypatch.setattr(chart, "find_spec", lambda _: None)
    shown = "".join(render(CASES[name], View(name, width=width)))
    file = GOLDEN / f"chart-{name}-{width}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(shown)
    assert shown == file.read_text()
    assert all(len(line) <= width for line in shown.splitlines())


@pytest.mark.parametrize("name", CASES)
def test_plotext_draws_what_fits(name):
    shown = "".join(render(CASES[name], View(name, width=80)))
    assert "\x1b" not in shown
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_sparklines_are_of_the_highest_and_lowest(monkeypatch):
    monkeypatch.setattr(chart, "find_spec", lambda _: None)
    shown = "".join(render({"Timestamps": times(8), "Values": list(range(8))}, View(width=80)))
    assert "▁▂▃▄▅▆▇█  0 … 7" in shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (1234, "1234"), (12_345, "12.35k"), (1e12, "1000G"), (-5e7, "-50M"), (math.nan, "-"), (0.00012, "0.00012")]
)  # fmt: skip
def test_short_numbers(value, shown):
    assert short(value) == shown


def test_where_there_is_nothing_to_draw():
    assert "".join(render(CASES["empty"], View())) == "No data.\n"
    with pytest.raises(NoSeriesError, match="--chart-x and --chart-y say where"):
        list(render({"Count": 5}, View()))


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_pictures(aws, kind):
    aws.service.replies(200, CASES["one"])
    done = aws(
        f"cloudwatch get-metric-data --metric-data-queries [] --start-time 0 --end-time 1 --output chart --chart-file x.{kind}"
    )
    assert (done.code, done.stdout) == (0, f"x.{kind}\n"), done.stderr
    content = (aws.home / f"x.{kind}").read_bytes()
    assert content.startswith(b"\x89PNG" if kind == "png" else b"<?xml")
    if kind == "svg":
        assert b"CPUUtilization" in content or b"<!-- CPUUtilization -->" in content


def test_a_picture_of_another_kind_is_refused_before_the_call(aws):
    message = aws("cloudwatch list-metrics --output chart --chart-file x.gif").message
    assert "--chart-file: x.gif is no name of a picture: it ends in .svg or .png." in message
    assert aws.service.requests == []


def test_a_chart_of_a_call(aws):
    aws.service.replies(200, json.loads(json.dumps(STATISTICS)))
    done = aws(
        "cloudwatch get-metric-statistics --namespace n --metric-name m --start-time 0 --end-time 1 --period 60 --output chart"
    )
    assert done.code == 0, done.stderr
    assert "Average (Percent)" in done.stdout


def drawn(answer: Any, monkeypatch, library: bool = False, **how: Any) -> str:
    if not library:
        monkeypatch.setattr(chart, "find_spec", lambda _: None)
    return "".join(render(answer, View("x", width=80, **how)))


def results(*series: dict[str, Any]) -> dict[str, Any]:
    return {"MetricDataResults": list(series)}


@pytest.mark.parametrize("library", [True, False])
def test_what_metrics_may_be_like(monkeypatch, library):
    def shown(*series: dict[str, Any]) -> str:
        return drawn(results(*series), monkeypatch, library)

    assert shown(metric("n", ["NaN", "NaN"])) == "No data.\n"
    odd = shown(metric("a\x1b[31mred\nx", [1, 2]), metric("データベース", [3, 4]), metric("long " * 20, [5, 6]))
    assert "\x1b" not in odd
    assert "a [31mred x" in odd
    assert "long long long long long long l…" in odd
    assert all(cell_len(line) <= 80 for line in odd.splitlines())
    assert "1000" in shown(metric("spike", [0] * 300 + [1000] + [0] * 299))  # a peak is not averaged away
    assert "2000T" in shown(metric("h", [1e15, 2e15]))


def test_an_axis_has_one_unit(monkeypatch):
    units = {"Datapoints": [{"Timestamp": stamp, "Sum": 1, "Unit": unit} for stamp in times(2) for unit in ("Count", "Bytes")]}  # fmt: skip
    shown = drawn(units, monkeypatch, True)
    assert shown.index("x (Count)") < shown.index("x (Bytes)")


def test_a_gap_is_not_bridged(monkeypatch):
    bridged = drawn(results(metric("g", [1, 1, 2, 2])), monkeypatch, True)
    gap = drawn(results(metric("g", [1, 1, "NaN", 2, 2])), monkeypatch, True)
    ink = "▀▄▌▐▖▗▘▙▚▛▜▝▞▟█"
    assert sum(map(gap.count, ink)) < sum(map(bridged.count, ink))


def test_things_with_a_time_of_their_own_are_bars(monkeypatch):
    groups = [{"AutoScalingGroupName": name, "MinSize": size, "CreatedTime": times(1)[0]} for name, size in (("web", 2), ("api", 4))]  # fmt: skip
    assert [line.split()[0] for line in drawn(groups, monkeypatch).splitlines()] == ["MinSize", "web", "api"]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_a_day_is_that_day_in_every_zone(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert "2026-10-01 00:00 – 2026-10-02 00:00" in drawn(GROUPED, monkeypatch)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"chart_x": "Nope"}, "--chart-x: no record has Nope."),
        ({"chart_y": "Nope"}, "--chart-y: no record has a number at Nope."),
        ({"chart_x": "Timestamp", "chart_y": "Unit"}, "--chart-y: no record has a number at Unit."),
    ],
)
def test_paths_that_lead_nowhere_are_told(how, says, monkeypatch):
    with pytest.raises(ParamValidationError, match=re.escape(says)):
        drawn(STATISTICS, monkeypatch, **how)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--output chart --chart-file no/where/x.svg", "--chart-file: no/where/x.svg cannot be written: "),
        ("--output grid --chart-file x.svg", "--chart-file is for --output chart."),
    ],
)
def test_a_picture_that_cannot_be_is_told_before_the_call(aws, words, says):
    done = aws(f"cloudwatch list-metrics {words}")
    assert done.code == 252
    assert says in done.message
    assert aws.service.requests == []


def test_a_picture_takes_any_label(tmp_path):
    odd = results(metric("_a$x^2$", [1, "NaN", 3]), metric("データ", [1, 2, 3]))
    path = tmp_path / "x.svg"
    path.write_text("before")
    list(render(odd, View("x", chart_file=str(path))))
    assert "<!--  _a$x^2$ -->" in path.read_text().replace(r"\$", "$")
    list(render(SERVICES, View("x", chart_file=str(path))))
    assert "runningCount" in path.read_text()


NOW, LATER = (datetime(2025, 1, day, tzinfo=timezone.utc) for day in (1, 2))
NAN = float("nan")


@pytest.mark.parametrize("has_plotext", [True, False])
@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([Series("a", [(NOW, 1.0), (LATER, 2.0)], "A"), Series("b", [(NOW, NAN), (LATER, NAN)], "B")], {"a"}),
        ([Series("a", [(NOW, 1.0)], "A"), Series("b", [("x", 2.0)], "B")], {"a", "b", "x"}),
        ([Series("a", [("x", 2.0)]), Series("b", [(NOW, 1.0), (LATER, 3.0)])], {"a", "b", "x"}),
        ([Series("a", [(NOW, number(9e299)), (LATER, number(-9e299))])], {"a"}),
        ([Series("a", [(NOW, number("1e305")), (LATER, number(10**400))])], {"No", "data."}),
    ],
)
def test_series_of_all_kinds_are_drawn_beside_each_other(monkeypatch, has_plotext, found, told):
    if not has_plotext:
        monkeypatch.setattr("awsmini.format.chart.find_spec", lambda name: None)
    text = "".join(render(found, View(width=80)))
    assert told <= set(text.replace("┤", " ").replace("│", " ").split())
    assert "b (B)" not in text or "x" in text


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_ends_of_time_are_no_times_where_a_zone_has_them_not(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        rows = [
            {"EndTime": moment, "n": 1}
            for moment in ("2025-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-01")
        ]
        (found,) = series_of({"Rows": rows})
        assert 1 <= len(found.points) < 4
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "row",
    [
        {"Groups": [{"GroupId": "g"}]},
        {"Groups": ["a", "b"]},
        {"Total": {"x": 5}},
        {"Total": {"x": {"Amount": "N/A"}}},
        {"Groups": [{"Keys": ["k"], "Metrics": {"x": {}}}, {"Metrics": None}], "Total": {}},
    ],
)
def test_what_only_looks_like_costs_is_no_cost(row):
    found = series_of({"Rows": [{"StartTime": "2025-01-01T00:00:00Z", "n": 1, **row}]})
    assert [each.label for each in found] in (["n"], [])


def test_a_result_whose_field_has_no_name_is_passed():
    assert series_of({"results": [[{"field": None, "value": "1"}]]}) == []


def test_an_axis_has_times_or_names():
    rows = [{"at": "2025-01-01T00:00:00Z", "n": 1}, {"at": "never", "n": 2}]
    (found,) = series_of({"Rows": rows}, "at", "n")
    assert found.points == [("2025-01-01T00:00:00Z", 1.0), ("never", 2.0)]
