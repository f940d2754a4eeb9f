"""Questions on a terminal, as AWS CLI v2 puts them: words are offered, an answer is checked before it is taken, and
one of many is chosen from a menu with the arrow keys."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from prompt_toolkit.application import Application
from prompt_toolkit.application.current import get_app
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.data_structures import Point
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import Float, FloatContainer, FormattedTextControl, Layout, ScrollbarMargin, Window
from prompt_toolkit.output import create_output
from prompt_toolkit.shortcuts import PromptSession
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import get_cwidth
from prompt_toolkit.validation import ValidationError, Validator

from awsmini.app import App
from awsmini.commands.configure.ask import Check, EndOfInputError, Hints

WORD = re.compile(r"\S+")
STYLE = Style.from_dict({"bottom-toolbar": "noreverse"})
REFRESH = 0.2  # seconds, for what is told below
HIGHEST = 10  # rows of a menu; more are scrolled
NARROWEST = 7
FRAME = 4  # columns of a menu beside its text: the mark, and blanks
CHOSEN = "class:completion-menu.completion.current"
OTHER = "class:completion-menu.completion"
ELLIPSIS = "..."
LINE = "\u2500"


class _Checked(Validator):
    def __init__(self, fault: Check) -> None:
        self._fault = fault

    def validate(self, document: Document) -> None:
        told = self._fault(document.text)
        if told is not None:
            raise ValidationError(len(document.text), told)


def prompt(app: App, text: str, fault: Check, hints: Hints) -> str:
    """What is typed, once it is no fault."""
    session: PromptSession[str] = PromptSession(input=create_input(app.stdin), output=create_output(app.stdout))
    try:
        return session.prompt(
            text,
            validator=_Checked(fault),
            validate_while_typing=False,
            completer=WordCompleter([*hints.offers], meta_dict=hints.offers, pattern=WORD),
            complete_while_typing=True,
            style=STYLE,
            bottom_toolbar=None if hints.note is None else partial(_told, hints.note),
            refresh_interval=0 if hints.note is None else REFRESH,
        )
    except EOFError:
        raise EndOfInputError from None


def _told(note: Check) -> str | None:
    """What is told of the answer as it stands, below a line."""
    told = note(get_app().current_buffer.document.text)
    return None if told is None else f"{LINE * get_app().output.get_size().columns}\n{told}"


class _Menu:
    """Which of the labels is marked."""

    def __init__(self, labels: Sequence[str], columns: int) -> None:
        self.width = min(columns, max(NARROWEST, FRAME + max(map(get_cwidth, labels))))
        self._labels = [shortened(label, self.width - FRAME) for label in labels]
        self.at = 0

    @property
    def height(self) -> int:
        return min(HIGHEST, len(self._labels))

    def move(self, by: int) -> None:
        self.at = (self.at + by) % len(self._labels)

    def text(self) -> StyleAndTextTuples:
        lines: StyleAndTextTuples = []
        for index, label in enumerate(self._labels):
            style, mark = (CHOSEN, ">") if index == self.at else (OTHER, " ")
            blanks = " " * (self.width - FRAME - get_cwidth(label))
            lines += [(style, f"{mark} {label}{blanks}  "), ("", "\n")]
        return lines[:-1]


def menu(app: App, labels: Sequence[str]) -> int:
    """The index of the label that is chosen; nothing of the menu stays on the screen."""
    output = create_output(app.stdout)
    shown = _Menu(labels, output.get_size().columns - 1)
    control = FormattedTextControl(
        shown.text, focusable=True, show_cursor=True, get_cursor_position=lambda: Point(x=0, y=shown.at)
    )
    window = Window(control, right_margins=[ScrollbarMargin()])
    place = Float(window, top=0, left=0, width=shown.width + 1, height=shown.height)  # whatever room there is below
    application: Application[int] = Application(
        layout=Layout(FloatContainer(Window(height=shown.height), [place]), window),
        key_bindings=_keys(shown),
        erase_when_done=True,
        input=create_input(app.stdin),
        output=output,
    )
    try:
        return application.run()
    except EOFError:
        raise EndOfInputError from None


def _keys(shown: _Menu) -> KeyBindings:
    bindings = KeyBindings()

    def bind(key: str, done: Callable[[KeyPressEvent], None]) -> None:
        bindings.add(key)(done)

    bind("up", lambda _: shown.move(-1))
    bind("down", lambda _: shown.move(1))
    bind("enter", lambda event: event.app.exit(result=shown.at))
    bind("c-c", lambda event: event.app.exit(exception=KeyboardInterrupt))
    return bindings


def shortened(text: str, width: int) -> str:
    """The text where it has room, else its beginning and three dots."""
    if get_cwidth(text) <= width:
        return text
    kept = ""
    for character in text:
        if get_cwidth(kept + character) > max(1, width - len(ELLIPSIS)):
            break
        kept += character
    return (kept + ELLIPSIS)[:width]
