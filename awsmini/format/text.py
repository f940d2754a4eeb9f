"""Tab-separated text for the tools of a shell, as AWS CLI v2 lays it out.

A structure is one line of its scalars, by key and without key names, then its lists and maps by key, each
of their lines led by the upper-case key. In a list of structures every line has the columns that any of
them has. Pages are printed as they come, and --query sees one page at a time.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from awsmini.errors import AwsminiError
from awsmini.format.pages import without_metadata
from awsmini.format.view import View
from awsmini.paging import PageIterator
from awsmini.query_paths import assign, compile_path
from awsmini.records import Written


class TextError(AwsminiError):
    """The value has no form in text."""


def render(answer: Any, view: View) -> Iterator[Any]:
    """The lines of the answer, a page at a time."""
    if isinstance(answer, PageIterator):
        yield from _pages(answer, view)
    else:
        yield dump(view.search(without_metadata(answer)))


def _pages(pages: PageIterator, view: View) -> Iterator[Any]:
    """Of each page the result keys, led on the first by what only that one says; at last the resume token."""
    searches = [(path, compile_path(path)) for path in pages.result_keys]
    first = True
    for page in pages:
        shown: dict[str, Any] = {**pages.non_aggregate_part} if first else {}
        for path, search in searches:
            assign(shown, path, search(page))
        del page  # or it would be in memory while the next is read
        lines: list[Any] = []
        _write(view.search(shown), None, lines)
        del shown
        yield from _joined(lines, view.takes_utf8)
        first = False
        del lines
    if pages.resume_token:
        yield dump(view.search({"NextToken": {"NextToken": pages.resume_token}}))


def _joined(lines: list[str | bytes], takes_utf8: bool) -> Iterator[Any]:
    """The lines in as few pieces as may be; what is there in UTF-8 stays so, where it is taken."""
    text: list[str] = []
    for line in lines:
        if isinstance(line, bytes) and takes_utf8:
            yield from ("\n".join([*text, ""]), line)
            text = [""]
        else:
            text.append(line.decode() if isinstance(line, bytes) else line)
    yield "\n".join([*text, ""]) if text else ""


def dump(value: Any) -> str:
    """Any value as lines of text."""
    lines: list[str] = []
    _write(value, None, lines)
    return "\n".join([*lines, ""]) if lines else ""


def block(value: Any, name: str) -> str:
    """The lines of a list or a map under a name. Raises TypeError for a scalar, which is a cell of its parent's line."""
    if not isinstance(value, dict | list):
        raise TypeError(value)
    lines: list[str] = []
    _write(value, name, lines)
    return "\n".join([*lines, ""]) if lines else ""


def cell(value: Any) -> str:
    """A scalar as it stands in a line. Raises TypeError for a list or a map, which has lines of its own."""
    if isinstance(value, dict | list):
        raise TypeError(value)
    return _scalar(value)


def _write(value: Any, name: str | None, lines: list[str]) -> None:
    if isinstance(value, dict):
        _write_dict(value, name, lines)
    elif isinstance(value, list):
        _write_list(value, name, lines)
    else:
        lines.append(_scalar(value))


def _write_dict(value: dict[str, Any], name: str | None, lines: list[str]) -> None:
    scalars: list[str] = []
    nested: list[str] = []
    for key in sorted(value):
        item = value[key]
        if isinstance(item, dict | list):
            nested.append(key)
        else:
            scalars.append(item if type(item) is str else _scalar(item))
    if scalars:
        lines.append("\t".join(scalars if name is None else [name.upper(), *scalars]))
    for key in nested:
        _write(value[key], key, lines)


def _write_list(value: list[Any], name: str | None, lines: list[str]) -> None:
    if type(value) is Written:
        lines += value
    elif any(isinstance(item, dict) for item in value):
        _write_rows(value, name, lines)
    elif any(isinstance(item, list) for item in value):
        scalars = [item for item in value if not isinstance(item, list)]
        if scalars:
            _write_scalars(scalars, name, lines)
        for item in value:
            if isinstance(item, list):
                _write_list(item, name, lines)
    elif value:
        _write_scalars(value, name, lines)


def _write_scalars(value: list[Any], name: str | None, lines: list[str]) -> None:
    words = [item if type(item) is str else _scalar(item) for item in value]
    if name is None:
        lines.append("\t".join(words))
    else:
        lead = name.upper()
        lines += [f"{lead}\t{word}" for word in words]


def _write_rows(value: list[Any], name: str | None, lines: list[str]) -> None:
    """A list of structures: the columns are every key that is a scalar in any of them."""
    seen: set[str] = set()
    for row in value:
        if not isinstance(row, dict):
            raise TextError("Text output cannot show a list that mixes structures with other values; see --query.")
        seen.update([key for key, item in row.items() if key not in seen and not isinstance(item, dict | list)])
    columns = sorted(seen)
    lead = [] if name is None else [name.upper()]
    for row in value:
        if columns:
            get = row.get
            cells = [item if type(item := get(key, "")) is str else _scalar(item) for key in columns]
            lines.append("\t".join([*lead, *cells]))
        if len(row) > len(columns) or not seen.issuperset(row):
            for key in sorted(row.keys() - seen):
                _write(row[key], key, lines)


def _scalar(value: Any) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)
