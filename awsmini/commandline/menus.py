"""Questions on a terminal, as AWS CLI v2 puts them: words are offered, an answer is checked before it is taken, and
one of many is chosen from a menu with the arrow keys, or some of them are checked."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.application.current import get_app
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.data_structures import Point
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import Float, FloatContainer, FormattedTextControl, HSplit, Layout, ScrollbarMargin, Window
from prompt_toolkit.output import Output, create_output
from prompt_toolkit.shortcuts import PromptSession
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import get_cwidth
from prompt_toolkit.validation import ValidationError, Validator

from awsmini.app import App
from awsmini.commandline.ask import Check, EndOfInputError, Hints

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


class _Choices:
    """Labels with a mark at one of them."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = labels
        self.at = 0

    def move(self, by: int) -> None:
        """Move the mark, from one end to the other if need be."""
        self.at = (self.at + by) % len(self.labels)

    def text(self) -> StyleAndTextTuples:
        raise NotImplementedError

    def control(self) -> FormattedTextControl:
        return FormattedTextControl(
            self.text, focusable=True, show_cursor=True, get_cursor_position=lambda: Point(x=0, y=self.at)
        )


class _Menu(_Choices):
    def __init__(self, labels: Sequence[str], columns: int) -> None:
        self.width = min(columns, max(NARROWEST, FRAME + max(map(get_cwidth, labels))))
        super().__init__([shortened(label, self.width - FRAME) for label in labels])

    @property
    def height(self) -> int:
        return min(HIGHEST, len(self.labels))

    def text(self) -> StyleAndTextTuples:
        lines: StyleAndTextTuples = []
        for index, label in enumerate(self.labels):
            style, mark = (CHOSEN, ">") if index == self.at else (OTHER, " ")
            blanks = " " * (self.width - FRAME - get_cwidth(label))
            lines += [(style, f"{mark} {label}{blanks}  "), ("", "\n")]
        return lines[:-1]


class _Checklist(_Choices):
    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(labels)
        self.checked = set(range(len(labels)))

    def toggle(self) -> None:
        self.checked ^= {self.at}

    def text(self) -> StyleAndTextTuples:
        lines: StyleAndTextTuples = []
        for index, label in enumerate(self.labels):
            mark = "x" if index in self.checked else " "
            lines += [("bold" if index == self.at else "", f"  [{mark}] {label}"), ("", "\n")]
        return lines[:-1]


def menu(app: App, labels: Sequence[str]) -> int:
    """The index of the label that is chosen; nothing of the menu stays on the screen."""
    output = create_output(app.stdout)
    shown = _Menu(labels, output.get_size().columns - 1)
    window = Window(shown.control(), right_margins=[ScrollbarMargin()])
    place = Float(window, top=0, left=0, width=shown.width + 1, height=shown.height)  # whatever room there is below
    layout = Layout(FloatContainer(Window(height=shown.height), [place]), window)
    at: int = _chosen(app, output, layout, _keys(shown, lambda: shown.at))
    return at


def checklist(app: App, title: str, labels: Sequence[str]) -> list[int]:
    """The indices of the labels that are checked, all of them to begin with; nothing of it stays on the screen."""
    shown = _Checklist(labels)
    head = f"{title} (space to toggle, up/down arrows to navigate, enter to confirm):"
    rows = [
        Window(FormattedTextControl(head), dont_extend_height=True, wrap_lines=True),
        Window(shown.control(), height=len(labels)),
    ]
    keys = _keys(shown, lambda: sorted(shown.checked))
    keys.add(" ")(lambda _: shown.toggle())
    checked: list[int] = _chosen(app, create_output(app.stdout), Layout(HSplit(rows)), keys)
    return checked


def _keys(shown: _Choices, result: Callable[[], object]) -> KeyBindings:
    bindings = KeyBindings()

    def bind(key: str, done: Callable[[KeyPressEvent], None]) -> None:
        bindings.add(key)(done)

    bind("up", lambda _: shown.move(-1))
    bind("down", lambda _: shown.move(1))
    bind("enter", lambda event: event.app.exit(result=result()))
    bind("c-c", lambda event: event.app.exit(exception=KeyboardInterrupt))
    return bindings


def _chosen(app: App, output: Output, layout: Layout, keys: KeyBindings) -> Any:
    """What the keys end it with. Raises KeyboardInterrupt, and EndOfInputError where the terminal is gone."""
    application: Application[Any] = Application(
        layout=layout, key_bindings=keys, erase_when_done=True, input=create_input(app.stdin), output=output
    )
    try:
        return application.run()
    except EOFError:
        raise EndOfInputError from None


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
