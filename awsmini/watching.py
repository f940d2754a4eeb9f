"""Those who are told of API calls as they happen. They change nothing.

A watcher makes a Watch for each call: it is told of every request that goes out and of what came of it, and of the
end of the call. A client's watchers are `Wire.watchers`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from awsmini.records import Call, Output, Reply, Request


class Watch:
    """One call, seen by somebody. This one looks away."""

    def sending(self, request: Request) -> None:
        """The request goes out now, signed; each attempt is one."""

    def answered(self, reply: Reply) -> None:
        """The answer to the last request."""

    def failed(self, error: Exception) -> None:
        """No answer came to the last request."""

    def ended(self, output: Output) -> None:
        """The answer to the call, parsed: an output or an error."""

    def gave_up(self, error: Exception) -> None:
        """There is no answer to the call."""


Watcher = Callable[[Call], Watch]
NOBODY = Watch()


class Watches(Watch):
    """Several of them."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = watches

    def sending(self, request: Request) -> None:
        for watch in self._watches:
            watch.sending(request)

    def answered(self, reply: Reply) -> None:
        for watch in self._watches:
            watch.answered(reply)

    def failed(self, error: Exception) -> None:
        for watch in self._watches:
            watch.failed(error)

    def ended(self, output: Output) -> None:
        for watch in self._watches:
            watch.ended(output)

    def gave_up(self, error: Exception) -> None:
        for watch in self._watches:
            watch.gave_up(error)


@contextmanager
def watched(call: Call, watchers: Sequence[Watcher]) -> Iterator[Watch]:
    """The watch of a call, told where the block ends in an error."""
    watch = Watches([watcher(call) for watcher in watchers]) if watchers else NOBODY
    try:
        yield watch
    except Exception as error:
        watch.gave_up(error)
        raise
