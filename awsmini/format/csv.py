"""CSV and TSV: a header and a row for each record, quoted as RFC 4180 says, lines ending in a line feed.

Where the query (`[].{Id: …}`) or the output shape tells the columns, rows are printed as the pages come;
otherwise the records are collected first, and the header is the union of their keys in the order met. Values
that are nested are written as JSON; null is an empty cell. Records that are lists make rows without a header.
"""

from collections.abc import Callable, Iterator
from json import loads
from typing import Any

from awsmini.format.ndjson import dumps
from awsmini.format.records import batches, known_columns
from awsmini.format.spool import Spool
from awsmini.format.view import View

BATCH = 200  # records made of lines at a time: a record takes ten times the memory of its line


def render(answer: Any, view: View) -> Iterator[str]:
    """Comma-separated values."""
    return _render(answer, view, ",")


def render_tsv(answer: Any, view: View) -> Iterator[str]:
    """Tab-separated values, otherwise the same."""
    return _render(answer, view, "\t")


def _render(answer: Any, view: View, delimiter: str) -> Iterator[str]:
    pages = batches(answer, view)
    columns = known_columns(view)
    if columns is None:
        columns, pages = _collected(pages)
    line = line_writer(delimiter)
    header = line(columns) if columns else ""
    for records in pages:
        yield header + "".join([line(cells(record, columns)) for record in records])
        header = ""
    yield header


def _collected(pages: Iterator[list[Any]]) -> tuple[list[str], Iterator[list[Any]]]:
    """The keys of all records in the order in which they are met, and the records once more."""
    columns: dict[str, None] = {}
    spool = Spool()
    for records in pages:
        for record in records:
            if isinstance(record, dict):
                columns.update(dict.fromkeys(record))
        if records:
            spool.add("".join([f"{dumps(record)}\n" for record in records]))
    return list(columns), _read(spool)


def _read(spool: Spool) -> Iterator[list[Any]]:
    rest = ""
    for chunk in spool:
        *lines, rest = (rest + chunk).split("\n")
        for start in range(0, len(lines), BATCH):
            yield [loads(line) for line in lines[start : start + BATCH]]


def cells(record: Any, columns: list[str]) -> list[str]:
    if isinstance(record, dict):
        get = record.get
        return [value if type(value := get(name)) is str else _cell(value) for name in columns]
    return [_cell(value) for value in (record if isinstance(record, list) else [record])]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    text = dumps(value)
    return str(loads(text)) if text.startswith('"') else text  # bytes and times are strings in JSON


def line_writer(delimiter: str) -> Callable[[list[str]], str]:
    def quoted(cell: str) -> str:
        if delimiter in cell or '"' in cell or "\n" in cell or "\r" in cell:
            return '"' + cell.replace('"', '""') + '"'
        return cell

    def line(cells: list[str]) -> str:
        if cells == [""]:  # an empty line would be no row at all
            return '""\n'
        return delimiter.join([quoted(cell) for cell in cells]) + "\n"

    return line
