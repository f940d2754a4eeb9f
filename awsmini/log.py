"""--debug: what each stage does, on stderr, with secrets made unreadable.

`debug("sign", "…", …)` costs one comparison while --debug is off, and `logging` is not loaded then.
"""

from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any, TextIO

CONFIGURE = "awsmini.log_setup:configure"  # logging: only --debug needs it

Sink = Callable[[str, str, tuple[Any, ...], BaseException | None], None]

_sink: Sink | None = None


def configure_logging(stderr: TextIO) -> None:
    """Write the records of awsmini and of its HTTP library to `stderr` from now on."""
    begin(resolve_name(CONFIGURE)(stderr))


def begin(sink: Sink) -> None:
    """Give `sink` the records from now on."""
    global _sink
    _sink = sink


def is_on() -> bool:
    """Whether anybody reads: for what is costly to put together."""
    return _sink is not None


def debug(stage: str, message: str, *args: Any) -> None:
    """A record of the logger `awsmini.<stage>`; the message is filled in as logging does."""
    if _sink is not None:
        _sink(stage, message, args, None)


def error(raised: BaseException) -> None:
    """A record of an error, with its traceback."""
    if _sink is not None:
        _sink("cli", "Exception caught in main()", (), raised)


def stop() -> None:
    """Back to silence."""
    global _sink
    if _sink is not None:
        resolve_name("awsmini.log_setup:remove")()
    _sink = None
