"""Where text meets the terminal: writing to stdout or to a pager, in whatever encoding, until nobody reads.

The encoding is that of the stream (so PYTHONIOENCODING counts) or AWS_CLI_OUTPUT_ENCODING. A character that
it lacks, or half of a surrogate pair, is written as an escape, which in JSON is the same character.
"""

import codecs
import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from pkgutil import resolve_name
from typing import Any, TextIO

from awsmini.app import App
from awsmini.errors import AwsminiError
from awsmini.format import RECORDS, STREAMED, renderer
from awsmini.format.view import View
from awsmini.paging import PageIterator

PAGER = "awsmini.format.pager:Pager"  # subprocess: only a terminal needs it
PASSES_COLORS = "awsmini.format.pager:passes_colors"
ENCODING_VARIABLE = "AWS_CLI_OUTPUT_ENCODING"
_GONE = (errno.EPIPE, errno.ESHUTDOWN, errno.EINVAL)  # the last is how Windows says it

Write = Callable[[str], None]


class ReaderGone(Exception):
    """Whoever read the output has stopped reading."""


def check_output_encoding(env: Mapping[str, str]) -> None:
    """Refuse an AWS_CLI_OUTPUT_ENCODING that Python has no codec for."""
    name = env.get(ENCODING_VARIABLE)
    if name is not None:
        try:
            "".encode(name)
        except LookupError:
            raise AwsminiError(f"Unknown codec `{name}` specified for {ENCODING_VARIABLE}.") from None


def terminal(stream: TextIO) -> tuple[bool, int]:
    """Whether a stream is a terminal, and its columns: 80 where they are not known."""
    try:
        if stream.isatty():
            return True, os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError, AttributeError):
        pass
    return False, 80


def print_answer(answer: Any, output: str, view: View, app: App, *, pager: str | None = None, end: str = "") -> bool:
    """Render an answer and write it, and `end` behind it; False when the reader went away first, which is no error.

    `pager` is the value of the setting of that name, and "" is for no pager at all.
    """
    if view.is_tty and not _draws_lines(app):
        view = view._replace(ascii_only=True)
    command = pager_command(pager, app.env) if view.is_tty else ""
    if command and not resolve_name(PASSES_COLORS)(command, app.env):
        view = view._replace(no_color=True)
    view = view._replace(takes_utf8=not view.is_tty and _takes_utf8(app))
    chunks = chain(renderer(output)(answer, view), [end])
    written = write_out(
        chunks, app, pager=pager, flush_each=output in STREAMED, escape_json=output in ("json", "ndjson")
    )
    if output in RECORDS and isinstance(answer, PageIterator) and answer.resume_token:
        app.stderr.write(f"There is more; continue with --starting-token {answer.resume_token}\n")
    return written


def _draws_lines(app: App) -> bool:
    """Whether the encoding of stdout has the characters of boxes."""
    try:
        return bool("┌│".encode(_encoding(app) or app.stdout.encoding or "utf-8"))
    except (UnicodeError, LookupError):
        return False


def _takes_utf8(app: App) -> bool:
    """Whether text in UTF-8 can be handed to stdout as it is."""
    encoding = _encoding(app) or app.stdout.encoding or ""
    return os.linesep == "\n" and hasattr(app.stdout, "buffer") and encoding.lower().replace("_", "-") == "utf-8"


def write_out(
    chunks: Iterable[Any], app: App, *, pager: str | None = "", flush_each: bool = False, escape_json: bool = False
) -> bool:
    """Write text to stdout, or on a terminal to a pager; False when the reader went away."""
    with suppress(ReaderGone), open_output(app, pager=pager, escape_json=escape_json) as (write, flush):
        for chunk in chunks:
            if chunk:
                write(chunk)
                if flush_each:
                    flush()
        flush()
        return True
    return False


@contextmanager
def open_output(
    app: App, *, pager: str | None = "", escape_json: bool = False
) -> Iterator[tuple[Write, Callable[[], None]]]:
    """Functions to write and to flush. Both raise ReaderGone when nobody reads any more."""
    command = pager_command(pager, app.env) if app.stdout.isatty() else ""
    if command:
        paged = resolve_name(PAGER)(command, app, encoding=_encoding(app), errors=_errors(escape_json))
        try:
            yield _guarded(paged.write), _guarded(paged.flush)
        finally:
            paged.close()
        return
    with _encoded(app, escape_json):
        try:
            yield _guarded(partial(_write, app.stdout)), _guarded(app.stdout.flush)
        except (ReaderGone, OSError):
            silence(app.stdout)
            raise


def pager_command(setting: str | None, env: Mapping[str, str]) -> str:
    """The pager: the setting (AWS_PAGER, cli_pager), else PAGER, else the system's. "" stands for none."""
    if setting is not None:
        return setting
    return env.get("PAGER", "more" if os.name == "nt" else "less")


def _write(stream: TextIO, chunk: str | bytes) -> None:
    if isinstance(chunk, bytes):
        stream.flush()
        stream.buffer.write(chunk)
    else:
        stream.write(chunk)


def _guarded(call: Callable[..., object]) -> Callable[..., None]:
    def guarded(*args: str) -> None:
        try:
            call(*args)
        except OSError as error:
            if error.errno in _GONE:
                raise ReaderGone from error
            raise

    return guarded


def unwritten(stream: TextIO, error: OSError) -> bool:
    """Whether the last of a stream, which could not be written, was wanted by anybody. It goes nowhere."""
    silence(stream)
    return error.errno not in _GONE


def silence(stream: TextIO) -> None:
    """Let what is left in the buffers of a stream that takes no more go nowhere, or Python would complain at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _encoding(app: App) -> str | None:
    """The encoding asked for, if one was."""
    if ENCODING_VARIABLE in app.env:
        return app.env[ENCODING_VARIABLE]
    return "utf-8" if app.env.get("PYTHONUTF8") == "1" else None


def _errors(escape_json: bool) -> str:
    return "awsmini.json" if escape_json else "backslashreplace"


@contextmanager
def _encoded(app: App, escape_json: bool) -> Iterator[None]:
    """Set encoding and error handler of stdout for a while, where it is a stream that has them."""
    stream = app.stdout
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        yield
        return
    _, _, handler = app.env.get("PYTHONIOENCODING", "").partition(":")
    before = {"encoding": stream.encoding, "errors": stream.errors}
    reconfigure(encoding=_encoding(app) or stream.encoding, errors=handler or _errors(escape_json))
    try:
        yield
    finally:
        with suppress(OSError):
            reconfigure(**before)


def _json_escapes(error: UnicodeError) -> tuple[str, int]:
    r"""`\uXXXX`, in pairs beyond the first plane, for what the encoding lacks."""
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2)), error.end


codecs.register_error("awsmini.json", _json_escapes)
