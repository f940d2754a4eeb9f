"""Commands that take several calls: what is to be said where they go wrong half way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from awsmini.commandline.invocation import Invocation
<<<<<<< HEAD
from awsmini.errors import AwsminiError, ParamValidationError

MADE = "Made already"  # how it is told what is left behind


def refuse_print_request(invocation: Invocation) -> None:
    """Raise where one request is to be printed, and the command takes several."""
    if invocation.flags.get("print_request"):
        raise ParamValidationError("--print-request prints one request, and this command takes several.")
=======
from awsmini.errors import AwsminiError
>>>>>>> c4


@contextmanager
def told_what_is_done(invocation: Invocation, what: str, done: Sequence[str]) -> Iterator[None]:
    """Where one of several calls fails, say what those before it have done."""
    try:
        yield
    except (AwsminiError, KeyboardInterrupt):
        if done:
            invocation.app.stderr.write(f"{what}: {', '.join(done)}.\n")
        raise
