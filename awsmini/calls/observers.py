"""Those who are told of API calls as they happen. They change nothing.

An Observer makes a CallObserver for each call: it is told of every request that goes out and of what came of it, and
of the end of the call. A client's observers are `ClientContext.observers`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from awsmini.records import Call, Output, Reply, Request


class CallObserver:
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


Observer = Callable[[Call], CallObserver]
NOBODY = CallObserver()


class CallObservers(CallObserver):
    """Several of them."""

    def __init__(self, observers: Sequence[CallObserver]) -> None:
        self._observers = observers

    def sending(self, request: Request) -> None:
        for observer in self._observers:
            observer.sending(request)

    def answered(self, reply: Reply) -> None:
        for observer in self._observers:
            observer.answered(reply)

    def failed(self, error: Exception) -> None:
        for observer in self._observers:
            observer.failed(error)

    def ended(self, output: Output) -> None:
        for observer in self._observers:
            observer.ended(output)

    def gave_up(self, error: Exception) -> None:
        for observer in self._observers:
            observer.gave_up(error)


@contextmanager
def observed(call: Call, observers: Sequence[Observer]) -> Iterator[CallObserver]:
    """The observer of a call, told where the block ends in an error."""
    observer = CallObservers([observe(call) for observe in observers]) if observers else NOBODY
    try:
        yield observer
    except Exception as error:
        observer.gave_up(error)
        raise
