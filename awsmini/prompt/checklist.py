"""Choices with a box each, on the terminal: the arrows move, the space bar checks, Enter takes what is checked."""

from collections.abc import Sequence
from typing import TextIO

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.output import Output, create_output

from awsmini.commands.configure.ask import EndOfInputError


class Checklist:
    """`checked` are the indices of the boxes with a mark: all of them, to begin with."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = labels
        self.checked = set(range(len(labels)))
        self.at = 0

    def move(self, by: int) -> None:
        """Go to another box, from one end to the other if need be."""
        self.at = (self.at + by) % len(self.labels)

    def toggle(self) -> None:
        self.checked ^= {self.at}

    def lines(self) -> StyleAndTextTuples:
        found: StyleAndTextTuples = []
        for index, label in enumerate(self.labels):
            mark = "x" if index in self.checked else " "
            cursor: StyleAndTextTuples = [("[SetCursorPosition]", "")] if index == self.at else []
            end = "\n" if index + 1 < len(self.labels) else ""
            found += [*cursor, ("bold" if index == self.at else "", f"  [{mark}] {label}{end}")]
        return found


def check(
    title: str,
    labels: Sequence[str],
    stdin: TextIO,
    stdout: TextIO,
    *,
    keyboard: Input | None = None,
    display: Output | None = None,
) -> list[int]:
    """The indices of the checked choices, in order. Nothing of it stays on the screen.

    Raises KeyboardInterrupt at Ctrl+C, and EndOfInputError where the terminal is gone.
    """
    checklist = Checklist(labels)
    head = f"{title} (space to toggle, up/down arrows to navigate, enter to confirm):"
    app: Application[list[int]] = Application(
        layout=Layout(
            HSplit(
                [
                    Window(FormattedTextControl(head), dont_extend_height=True, wrap_lines=True),
                    Window(FormattedTextControl(checklist.lines, focusable=True), height=len(labels)),
                ]
            )
        ),
        key_bindings=_keys(checklist),
        erase_when_done=True,
        input=keyboard or create_input(stdin),
        output=display or create_output(stdout),
    )
    try:
        return app.run()
    except EOFError:
        raise EndOfInputError from None


def _keys(checklist: Checklist) -> KeyBindings:
    keys = KeyBindings()
    keys.add("up")(lambda _: checklist.move(-1))
    keys.add("down")(lambda _: checklist.move(1))
    keys.add(" ")(lambda _: checklist.toggle())

    @keys.add("enter")
    def _confirm(event: KeyPressEvent) -> None:
        event.app.exit(result=sorted(checklist.checked))

    @keys.add("c-c")
    def _cancel(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    return keys
