"""The answers of many places as one: records and lines led by the place as they come, or a list at the end."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pkgutil import resolve_name
from threading import Lock
from typing import Any

from awsmini.commands.fanout_targets import Target
from awsmini.format import RECORDS, renderer
from awsmini.format.csv import cells, line_writer
from awsmini.format.ndjson import dumps
from awsmini.format.pages import merged
from awsmini.format.records import batches, known_columns
from awsmini.format.view import View


class Leading(str):
    """The name of a column that stands before all others, also in a table, where they are sorted."""

    order = 0

    @classmethod
    def of(cls, name: str, order: int) -> "Leading":
        made = cls(name)
        made.order = order
        return made

    def __lt__(self, other: str) -> bool:
        return self.order < getattr(other, "order", 3)

    def __gt__(self, other: str) -> bool:
        return self.order > getattr(other, "order", 3)


COLUMNS = {
    "profiles": Leading.of("Profile", 0),
    "accounts": Leading.of("AccountId", 1),
    "regions": Leading.of("Region", 2),
}
GRID_ROWS = "awsmini.format.grid:rows"
SERIES = "awsmini.format.chart:found_in"
OUTPUT, ERROR = "Output", "Error"
Write = Callable[[str], None]


class Gathering:
    """`add` and `add_text` are called by many threads; what they write is whole lines."""

    def __init__(self, output: str, flags: Mapping[str, Any], write: Write) -> None:
        self._output = output
        self._write_out = write
        self._lock = Lock()
        self._columns = [name for flag, name in COLUMNS.items() if flag in flags]
        self._fields = [flag[:-1] for flag in COLUMNS if flag in flags]
        self._header: list[str] | None = None
        self._rows: list[
            tuple[Target, dict[str, Any]]
        ] = []  # for a table, and for CSV whose columns are known only at the end
        self._whole: dict[Target, Any] = {}
        self._series: dict[Target, list[Any]] = {}
        self._view = View()
        self._line = line_writer("\t" if output == "tsv" else ",")

    def add(self, target: Target, answer: Any, view: View) -> None:
        """An answer of a target. Pages are asked for here."""
        self._view = view
        if self._output in RECORDS or self._output == "table":
            for records in (resolve_name(GRID_ROWS) if self._output == "grid" else batches)(answer, view):
                self._add_records(target, records, view)
        elif self._output == "text":
            for chunk in renderer("text")(answer, view):
                self._lead(target, chunk)
        elif self._output == "chart":
            self._series[target] = resolve_name(SERIES)(answer, view)
        else:
            self._whole[target] = {OUTPUT: view.search(merged(answer))}

    def add_text(self, target: Target, text: str) -> None:
        """What a command has written that is no answer of an operation."""
        if not text.strip():
            return
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        if self._output in RECORDS or self._output == "table":
            lines = [{"Line": line} for line in text.splitlines()] if isinstance(value, str) else value
            self._add_records(target, lines if isinstance(lines, list) else [lines], View())
        elif self._output == "text":
            self._lead(target, text)
        else:
            self._whole[target] = {OUTPUT: value}

    def add_error(self, target: Target, told: Mapping[str, Any]) -> None:
        self._whole[target] = {ERROR: dict(told)}

    def end(self, targets: Sequence[Target]) -> tuple[Any, View] | None:
        """What is left to print, in the order of the targets."""
        places = {target: number for number, target in enumerate(targets)}
        rows = [row for _, row in sorted(self._rows, key=lambda pair: places[pair[0]])]
        if self._output == "table":
            return (rows, self._view._replace(query=None)) if rows else None
        if self._output == "grid":
            return rows, self._view._replace(leading=tuple(self._columns))
        if self._output in RECORDS:
            if rows:
                columns = list(dict.fromkeys(name for row in rows for name in row))
                self._write("".join([self._line(columns), *(self._line(cells(row, columns)) for row in rows)]))
            return None
        if self._output in ("text", "off"):
            return None
        if self._output == "chart":
            found = [(target.label, each) for target in targets for each in self._series.get(target, ())]
            return [each._replace(label=f"{label} {each.label}") for label, each in found], self._view
        answers = [
            {"Profile": target.profile, "AccountId": target.account, "Region": target.region, **self._whole[target]}
            for target in targets
            if target in self._whole
        ]
        return answers, self._view._replace(query=None)

    def _led(self, target: Target) -> dict[str, Any]:
        return {column: getattr(target, field) for column, field in zip(self._columns, self._fields, strict=True)}

    def _add_records(self, target: Target, records: Iterable[Any], view: View) -> None:
        place = self._led(target)
        rows = [{**place, **(record if isinstance(record, dict) else {"Value": record})} for record in records]
        if not rows:
            return
        columns = None if self._output in ("table", "grid") else known_columns(view)
        if self._output == "ndjson":
            self._write("".join([f"{dumps(row)}\n" for row in rows]))
        elif columns is None or not all(isinstance(record, dict) for record in records):
            with self._lock:
                self._rows += [(target, row) for row in rows]
        else:
            names = [*place, *columns]
            with self._lock:
                header, self._header = "" if self._header else self._line(names), names
                self._write_out(header + "".join([self._line(cells(row, names)) for row in rows]))

    def _lead(self, target: Target, text: str) -> None:
        place = "\t".join(str(value) for value in self._led(target).values())
        self._write("".join([f"{place}\t{line}\n" for line in text.removesuffix("\n").split("\n")]))

    def _write(self, text: str) -> None:
        with self._lock:
            self._write_out(text)
