"""Choices with a mark at one of them. A text narrows them to those that have it in their label."""

from awsmini.wizards.definition import Choice


class Menu:
    def __init__(self, choices: tuple[Choice, ...], label: str = "") -> None:
        self._all = choices
        self.shown = choices
        self.at = next((at for at, choice in enumerate(choices) if choice.label == label), 0)

    @property
    def marked(self) -> Choice | None:
        """The choice at the mark; None where the text has left none."""
        return self.shown[self.at] if self.shown else None

    def move(self, by: int) -> None:
        """Move the mark, from one end to the other if need be."""
        if self.shown:
            self.at = (self.at + by) % len(self.shown)

    def narrow(self, text: str) -> None:
        """Show the choices that have the text in them, with the mark where it was if that is still shown."""
        before = self.marked
        self.shown = tuple(choice for choice in self._all if text.lower() in choice.label.lower())
        self.at = self.shown.index(before) if before in self.shown else 0
