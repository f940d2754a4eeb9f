"""`awsmini update`: pip brings new releases, so there is nothing that this could do."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.params.arguments import flag


class UpdateError(AwsminiError):
    """AWS CLI v2's answer where it was not installed by its own installer, with the way that there is here."""

    def __init__(self) -> None:
        super().__init__(
            "Detected distribution source: pip. `awsmini update` is only supported on instances installed using an "
            "official installer, and awsmini has none: run 'pip install --upgrade awsmini', and "
            "'awsmini models update' for new services."
        )


def run(invocation: Invocation, values: Values) -> int:
    raise UpdateError


command = HandWritten(
    "update",
    run,
    doc="Say how awsmini is updated, which is with pip.",
    arguments=(
        flag(
            "skip-signature-verification",
            doc="Changes nothing: there is no installer here whose signature could be left unchecked.",
        ),
    ),
)
