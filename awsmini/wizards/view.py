"""What the keys and the look of a wizard know of the screen they belong to."""

from typing import Protocol

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer

from awsmini.wizards.menu import Menu
from awsmini.wizards.walk import Walk


class ScreenView(Protocol):
    """A wizard on the whole terminal: its state, and what can be done with it."""

    walk: Walk
    app: Application[None]
    entry: Buffer  # the answer that is typed
    details: Buffer
    menu: Menu | None  # what there is to choose from
    error: str
    error_hidden: bool
    details_shown: bool
    saving: bool  # whether the answer typed is the name of a file
    status: str

    @property
    def question_text(self) -> str: ...

    @property
    def has_details(self) -> bool: ...

    def next(self) -> None: ...

    def back(self) -> None: ...

    def move(self, by: int) -> None: ...

    def toggle_details(self) -> None: ...

    def begin_saving(self) -> None: ...

    def escape(self) -> None: ...
