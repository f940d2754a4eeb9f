"""What the command lines of one process have in common: files read, models, clients, connections, credentials."""

import io
from collections.abc import Callable, Mapping
from functools import partial
from threading import RLock, local
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, cast

from awsmini.app import App
from awsmini.log import configure_logging
from awsmini.records import NOTHING, replace

if TYPE_CHECKING:
    from awsmini.config.credentials.source import Source
    from awsmini.config.files import Files
    from awsmini.records import Reply, Request
    from awsmini.send.options import SenderOptions
    from awsmini.session import Session

T = TypeVar("T")


_OF_ONE_LINE = ("version", "help", "cli_auto_prompt", "no_cli_auto_prompt")


class Shared:
    """Kept for as long as there are lines. Threads may run lines at the same time, each thread one at a time."""

    def __init__(self, app: App, flags: Mapping[str, Any] = NOTHING, *, threads: int = 1) -> None:
        """`flags` are global options that hold for each line which does not say otherwise."""
        self._threads = threads
        self._world = app
        self.flags = {name: value for name, value in flags.items() if name not in ("command", *_OF_ONE_LINE)}
        self._making: dict[Any, RLock] = {}
        self._asking = RLock()  # not the one that holds while something is made, which may wait for who asks
        self._kept: dict[Any, Any] = {}
        self._current = _Current(app.stderr)
        # Sessions belong to no line: what they say goes to the line of the thread that makes them say it.
        self.app = app._replace(
            stderr=cast(TextIO, self._current), open_sender=self._sender, ask_secret=self._ask_secret
        )
        self.files: Files | None = None
        self.identity: tuple[str | None, Source] | None = None  # credentials of all lines with that option --profile

    def flags_for(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The options of all lines that hold for one with those of its own: one region stands in the place of many."""
        instead = {many for one, many in (("region", "regions"), ("profile", "profiles")) if one in given}
        return {name: value for name, value in self.flags.items() if name not in instead}

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """What was made for that key, by whichever line came first."""
        found = self._kept.get(key)
        if found is None:
            # A lock for each thing: what makes one may wait for a thread that makes another.
            with self._making.setdefault(key, RLock()):
                found = self._kept.get(key)
                if found is None:
                    found = self._kept[key] = make()
        return cast(T, found)

    def introduce(self, session: "Session") -> None:
        """Give it credentials, one search for all copies of it."""
        _ = session.credentials, session.tokens
        if self.identity is not None and not session.settings.is_local:
            profile, source = self.identity
            if session.flags.get("profile") == profile:
                session.credentials.use(source)

    def line(self) -> "Line":
        """The world of a line that runs in this thread from now on: it reads nothing, and what it writes is kept."""
        out, err = Written(), Written()
        self._current.streams.here = err
        self._current.streams.debugs = None
        return Line(self.app._replace(stdin=Written(), stdout=out, stderr=err), out, err)

    def _sender(self, options: "SenderOptions") -> "Callable[[Request], Reply]":
        """One pool of connections for all clients with those options; no client closes it."""
        options = replace(options, max_connections=max(options.max_connections, self._threads))
        send = self.kept(("sender", repr(options)), lambda: self._world.open_sender(options))
        return lambda request: send(request)

    def _ask_secret(self, prompt: str) -> str:
        with self._asking:
            return self._world.ask_secret(prompt)

    def debug_line(self) -> None:
        """Let the line of this thread have the records of --debug from now on."""
        self._current.streams.debugs = self._current.streams.here
        stream = _Debugging(self._current, self._world.stderr if self.flags.get("debug") else None)
        self.kept("debugging", partial(_debug_to, cast(TextIO, stream)))


def _debug_to(stream: TextIO) -> bool:
    configure_logging(stream)
    return True


class Written(io.TextIOWrapper):
    """A stream that keeps what is written to it."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        super().__init__(self._bytes, encoding="utf-8", errors="backslashreplace", newline="")

    def content(self) -> bytes:
        """All of it."""
        if not self.closed:
            self.flush()
        return self._bytes.getvalue()


class Line:
    """The streams of one command line."""

    def __init__(self, app: App, stdout: Written, stderr: Written) -> None:
        self.app = app
        self.stdout = stdout
        self.stderr = stderr


class _Current:
    """Standard error of whichever line runs in the thread that writes."""

    def __init__(self, otherwise: TextIO) -> None:
        self.streams = local()
        self._otherwise = otherwise

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(self.streams, "here", self._otherwise), name)


class _Debugging:
    """A stream for the records of all lines: each goes to its own, if that is to have them."""

    def __init__(self, current: _Current, otherwise: TextIO | None) -> None:
        self._current = current
        self._otherwise = otherwise  # for threads that are no line's own

    def write(self, text: str) -> None:
        streams = self._current.streams
        stream = getattr(streams, "debugs", None) if hasattr(streams, "here") else self._otherwise
        if stream is not None:
            stream.write(text)

    def flush(self) -> None:
        """Nothing waits here."""
