"""Answers as text: one renderer for each value of --output.

A renderer is `render(answer, view) -> Iterator[str]`: the answer is one value or a PageIterator, the view says
what else bears on the text (title, --query, terminal). It yields text (where the view takes it, UTF-8 too) and
writes nothing; `output.py` writes.
The streamed formats yield at least once a page, before they ask for the next; the others only at the end.
"""

from collections.abc import Callable, Iterator
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import AwsminiError
from awsmini.format.view import View

RENDERERS = {
    "json": "awsmini.format.json:render",
    "text": "awsmini.format.text:render",
    "table": "awsmini.format.table:render",
    "yaml": "awsmini.format.yaml:render",
    "yaml-stream": "awsmini.format.yaml:render_stream",
    "off": "awsmini.format.off:render",
    "chart": "awsmini.format.chart:render",
    "grid": "awsmini.format.grid:render",
    "ndjson": "awsmini.format.ndjson:render",
    "csv": "awsmini.format.csv:render",
    "tsv": "awsmini.format.csv:render_tsv",
}
STREAMED = frozenset({"text", "grid", "yaml-stream", "ndjson", "csv", "tsv"})
RECORDS = frozenset({"ndjson", "csv", "tsv", "grid"})  # have no place for the token of a listing cut by --max-items

Render = Callable[[Any, View], Iterator[str]]


class UnknownOutputError(AwsminiError):
    """An output format from the environment or the config that there is none of."""

    def __init__(self, output: str) -> None:
        super().__init__(f"Unknown output type: {output}")


def renderer(output: str) -> Render:
    """The renderer for a value of --output. Raises UnknownOutputError."""
    if output not in RENDERERS:
        raise UnknownOutputError(output)
    render: Render = resolve_name(RENDERERS[output])
    return render
