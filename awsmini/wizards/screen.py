"""A wizard on the whole terminal: what is on the screen, and what becomes of it when something is done there.

`layout` draws it, `keys` says which key does what.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import Completer, DynamicCompleter, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.output import Output, create_output

from awsmini.commandline.ask import EndOfInputError
from awsmini.errors import AwsminiError
from awsmini.system.atomic import saving
from awsmini.system.user_dirs import expand_user
from awsmini.wizards import preview
from awsmini.wizards.definition import PREVIEW, Choice, Wizard
from awsmini.wizards.interrupt import interruptible
from awsmini.wizards.keys import bindings
from awsmini.wizards.layout import STYLE, layout
from awsmini.wizards.menu import Menu
from awsmini.wizards.outside import FileError
from awsmini.wizards.steps import Journal, run
from awsmini.wizards.walk import Walk
from awsmini.wizards.world import World

MakeWorld = Callable[[Callable[[str], None]], World]  # with what is to be told of each call

LAST = "Create it now"  # asked when all else is answered
LAST_CHOICES = (Choice("Yes", True), Choice("No, back to the questions", False))
SAVE = "File to save it to"


class Screen:
    """The state of the screen. `entry` is where answers are typed, and where a menu is narrowed."""

    def __init__(
        self,
        wizard: Wizard,
        make_world: MakeWorld,
        stdin: TextIO,
        stdout: TextIO,
        *,
        keyboard: Input | None = None,
        display: Output | None = None,
    ) -> None:
        self._stdin = stdin
        self.world = make_world(self._announce)
        self.walk = Walk(wizard, self.world)
        self.journal = Journal()
        self.menu: Menu | None = None
        self.error = ""
        self.error_hidden = False
        self.details_shown = False
        self.saving = False
        self.status = ""
        self.entry = Buffer(
            multiline=False,
            completer=DynamicCompleter(self._completer),
            complete_while_typing=Condition(lambda: self._completer() is not None),
            on_text_changed=lambda _: self._narrow(),
        )
        self.details = Buffer(read_only=True)
        self.app: Application[None] = Application(
            layout=layout(self),
            key_bindings=bindings(self),
            style=STYLE,
            full_screen=True,
            input=keyboard or create_input(stdin),
            output=display or create_output(stdout),
        )

    def run(self) -> None:
        """Ask until all is done. Raises KeyboardInterrupt where it is canceled."""
        try:
            self.app.run(pre_run=self._arrive)
        except EOFError:
            raise EndOfInputError from None

    @property
    def question_text(self) -> str:
        """What is asked at the moment."""
        if self.saving:
            return SAVE
        current = self.walk.current
        if current is None:
            return LAST
        return current.text if self.menu else current.otherwise or current.text

    @property
    def has_details(self) -> bool:
        return self.walk.current is not None and self.menu is not None and bool(self.walk.current.details_title)

    def next(self) -> None:
        """Take what is typed or marked, and go on."""
        if self.saving:
            self._tell_errors(self._save)
        elif self.walk.current is None:
            self._finish()
        else:
            self._tell_errors(self._answer)

    def back(self) -> None:
        """Go to the question before; what is typed or marked here is kept if it is an answer."""
        if self.walk.current is not None:
            self._keep_draft()
        self.error = ""
        self.walk.back()
        self._arrive()

    def move(self, by: int) -> None:
        if self.menu:
            self.menu.move(by)
            self._show_details()

    def toggle_details(self) -> None:
        self.details_shown = not self.details_shown
        self.app.layout.focus(self.entry)
        self._show_details()

    def begin_saving(self) -> None:
        self.details_shown = True
        self._show_details()
        self.saving = True
        self.app.layout.focus(self.entry)
        self.entry.text = ""

    def escape(self) -> None:
        """Save nothing, or let a menu be whole again."""
        if self.saving:
            self._end_saving()
        elif self.menu:
            self.entry.text = ""

    def _answer(self) -> None:
        if self.menu is None:
            self.walk.type(self.entry.text.strip())
        elif self.menu.marked is None:
            return
        else:
            self.walk.answer(self.menu.marked)
        self.error = ""
        self._arrive()

    def _keep_draft(self) -> None:
        error = self.error
        self._tell_errors(self._try_to_keep)
        self.error = error

    def _try_to_keep(self) -> None:
        assert self.walk.current is not None
        typed = self.entry.text.strip()
        marked = self.menu.marked if self.menu else Choice(typed, self.walk.current.take(typed))
        if marked is not None:
            self.walk.keep(marked)

    def _arrive(self) -> None:
        """Put the current question on the screen."""
        current = self.walk.current
        self.menu = None
        if current is None:
            self.menu = Menu(LAST_CHOICES)
        else:
            self._tell_errors(self._offer)
        self.entry.text = "" if current is None or self.menu else self.walk.shown(current) or current.default
        self.entry.cursor_position = len(self.entry.text)
        self.details_shown = current is not None and current.name == PREVIEW
        self.app.layout.focus(self.entry)
        self._show_details()

    def _offer(self) -> None:
        offered = self.walk.choices()
        if offered and self.walk.current is not None:
            self.menu = Menu(offered, self.walk.shown(self.walk.current))

    def _narrow(self) -> None:
        if self.menu and not self.saving:
            self.menu.narrow(self.entry.text)
            self._show_details()

    def _show_details(self) -> None:
        self._set_details("")
        marked = self.menu.marked if self.menu else None
        if self.details_shown and marked:
            self._tell_errors(lambda: self._set_details(self._details_of(marked)))

    def _set_details(self, text: str) -> None:
        self.details.set_document(Document(text, 0), bypass_readonly=True)

    def _details_of(self, marked: Choice) -> str:
        current = self.walk.current
        if current is None:
            return ""
        if current.name == PREVIEW:
            return preview.text(marked.value, self.walk.wizard, self.walk.values)
        return json.dumps(self.walk.supposing(marked).fill(current.details), indent=4)

    def _save(self) -> None:
        path = expand_user(self.entry.text.strip(), os.environ)
        try:
            with saving(path) as file:
                file.write(self.details.text.encode())
        except OSError as error:
            raise FileError(f"{path} cannot be written: {error.strerror or error}") from error
        self.error = ""
        self._end_saving()

    def _end_saving(self) -> None:
        self.saving = False
        self.entry.text = ""
        self._narrow()

    def _finish(self) -> None:
        """Do what the wizard is for, or go back to the questions."""
        assert self.menu is not None
        if self.menu.marked is None:
            return
        if not self.menu.marked.value:
            self.back()
            return
        try:
            with self._waiting():
                run(self.walk.wizard, self.walk.values, self.world, self.journal)
        except AwsminiError as error:
            self.back()
            before = "".join(f"\n  {line}" for line in self.journal.told)
            self._tell(f"{error}\n\nDone before that, and not again:{before}" if before else str(error))
        else:
            self.app.exit()

    def _tell_errors(self, do: Callable[[], Any]) -> None:
        """Do something that may fail; if it does, the screen says so."""
        try:
            with self._waiting():
                do()
        except AwsminiError as error:
            self._tell(str(error))

    def _tell(self, error: str) -> None:
        self.error = error
        self.error_hidden = False

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """What may ask AWS is done within."""
        try:
            with interruptible(self._stdin):
                yield
        finally:
            self.status = ""

    def _announce(self, call: str) -> None:
        """Say on the screen what AWS is being asked: an answer can take its time."""
        self.status = f"Asking AWS: {call} …"
        if self.app.is_running:
            self.app.render_counter += 1  # or texts are those of the last time
            self.app.renderer.render(self.app, self.app.layout)

    def _completer(self) -> Completer | None:
        """Names of files, where one is asked for."""
        current = self.walk.current
        wanted = self.saving or (current is not None and current.type == "file")
        return PathCompleter(expanduser=True) if wanted else None
