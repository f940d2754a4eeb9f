"""Commands that take several calls: what is to be said where they go wrong half way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError

MADE, UPLOADED = "Made already", "Uploaded already"  # how it is told what is left behind


@contextmanager
def told_what_is_done(invocation: Invocation, what: str, done: Sequence[str]) -> Iterator[None]:
    """Where one of several calls fails, say what those before it have done."""
    try:
        yield
    except (AwsminiError, KeyboardInterrupt):
        if done:
            invocation.app.stderr.write(f"{what}: {', '.join(done)}.\n")
        raise
