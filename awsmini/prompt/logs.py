"""What `--debug` tells while the prompt is open: kept in a pane of its own, and saved to a file on request."""

import io
from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.layout import (
    AnyContainer,
    BufferControl,
    ConditionalContainer,
    FormattedTextControl,
    HSplit,
    Window,
)
from prompt_toolkit.layout.containers import Container
from prompt_toolkit.widgets import Button, Dialog, Frame, HorizontalLine, Label, TextArea

from awsmini.prompt.geometry import DEBUG_WIDTH, key_text
from awsmini.system.atomic import PRIVATE, saving

FILE = "prompt_debug.log"
ASKED = "Log file name"


class Log(io.StringIO):
    """A stream for the log, which tells when there is more."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed

    def write(self, text: str) -> int:
        written = super().write(text)
        self._changed()
        return written


class LogPane:
    """The pane, and the dialog that saves what is in it."""

    def __init__(self, is_open: Callable[[], bool], expand: Callable[[str], str]) -> None:
        self.buffer = Buffer(read_only=True)
        self._expand = expand
        self._asks = False
        self.told = ASKED
        self._field = TextArea(FILE, multiline=False, accept_handler=self._accepted)
        self._before: Container | None = None
        key = FormattedTextControl(key_text(("CONTROL+S", "Save log to file")))
        body = HSplit([Window(BufferControl(self.buffer), wrap_lines=True), HorizontalLine(), Window(key, height=1)])
        self.pane = ConditionalContainer(Frame(body, title="Debug panel", width=DEBUG_WIDTH), Condition(is_open))
        dialog = Dialog(
            HSplit([Label(lambda: self.told), self._field]),
            title="Save logs to file",
            buttons=[Button("Save", self._save), Button("Cancel", self._close)],
        )
        self.dialog: AnyContainer = ConditionalContainer(dialog, Condition(lambda: self._asks))

    def show(self, text: str) -> None:
        """The log so far, its end in sight."""
        if text != self.buffer.text:
            self.buffer.set_document(Document(text), bypass_readonly=True)

    def ask(self) -> None:
        """Open the dialog."""
        if not self._asks:
            self._asks = True
            self.told = ASKED
            self._field.buffer.cursor_position = len(self._field.text)
            self._before = get_app().layout.current_window
            get_app().layout.focus(self._field)

    def _accepted(self, _buffer: Buffer) -> bool:
        self._save()
        return True  # the name stays in its field

    def _save(self) -> None:
        try:
            with saving(self._expand(self._field.text), PRIVATE) as file:
                file.write(self.buffer.text.encode(errors="replace"))
        except OSError as error:
            self.told = f"It cannot be written: {error.strerror}"
        else:
            self._close()

    def _close(self) -> None:
        self._asks = False
        if self._before is not None:
            get_app().layout.focus(self._before)
