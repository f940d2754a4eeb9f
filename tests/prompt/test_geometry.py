"""Sizes, and rows of keys."""

import pytest

from awsmini.prompt.geometry import ALL_KEYS, BOTTOM_KEYS, Geometry, Panes, geometry, rows_of_keys


@pytest.mark.parametrize(
    ("columns", "rows", "panes", "expected"),
    [
        (80, 24, Panes(), Geometry(None, 80, 80, False)),
        (80, 24, Panes(keys=True), Geometry(None, 43, 43, False)),
        (80, 24, Panes(docs=True), Geometry(8, 80, 80, False)),
        (80, 24, Panes(docs=True, output=True), Geometry(8, 80, 80, False)),
        (120, 40, Panes(docs=True, output=True), Geometry(13, 59, 60, True)),
        (120, 40, Panes(docs=True, output=True, keys=True), Geometry(13, 41, 41, True)),
        (120, 40, Panes(docs=True, debug=True), Geometry(13, 80, 80, False)),
        (81, 24, Panes(docs=True, output=True), Geometry(8, 40, 40, True)),
    ],
)
def test_geometry(columns, rows, panes, expected):
    assert geometry(columns, rows, panes) == expected


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("keys", BOTTOM_KEYS.values(), ids=list(BOTTOM_KEYS))
def test_no_key_is_cut(keys, width):
    rows = rows_of_keys(keys, width)
    assert [key for row in rows for key in row] == list(keys)
    assert all(len("    ".join(f"[{name}] {does}" for name, does in row)) <= max(width, 44) for row in rows)


def test_rows_are_filled():
    assert [len(row) for row in rows_of_keys(BOTTOM_KEYS["input"], 80)] == [2, 3]
    assert len(rows_of_keys(BOTTOM_KEYS["input"], 200)) == 1


def test_every_key_is_told_of_once():
    for keys in ALL_KEYS.values():
        names = [name for name, _ in keys]
        assert len(set(names)) == len(names)
        assert {"F1", "F2", "F3", "F5"} <= set(names)
