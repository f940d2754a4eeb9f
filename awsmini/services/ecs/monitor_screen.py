"""Watching on the whole terminal: the tree, drawn anew ten times a second, while a thread looks at the service."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, ScrollablePane, Window
from prompt_toolkit.output import Output, create_output
from prompt_toolkit.widgets import Frame

from awsmini.app import App
from awsmini.format.color import RESET
from awsmini.format.output import write_out
from awsmini.services.ecs.monitor_lines import PACE, Watch, as_tree
from awsmini.services.ecs.monitor_look import View

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
TURN = 0.1  # seconds that it stands still


def run(watch: Watch, app: App) -> None:
    """Watch until the time is over or the user has had enough, and leave the last view on the terminal."""
    screen = Screen(watch, create_input(app.stdin), create_output(app.stdout))
    try:
        said = "Monitoring timed out!" if screen.run() else "Monitoring Complete!"
        write_out([f"{as_tree(screen.view, '', watch.paint)}\n{said}\n"], app)
    finally:
        write_out([RESET], app)


class Screen:
    def __init__(self, watch: Watch, keyboard: Input, display: Output) -> None:
        self.view: View | None = None
        self._watch = watch
        self._left = Event()
        tree = Window(FormattedTextControl(self._tree, focusable=True, show_cursor=False), wrap_lines=True)
        self._pane = ScrollablePane(tree, keep_cursor_visible=False)
        status = Window(FormattedTextControl(self._status), height=1)
        self._app: Application[bool] = Application(
            layout=Layout(HSplit([Frame(self._pane), status])),
            key_bindings=self._keys(),
            full_screen=True,
            refresh_interval=TURN,
            input=keyboard,
            output=display,
        )

    def run(self) -> bool:
        """Whether the time is over. Raises what went wrong with a look."""
        try:
            return self._app.run(pre_run=Thread(target=self._look_on, daemon=True).start)
        except EOFError:
            return False
        finally:
            self._left.set()

    def _look_on(self) -> None:
        """In a thread: an answer may take its time, and keys are not to wait for it."""
        try:
            while not self._watch.is_over():
                self.view = self._watch.look()
                if self._left.wait(PACE):
                    return
        except Exception as error:
            failure = error
            self._leave(lambda: self._app.exit(exception=failure))
        else:
            self._leave(lambda: self._app.exit(result=True))

    def _leave(self, leave: Callable[[], None]) -> None:
        """Leave the screen, unless the user has left it before."""
        loop = self._app.loop
        with suppress(RuntimeError):
            if loop is not None:
                loop.call_soon_threadsafe(lambda: None if self._left.is_set() or self._app.is_done else leave())

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("q")
        @keys.add("c-c")
        @keys.add("<sigint>")
        def _quit(event: KeyPressEvent) -> None:
            event.app.exit(result=False)

        @keys.add("up")
        def _up(event: KeyPressEvent) -> None:
            self._pane.vertical_scroll -= 1  # the pane keeps it within bounds

        @keys.add("down")
        def _down(event: KeyPressEvent) -> None:
            self._pane.vertical_scroll += 1

        return keys

    def _turn(self) -> str:
        return SPINNER[self._app.render_counter % len(SPINNER)]

    def _tree(self) -> ANSI:
        return ANSI(as_tree(self.view, self._turn(), self._watch.paint))

    def _status(self) -> str:
        return f"Getting updates... {self._turn()} | up/down to scroll, q to quit"
