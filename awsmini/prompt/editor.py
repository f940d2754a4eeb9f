"""The prompt itself: a screen on the terminal, from the words typed so far to those that are to run."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from prompt_toolkit.application import Application
from prompt_toolkit.history import History
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.output import Output, create_output

from awsmini import log
from awsmini.app import App
from awsmini.commandline.terminal import NoTerminalError, screen
from awsmini.format.output import write_out
from awsmini.help.layout import Line
from awsmini.prompt import history
from awsmini.prompt.completer import HistoryCompleter, OffersCompleter, started
from awsmini.prompt.docs import Docs
from awsmini.prompt.geometry import NARROWEST
from awsmini.prompt.keys import key_bindings
from awsmini.prompt.line import holds_secret, line_of, words_of
from awsmini.prompt.logs import Log
from awsmini.prompt.offers import Offers
from awsmini.prompt.preview import preview
from awsmini.prompt.screen import PROMPT, Screen
from awsmini.system.user_dirs import expand

ESCAPE = 0.1  # seconds after which an escape is the key, and not the beginning of what another one sends
CURSOR = 1  # a column at the end of each line, where the cursor may stand


def ask(app: App, words: Sequence[str]) -> list[str] | None:
    """The words of the command that the user wants to run; None where the user left. Raises NoTerminalError.

    The line is told on the terminal afterwards, since nothing else of the screen remains.
    """
    stream = screen(app)
    prompt = Prompt(app, create_input(app.stdin), create_output(stream), debug="--debug" in words)
    try:
        line = prompt.run(line_of(words))
    except EOFError:
        raise NoTerminalError("The auto-prompt needs a terminal, and this one has gone.") from None
    if line is None:
        app.stderr.write(f"{PROMPT}{prompt.screen.line.text}\n")
        return None
    if stream is app.stdout:
        write_out([f"{PROMPT}{line}\n"], app)
    else:
        stream.write(f"{PROMPT}{line}\n")
    return words_of(line)


class KeptLines(History):
    """The history file, as prompt_toolkit goes through it."""

    def __init__(self, env: Mapping[str, str]) -> None:
        super().__init__()
        self._env = env

    def load_history_strings(self) -> Iterable[str]:
        return reversed(history.load(self._env))

    def store_string(self, string: str) -> None:
        history.add(string, self._env)


class Wanted(NamedTuple):
    """What the panes are to show: the help and the answer of a line, or None while the pane is closed, with widths."""

    line: str
    docs: int | None
    output: int | None


class Contents(NamedTuple):
    docs: Sequence[Line] | None
    row: int | None  # of the help, that is about the option under the cursor
    output: str | None


class Prompt:
    """One opening of the prompt."""

    def __init__(self, app: App, terminal_input: Input, terminal_output: Output, *, debug: bool = False) -> None:
        self._env = app.env
        self._offers = Offers(app.env)
        self._docs = Docs(app)
        self._wanted: Wanted | None = None
        menu = OffersCompleter(self._offers, lambda document: document.text == self.screen.line.text)
        searched = HistoryCompleter(lambda: history.load(app.env))
        self._log = Log(lambda: self._application.invalidate()) if debug else None
        self.screen = Screen(menu, searched, KeptLines(app.env), partial(expand, env=app.env), debug=debug)
        self._application: Application[str | None] = Application(
            layout=self.screen.layout,
            key_bindings=key_bindings(self.screen),
            full_screen=True,
            input=terminal_input,
            output=terminal_output,
            before_render=lambda _: self._look_at_panes(),
        )
        self._application.ttimeoutlen = ESCAPE

    def run(self, line: str) -> str | None:
        """The line when it is to run, None when the user leaves."""
        log.stop()  # it may have begun already, and would tear the screen
        if self._log is not None:
            log.configure_logging(self._log)
        try:
            done = self._application.run(pre_run=lambda: self._begin(line))
        finally:
            log.stop()
        if done is not None:
            self._remember(done)
        return done

    def _begin(self, line: str) -> None:
        """A word that is finished is left behind, so that the menu shows what comes next."""
        self.screen.line.insert_text(line)
        if line and self._offers.is_finished(line):
            self.screen.line.insert_text(" ")
        self.screen.line.start_completion()

    def _remember(self, line: str) -> None:
        if not holds_secret(words_of(line), self._offers.position(f"{line} ").node.operation):
            self.screen.line.append_to_history()

    def _look_at_panes(self) -> None:
        """Begin to make what the open panes are to show, where that has changed."""
        if self._log is not None:
            self.screen.log.show(self._log.getvalue())
        panes, sizes = self.screen.panes, self.screen.geometry
        wanted = Wanted(
            self.screen.line.text,
            max(sizes.docs_width, NARROWEST) - CURSOR if panes.docs else None,
            sizes.output_width - CURSOR if panes.output else None,
        )
        if wanted != self._wanted:
            self._wanted = wanted
            if panes.docs or panes.output:
                self._application.create_background_task(self._fill_panes(wanted))

    async def _fill_panes(self, wanted: Wanted) -> None:
        try:
            contents = await started(lambda: self._contents(wanted))
        except Exception as error:
            log.debug("prompt", "The panes are not filled: %r", error)
            return
        if wanted != self._wanted:
            return  # others are on their way
        if contents.docs is not None:
            self.screen.show_docs(contents.docs, contents.row)
        if contents.output is not None:
            self.screen.show_output(contents.output)
        self._application.invalidate()

    def _contents(self, wanted: Wanted) -> Contents:
        position = self._offers.position(f"{wanted.line} ")
        docs, row, output = None, None, None
        if wanted.docs is not None:
            docs = self._docs.lines(position.path, wanted.docs)
            row = self._docs.row(position.path, wanted.docs, position.current.label) if position.current else None
        if wanted.output is not None:
            output = preview(position, self._env, wanted.output)
        return Contents(docs, row, output)
