"""What is on the screen: the line with its menu, the panes below it, the pane of keys beside, and the bottom line."""

import asyncio
from collections.abc import Callable, Sequence

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer, CompletionState
from prompt_toolkit.completion import CompleteEvent, Completer, DynamicCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History
from prompt_toolkit.layout import (
    BufferControl,
    CompletionsMenu,
    ConditionalContainer,
    Dimension,
    DynamicContainer,
    Float,
    FloatContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    MultiColumnCompletionsMenu,
    VSplit,
    Window,
)
from prompt_toolkit.layout.containers import AnyContainer
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.widgets import Frame, HorizontalLine, SearchToolbar, VerticalLine

from awsmini.help.layout import Line
from awsmini.prompt.completer import GLANCE
from awsmini.prompt.geometry import (
    ALL_KEYS,
    BOTTOM_KEYS,
    DOCS,
    GAP,
    INPUT,
    KEYS_WIDTH,
    OUTPUT,
    TITLES,
    Geometry,
    HelpLexer,
    Panes,
    geometry,
    key_text,
    rows_of_keys,
)
from awsmini.prompt.logs import LogPane

PROMPT = "> awsmini "
MENU_ROWS = 16
EVENLY = 1000  # rows: panes that all want more than there is get the same
SEARCHING = "bck-i-search"


