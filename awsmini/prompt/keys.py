"""What the keys do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.bindings.focus import focus_next
from prompt_toolkit.key_binding.bindings.scroll import scroll_page_down, scroll_page_up
from prompt_toolkit.keys import Keys

from awsmini.completion.files import SCHEMES
from awsmini.prompt.line import goes_on

if TYPE_CHECKING:
    from awsmini.prompt.screen import Screen


def key_bindings(screen: "Screen") -> KeyBindings:
    """All keys that do something else here than in any line that prompt_toolkit edits."""
    keys = KeyBindings()
    in_line = Condition(lambda: get_app().current_buffer is screen.line)
    in_pane = Condition(lambda: get_app().current_buffer in (screen.docs, screen.output))
    in_history = Condition(lambda: screen.searches_history) & in_line

    keys.add(Keys.Enter, filter=in_line)(lambda event: _enter(event, screen))
    for leave in (Keys.ControlC, Keys.ControlD, Keys.SIGINT):
        keys.add(leave)(lambda event: event.app.exit(result=None))
    keys.add(Keys.ControlR, filter=in_line)(lambda event: screen.search_history(not screen.searches_history))
    keys.add(Keys.Escape, filter=in_history, eager=True)(lambda event: screen.search_history(False))
    keys.add(" ", filter=in_history)(lambda event: _space(screen))
    keys.add(Keys.Backspace, filter=in_line)(lambda event: _backspace(screen))
    keys.add(Keys.F1)(lambda event: screen.toggle("keys"))
    keys.add(Keys.F2)(focus_next)
    keys.add(Keys.F3)(lambda event: screen.toggle("docs"))
    keys.add(Keys.F4)(lambda event: screen.toggle_columns())
    keys.add(Keys.F5)(lambda event: screen.toggle("output"))
    keys.add(Keys.ControlS, filter=Condition(lambda: screen.panes.debug))(lambda event: screen.log.ask())
    keys.add("q", filter=in_pane)(lambda event: screen.focus_line())
    for name, move in _MOVES.items():
        keys.add(name, filter=in_pane)(move)
    return keys


def _enter(event: KeyPressEvent, screen: "Screen") -> None:
    """Take what is chosen in the menu; where none is open or on its way, run the line, unless it is not finished."""
    line = screen.line
    if line.complete_state is None:
        if goes_on(line.text):
            line.insert_text("\n")
        else:
            event.app.exit(result=line.text)
        return
    screen.searches_history = False
    line.complete_state = None
    word = line.document.get_word_before_cursor(WORD=True)
    if word.startswith(SCHEMES) and word.endswith("/"):
        screen.open_menu()


def _space(screen: "Screen") -> None:
    """A space ends the search where a line was chosen, and is typed."""
    state = screen.line.complete_state
    if state and state.current_completion:
        screen.searches_history = False
    screen.line.insert_text(" ")


def _backspace(screen: "Screen") -> None:
    screen.line.delete_before_cursor()
    screen.open_menu()


def _to_row(rows: Callable[[int, int], int]) -> Callable[[KeyPressEvent], None]:
    """Moves the cursor of a pane to the row that `rows` makes of the one that it is in and the last one."""

    def move(event: KeyPressEvent) -> None:
        document = event.current_buffer.document
        last = document.line_count - 1
        row = max(0, min(rows(document.cursor_position_row, last), last))
        event.current_buffer.cursor_position = document.translate_row_col_to_index(row, 0)

    return move


_MOVES = {
    "w": scroll_page_up,
    "pageup": scroll_page_up,
    "z": scroll_page_down,
    "pagedown": scroll_page_down,
    "k": _to_row(lambda row, last: row - 1),
    "j": _to_row(lambda row, last: row + 1),
    "g": _to_row(lambda row, last: 0),
    "G": _to_row(lambda row, last: last),
}
