"""What is offered for a word."""

from typing import NamedTuple


class Candidate(NamedTuple):
    """The whole word that could stand in the place of what is typed of it."""

    text: str
    note: str = ""  # what shells that show such things show beside it
    is_open: bool = False  # more is to be typed after it (`Key=`, a folder), so no blank follows
