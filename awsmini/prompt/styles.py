"""Colours and the like: of the lines of a page of help, and of keys."""

from collections.abc import Callable, Sequence

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer

from awsmini.help.layout import Line, pieces
from awsmini.help.page import CODE, EMPHASIS, LINK, STRONG
from awsmini.prompt.geometry import Key

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
