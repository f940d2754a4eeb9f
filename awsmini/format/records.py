"""Answers as records, for ndjson, csv and tsv: where they are, and what columns they have.

The records of a call are the items of the primary result key of its paginator; of a call without one, the
items of the output's only list, where nothing else in the output is nested; else the answer itself is one
record. With --query they are the items of what it finds, page by page, or the one thing that it finds.
"""

from collections.abc import Iterator
from typing import Any

from awsmini.format.pages import without_metadata
from awsmini.format.view import View
from awsmini.model.shapes import ListShape, Shape, StructureShape
from awsmini.paging import PageIterator
from awsmini.query_paths import compile_path

_NESTED = ("structure", "map")


def batches(answer: Any, view: View) -> Iterator[list[Any]]:
    """The records of each page, as the pages come."""
    if isinstance(answer, PageIterator):
        path = answer.result_keys[0] if answer.result_keys else None
        for page in answer:
            records = _records(page, path, view)
            del page  # or it would be in memory while the next is read
            yield records
            del records
    else:
        answer = without_metadata(answer)
        if answer != {}:
            yield _records(answer, record_path(view), view)


def _records(page: Any, path: str | None, view: View) -> list[Any]:
    found = view.search(page) if view.query or path is None else compile_path(path)(page)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def record_path(view: View) -> str | None:
    """The path to the records in an unpaged answer; None where the answer is the record."""
    if view.result_keys:
        return view.result_keys[0]
    if view.output_shape is None:
        return None
    members = _printed(view.output_shape)
    lists = [name for name, member in members.items() if member.type_name == "list"]
    if len(lists) == 1 and not any(member.type_name in _NESTED for member in members.values()):
        return lists[0]
    return None


def known_columns(view: View) -> list[str] | None:
    """The columns that every record will have, from the query or from the output shape; None where neither tells.

    The columns of the shape are all its members in the model's order, so that a script finds the same columns
    whatever happens to be in the answer. A list of plain values is one column, named as the list is.
    """
    if view.query is not None:
        return view.query.columns
    shape: Shape | None = view.output_shape
    path = record_path(view)
    for name in path.split(".") if path else ():
        shape = shape.members.get(name) if isinstance(shape, StructureShape) else None
    if isinstance(shape, ListShape) and path:
        item = shape.member
        if item.type_name not in ("structure", "map", "list"):
            return [path.rpartition(".")[2]]
        shape = item
    if isinstance(shape, StructureShape) and not shape.is_document_type:
        return list(_printed(shape))
    return None


def _printed(shape: StructureShape) -> dict[str, Shape]:
    """The members that are printed: not the payload that is a stream."""
    streamed = shape.traits.get("payload")
    return {
        name: member
        for name, member in shape.members.items()
        if not member.is_event_stream and not (name == streamed and member.type_name == "blob")
    }
