"""Numbers among the options of hand-written commands."""

from awsmini.errors import AwsminiError


def whole_number(text: str) -> int:
    """The number that a text is. Raises AwsminiError, not a usage error: AWS CLI v2 ends with 255 here."""
    try:
        return int(text)
    except ValueError as error:
        raise AwsminiError(str(error)) from None
