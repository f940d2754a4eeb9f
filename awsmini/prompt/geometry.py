"""Where what is on the screen goes, and which keys it tells of: by numbers and words alone."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer

from awsmini.help.layout import Line, pieces
from awsmini.help.page import CODE, EMPHASIS, LINK, STRONG

KEYS_WIDTH = 37  # columns of the pane of keys, its frame included
DEBUG_WIDTH = 40  # and of that of the log
NARROWEST = 40  # columns that a pane needs to stand beside another
LEAST_INPUT = 8  # rows of the line and its menu while panes are open below

Key = tuple[str, str]  # its name, and what it does

INPUT, DOCS, OUTPUT = "input", "docs", "output"
TITLES = {INPUT: "Prompt panel help", DOCS: "Doc panel help", OUTPUT: "Output panel help"}
_PANES: tuple[Key, ...] = (("F3", "Hide/Show Docs"), ("F5", "Hide/Show Output"))
_MOVES: tuple[Key, ...] = (
    ("/", "Search Forward"), ("?", "Search Backward"), ("n", "Find Next Match"), ("N", "Find Previous Match"),
    ("w", "Go Up a Page"), ("z", "Go Down a Page"), ("k", "Go Up a Line"), ("j", "Go Down a Line"),
    ("g", "Go to Top"), ("G", "Go to Bottom"),
)  # fmt: skip
_RUN: Key = ("ENTER", "Autocomplete Choice/Execute Command")
_NEXT: Key = ("F2", "Focus on next panel")
_BACK: Key = ("q", "Focus on Input")
_HIDE: Key = ("F1", "Hide Shortkey Help")
_SHOW: Key = ("F1", "Show Shortkey Help")

# By what has the focus: the pane of keys, and the line at the bottom while that pane is closed.
ALL_KEYS: dict[str, tuple[Key, ...]] = {
    INPUT: (
        _RUN, _HIDE, _NEXT, _PANES[0], ("F4", "One/Multi column prompt"), _PANES[1],
        ("CONTROL+R", "On/Off bck-i-search"), ("CONTROL+C", "Leave"),
    ),
    DOCS: (*_MOVES, _HIDE, _NEXT, _BACK, *_PANES),
    OUTPUT: (*_MOVES, _HIDE, _NEXT, _BACK, *_PANES),
}  # fmt: skip
BOTTOM_KEYS: dict[str, tuple[Key, ...]] = {
    INPUT: (_RUN, _SHOW, _NEXT, *_PANES),
    DOCS: (_SHOW, _NEXT, _BACK, *_PANES),
    OUTPUT: (_SHOW, _NEXT, _BACK, *_PANES),
}


class Panes(NamedTuple):
    """Which panes are open."""

    docs: bool = False
    output: bool = False
    keys: bool = False
    debug: bool = False


class Geometry(NamedTuple):
    input_rows: int | None  # None: all there are
    docs_width: int
    output_width: int
    beside: bool  # docs and output stand side by side, else one above the other


def geometry(columns: int, rows: int, panes: Panes) -> Geometry:
    """The sizes on a terminal of that many columns and rows."""
    room = columns - (KEYS_WIDTH if panes.keys else 0) - (DEBUG_WIDTH if panes.debug else 0)
    both = panes.docs and panes.output
    beside = both and room > 2 * NARROWEST
    left = (room - 1) // 2 if beside else room
    right = room - 1 - left if beside else room
    input_rows = max(LEAST_INPUT, rows // 3) if panes.docs or panes.output else None
    return Geometry(input_rows, left, right, beside)


def rows_of_keys(keys: Sequence[Key], width: int) -> list[list[Key]]:
    """The keys in as many rows as it takes that none is cut."""
    rows: list[list[Key]] = []
    used = 0
    for key in keys:
        needed = len(key[0]) + len(key[1]) + 3
        if rows and used + GAP + needed <= width:
            rows[-1].append(key)
            used += GAP + needed
        else:
            rows.append([key])
            used = needed
    return rows


GAP = 4  # columns between two keys in a row


STYLES = {STRONG: "bold", CODE: "ansicyan", EMPHASIS: "italic", LINK: "underline"}
HEADING = "bold ansiblue"
KEY = "ansicyan"


class HelpLexer(Lexer):
    """The styles of the lines of a page of help."""

    def __init__(self) -> None:
        self.lines: Sequence[Line] = ()

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        lines = self.lines
        return lambda number: _styled(lines[number]) if number < len(lines) else []

    def invalidation_hash(self) -> int:
        return id(self.lines)


def _styled(line: Line) -> StyleAndTextTuples:
    found: StyleAndTextTuples = [("", " " * line.indent)]
    for text, names in pieces(line):
        style = HEADING if line.indent == 0 and names else " ".join(STYLES[name] for name in names)
        found.append((style, text))
    return found


def key_text(key: Key) -> StyleAndTextTuples:
    """A key and what it does."""
    return [(KEY, f"[{key[0]}]"), ("", f" {key[1]}")]
