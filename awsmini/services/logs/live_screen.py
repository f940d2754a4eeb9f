"""A live tail on the whole terminal. A thread reads the stream; keys say what is seen of it."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, FormattedTextControl, HSplit, Layout, VSplit, Window, WindowAlign
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.output import Output, create_output

from awsmini.app import App
from awsmini.errors import AwsminiError
from awsmini.format.output import write_out
from awsmini.services.logs.live_log import MOST_TERMS, LiveLog
from awsmini.services.logs.start_live_tail import messages

TURN = 1.0  # seconds between two looks at what has come
PAGE = 20  # lines that Ctrl+U and Ctrl+D go
LONGEST_TERM = 15  # characters that are shown of one

LATEST, SCROLLING, TERM, FORGETTING = "latest", "scrolling", "term", "forgetting"
KEYS = {
    LATEST: "up: scroll   h: highlight a term   c: take highlights away   t: JSON or plain   Esc: end",
    SCROLLING: "up, down, Ctrl+U, Ctrl+D: scroll   q: back to the latest   h, c, t   Esc: end",
    TERM: "Type a term, then Enter   Esc: back",
}


def watch(stream: Iterable[Mapping[str, Any]], app: App) -> None:
    """Show what comes until it ends or the user has had enough. What ended it is told on stdout."""
    screen = Screen(stream, app, create_input(app.stdin), create_output(app.stdout))
    screen.run()
    if screen.failure is not None:
        write_out([f"{screen.failure}\n"], app)


class Screen:
    def __init__(self, stream: Iterable[Mapping[str, Any]], app: App, keyboard: Input, display: Output) -> None:
        self.failure: AwsminiError | None = None
        self.log = LiveLog()
        self.mode = LATEST
        self._stream = stream
        self._app = app
        self._start = app.now()
        self._left = Event()
        self._sampled = False
        self._came = 0
        self._lines = Buffer(read_only=Condition(lambda: False))
        self._term = Buffer(multiline=False)
        self._body = BufferControl(self._lines, lexer=_Highlighter(self.log), focusable=True)
        self._prompt = BufferControl(self._term, focusable=True)
        self._program: Application[None] = Application(
            layout=Layout(self._layout(), focused_element=self._body),
            key_bindings=self._keys(),
            full_screen=True,
            refresh_interval=TURN,
            input=keyboard,
            output=display,
        )

    def run(self) -> None:
        try:
            with suppress(EOFError):
                self._program.run(pre_run=Thread(target=self._read, daemon=True).start)
        finally:
            self._left.set()

    def _layout(self) -> HSplit:
        return HSplit(
            [
                Window(self._body, wrap_lines=True),
                Window(height=1, char="-"),
                VSplit([Window(FormattedTextControl("> "), width=2), Window(self._prompt)], height=1),
                Window(FormattedTextControl(self._status), height=1, align=WindowAlign.RIGHT),
                Window(FormattedTextControl(self._help), height=1, style="reverse"),
            ]
        )

    # What comes ----------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        """In a thread: the stream waits for events, and keys are not to wait for it."""
        try:
            for update in self._stream:
                if self._left.is_set():
                    return
                self._later(lambda update=update: self.take(update))  # type: ignore[misc]
        except AwsminiError as error:
            self.failure = error
        except Exception as error:
            self.failure = AwsminiError(str(error))
        self._later(self._leave)

    def _later(self, work: Callable[[], object]) -> None:
        """Do something in the thread that draws, unless the user has left."""
        loop = self._program.loop
        with suppress(RuntimeError):
            if loop is not None:
                loop.call_soon_threadsafe(work)

    def _leave(self) -> None:
        if not self._program.is_done:
            self._program.exit()

    def take(self, update: Mapping[str, Any]) -> None:
        """Take in an event of the stream."""
        found = update.get("sessionUpdate")
        if found is None:
            return
        self._sampled = bool(found.get("sessionMetadata", {}).get("sampled"))
        came = list(messages(update))
        self._came = len(came)
        self.log.add(came)
        self._show()

    def _show(self) -> None:
        """Show the latest lines; while the user scrolls, the same ones, where they were."""
        text = self.log.text()
        at = len(text) if not self.log.held else min(self._lines.cursor_position, len(text))
        self._lines.set_document(Document(text, at), bypass_readonly=True)
        self._program.invalidate()

    # What is seen --------------------------------------------------------------------------------------------------

    def _status(self) -> str:
        seconds = int((self._app.now() - self._start).total_seconds())
        terms = ", ".join(f"{_short(term.text)}: {count}" for term, count in self.log.counts())
        time = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        sampled = "yes" if self._sampled else "no"
        return f"Highlighted: {{{terms}}}, {self._came} events/s, sampled: {sampled} | {time}"

    def _help(self) -> str:
        if self.mode == FORGETTING:
            names = "   ".join(f"{number}: {_short(name)}" for number, name in enumerate(self.log.terms, 1))
            return f"{names}   Enter: all   Esc: back"
        return KEYS[self.mode]

    # Keys ----------------------------------------------------------------------------------------------------------

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        looking = Condition(lambda: self.mode in (LATEST, SCROLLING))
        typing = Condition(lambda: self.mode == TERM)
        forgetting = Condition(lambda: self.mode == FORGETTING)

        @keys.add("escape", filter=looking, eager=True)
        @keys.add("c-c")
        @keys.add("<sigint>")
        def _end(event: KeyPressEvent) -> None:
            self._leave()

        @keys.add("escape", filter=~looking, eager=True)
        def _back(event: KeyPressEvent) -> None:
            self._look()

        @keys.add("<any>", filter=looking)
        def _nothing(event: KeyPressEvent) -> None:
            pass

        @keys.add("up", filter=looking)
        def _up(event: KeyPressEvent) -> None:
            self._scroll(-1)

        @keys.add("down", filter=looking)
        def _down(event: KeyPressEvent) -> None:
            self._scroll(1)

        @keys.add("c-u", filter=looking)
        def _page_up(event: KeyPressEvent) -> None:
            self._scroll(-PAGE)

        @keys.add("c-d", filter=looking)
        def _page_down(event: KeyPressEvent) -> None:
            self._scroll(PAGE)

        @keys.add("q", filter=looking)
        def _latest(event: KeyPressEvent) -> None:
            self._go_to_latest()

        @keys.add("t", filter=looking)
        def _toggle(event: KeyPressEvent) -> None:
            self.log.as_json = not self.log.as_json
            self._show()

        @keys.add("h", filter=looking)
        def _highlight(event: KeyPressEvent) -> None:
            if len(self.log.terms) < MOST_TERMS:
                self.mode = TERM
                event.app.layout.focus(self._prompt)

        @keys.add("enter", filter=typing)
        def _typed(event: KeyPressEvent) -> None:
            self.log.highlight(self._term.text)
            self._look()

        @keys.add("c", filter=looking)
        def _forget(event: KeyPressEvent) -> None:
            if self.log.terms:
                self.mode = FORGETTING

        @keys.add("<any>", filter=forgetting)
        def _forget_one(event: KeyPressEvent) -> None:
            if event.data.isdecimal() and self.log.forget(int(event.data)):
                self._look()

        @keys.add("enter", filter=forgetting)
        def _forget_all(event: KeyPressEvent) -> None:
            self.log.forget()
            self._look()

        return keys

    def _look(self) -> None:
        """Back from a question to the lines."""
        self._term.reset()
        self.mode = SCROLLING if self.log.held else LATEST
        self._program.layout.focus(self._body)
        self._show()

    def _scroll(self, lines: int) -> None:
        """Move in the lines, which stand still from now on; below the last one they go on."""
        document = self._lines.document
        if lines > 0 and document.cursor_position_row + lines >= document.line_count:
            self._go_to_latest()
            return
        self.log.held = True
        self.mode = SCROLLING
        if lines < 0:
            self._lines.cursor_up(-lines)
        else:
            self._lines.cursor_down(lines)

    def _go_to_latest(self) -> None:
        self.log.let_go()
        self.mode = LATEST
        self._show()


class _Highlighter(Lexer):
    """The colors of the lines."""

    def __init__(self, log: LiveLog) -> None:
        self._log = log

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        lines = document.lines

        def line(number: int) -> StyleAndTextTuples:
            return [*self._log.fragments(lines[number])] if number < len(lines) else []

        return line

    def invalidation_hash(self) -> Any:
        """Lines that are the same look otherwise when terms have changed."""
        return tuple(self._log.terms.values())


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TERM else f"{text[: LONGEST_TERM - 3]}..."