class Screen:
    """The buffers, which panes are open, and the layout of both."""

    def __init__(
        self, menu: Completer, searched: Completer, history: History, expand: Callable[[str], str], *, debug: bool
    ) -> None:
        self.panes = Panes(debug=debug)
        self.log = LogPane(lambda: self.panes.debug, expand)
        self.many_columns = False
        self.searches_history = False
        self._searched = searched
        completer = DynamicCompleter(lambda: searched if self.searches_history else menu)
        self.line = Buffer(completer=completer, complete_while_typing=True, history=history)
        self.docs = Buffer(read_only=True)
        self.output = Buffer(read_only=True)
        self.lexer = HelpLexer()
        self._line_window = Window(
            BufferControl(self.line, input_processors=[BeforeInput(PROMPT)]),
            wrap_lines=True,
            height=lambda: Dimension.exact(self.geometry.input_rows) if self.geometry.input_rows else Dimension(),
        )
        self._docs_row: int | None = None
        self._docs_window, self._docs_pane = _pane("Doc panel", self.docs, self.lexer)
        _, self._output_pane = _pane("Output panel", self.output)
        self.layout = Layout(self._everything(), focused_element=self._line_window)

    @property
    def geometry(self) -> Geometry:
        size = get_app().output.get_size()
        return geometry(size.columns, size.rows, self.panes)

    @property
    def focus(self) -> str:
        """INPUT, DOCS or OUTPUT."""
        if self.layout.has_focus(self._docs_pane):
            return DOCS
        return OUTPUT if self.layout.has_focus(self._output_pane) else INPUT

    def toggle(self, pane: str) -> None:
        """Open or close a pane: a field of Panes."""
        if pane == self.focus:
            self.focus_line()
        self.panes = self.panes._replace(**{pane: not getattr(self.panes, pane)})

    def toggle_columns(self) -> None:
        self.many_columns = not self.many_columns

    def focus_line(self) -> None:
        self.layout.focus(self._line_window)

    def open_menu(self) -> None:
        """Let the menu hold what may stand at the cursor now."""
        self.line.start_completion()
        get_app().create_background_task(self._open_menu_again(self.line.document))

    async def _open_menu_again(self, document: Document) -> None:
        """Where the menu of another text was still on its way, prompt_toolkit has not begun a new one."""
        await asyncio.sleep(2 * GLANCE)
        if self.line.document == document and self.line.complete_state is None:
            self.line.start_completion()

    def search_history(self, on: bool) -> None:
        """Let the menu hold the lines run before; or what may stand at the cursor, with the line as it was."""
        self.line.cancel_completion()
        self.searches_history = on
        found = [*self._searched.get_completions(self.line.document, CompleteEvent())] if on else []
        if found:  # set at once, since prompt_toolkit collects for one menu at a time
            self.line.complete_state = CompletionState(self.line.document, found)

    def show_docs(self, lines: Sequence[Line], row: int | None) -> None:
        """Put a page into the pane; `row` is to be at the top of it, if one is."""
        if lines is not self.lexer.lines:
            self.lexer.lines = lines
            self._docs_row = None
            _set(self.docs, "\n".join(" " * line.indent + line.text for line in lines))
        if row is not None and row != self._docs_row:
            self.docs.cursor_position = self.docs.document.translate_row_col_to_index(row, 0)
            self._docs_window.vertical_scroll = row
        self._docs_row = row

    def show_output(self, text: str) -> None:
        _set(self.output, text)

    def _everything(self) -> AnyContainer:
        left = HSplit([self._line_and_menu(), DynamicContainer(self._below)])
        keys = Frame(
            Window(FormattedTextControl(self._all_keys), wrap_lines=True, width=KEYS_WIDTH - 2),
            title=lambda: TITLES[self.focus],
        )
        has_keys = Condition(lambda: self.panes.keys)
        bottom = HSplit([HorizontalLine(), Window(FormattedTextControl(self._bottom), dont_extend_height=True)])
        sign = ConditionalContainer(
            Window(FormattedTextControl([("reverse", SEARCHING)]), height=1), Condition(lambda: self.searches_history)
        )
        top = VSplit([left, ConditionalContainer(keys, has_keys), self.log.pane])
        return FloatContainer(HSplit([top, sign, ConditionalContainer(bottom, ~has_keys)]), [Float(self.log.dialog)])

    def _line_and_menu(self) -> AnyContainer:
        many = Condition(lambda: self.many_columns)
        one = CompletionsMenu(max_height=MENU_ROWS, scroll_offset=2, extra_filter=~many)
        menus = (one, MultiColumnCompletionsMenu(extra_filter=many))
        return FloatContainer(self._line_window, [Float(menu, xcursor=True, ycursor=True) for menu in menus])

    def _below(self) -> AnyContainer:
        """The open panes, or nothing."""
        sizes, panes = self.geometry, self.panes
        if panes.docs and panes.output and sizes.beside:
            return VSplit([HSplit([self._docs_pane], width=sizes.docs_width), VerticalLine(), self._output_pane])
        shown = [
            pane for pane, is_open in ((self._docs_pane, panes.docs), (self._output_pane, panes.output)) if is_open
        ]
        return HSplit(shown) if shown else Window(height=0)

    def _all_keys(self) -> StyleAndTextTuples:
        return [part for key in ALL_KEYS[self.focus] for part in (*key_text(key), ("", "\n"))][:-1]

    def _bottom(self) -> StyleAndTextTuples:
        found: StyleAndTextTuples = []
        for row in rows_of_keys(BOTTOM_KEYS[self.focus], get_app().output.get_size().columns):
            for number, key in enumerate(row):
                found += [("", " " * GAP if number else ""), *key_text(key)]
            found.append(("", "\n"))
        return found[:-1]


def _pane(title: str, buffer: Buffer, lexer: Lexer | None = None) -> tuple[Window, HSplit]:
    """The window of a text, and that with its title and a line to search from."""
    search = SearchToolbar()
    control = BufferControl(buffer, lexer=lexer, search_buffer_control=search.control)
    window = Window(control, wrap_lines=True, height=Dimension(preferred=EVENLY))
    return window, HSplit([_title(title), window, search])


def _title(title: str) -> VSplit:
    def line() -> Window:
        return Window(char="─", height=1, style="class:line")

    label = Window(FormattedTextControl(f"|{title}|"), width=len(title) + 2, height=1)
    return VSplit([line(), label, line()])


def _set(buffer: Buffer, text: str) -> None:
    """Put a text into a pane, from its beginning, unless it is there already."""
    if text != buffer.text:
        buffer.set_document(Document(text, 0), bypass_readonly=True)
