"""`awsmini watch`: the answer of a command again and again, in place, with what has changed marked."""

import os
import re
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, TextIO

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import COMPILE, Invocation
from awsmini.commandline.shared import Shared
from awsmini.commands.run import run_root
from awsmini.commands.tree import Root
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.format import renderer
from awsmini.format.output import terminal, unwritten
from awsmini.format.pages import merged
from awsmini.format.view import View
from awsmini.params.arguments import option

if TYPE_CHECKING:
    from awsmini.query import Query

INTERVAL = 5.0  # seconds
USAGE = (252, 253)  # exit codes of what no later time would mend
HOME_LINE, ERASE_LINE, ERASE_BELOW, HIDE, SHOW = "\x1b[{}A\r", "\x1b[K", "\x1b[J", "\x1b[?25l", "\x1b[?25h"
CLEAR = "\x1b[2J\x1b[H"
MARK, PLAIN, RESET = "\x1b[7m", "\x1b[27m", "\x1b[0m"
CELL_LEN = "rich.cells:cell_len"
_CELL = re.compile(r"\S+(?: \S+)*")
_CODES = re.compile(r"\x1b\[[0-9;]*m")
_CODE_OR_CHARACTER = re.compile(r"\x1b\[[0-9;]*m|.", re.DOTALL)


class WatchTimeoutError(AwsminiError):
    """What was waited for has not come."""


def run(invocation: Invocation, values: Values) -> int:
    """Ask until `--until` holds, the time is up, or Ctrl+C."""
    app = invocation.app
    interval, limit = values.get("interval", INTERVAL), values.get("timeout")
    if interval <= 0:
        raise ParamValidationError("--interval is more than 0 seconds.")
    words = [word for word in values["words"] if word != "--"]
    until = resolve_name(COMPILE)(values["until"]) if "until" in values else None
    screen = _Screen(app.stdout)
    watched = _Watched(invocation, words, app.stdout)
    end = None if limit is None else time.monotonic() + limit
    with screen:
        while True:
            code = watched.ask()
            if not screen.show(
                watched.text, f"Every {interval:g} s: {' '.join(words)}    {app.now().astimezone():%X %Z}"
            ):
                return 0  # nobody reads any more
            if code in USAGE:
                return code
            if until is not None and code == 0 and _holds(until, watched.value):
                return 0
            if end is not None and time.monotonic() + interval > end:
                raise WatchTimeoutError(
                    f"--until has not become true in {limit:g} seconds." if until else "The time is up."
                )
            app.sleep(interval)


def _holds(until: "Query", value: Any) -> bool:
    found = until.search(value)
    return found is True or (found is not False and found is not None and found not in ("", [], {}))


class _Watched:
    """The command, and what it answered last: as a value, and as text for the screen."""

    def __init__(self, invocation: Invocation, words: Sequence[str], stdout: TextIO) -> None:
        self._shared = Shared(invocation.app, {"output": "grid", **invocation.flags})
        self._words = words
        self._stdout = stdout
        self.value: Any = None
        self.text = ""

    def ask(self) -> int:
        """The exit code of one more run."""
        self.value = None
        line = self._shared.line()
        root = Root(line.app, shared=self._shared)
        shown: list[str] = []

        def take(answer: Any, view: View) -> None:
            self.value = merged(answer)
            is_tty, width = terminal(self._stdout)
            view = view._replace(is_tty=is_tty, width=width)
            shown.extend(renderer(root.invocation.output)(self.value, view))

        root.invocation.take_answer = take
        code = run_root(root, self._words)
        self.text = "".join(shown) + line.stdout.content().decode() + line.stderr.content().decode()
        return code


class _Screen:
    """Frames, each drawn over the one before. Where nobody looks, those that differ follow each other."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._in_place, _ = terminal(stream)
        self._before: list[str] | None = None
        self._height = 0  # lines of the last frame on the screen
        self._size = (0, 0)

    def __enter__(self) -> "_Screen":
        if self._in_place:
            self._ends = signal.signal(signal.SIGTERM, self._ended)
            self._stream.write(HIDE)
        return self

    def _ended(self, number: int, _: object) -> None:
        """End as ever, with the cursor back."""
        signal.signal(number, signal.SIG_DFL)
        os.write(self._stream.fileno(), SHOW.encode())
        os.kill(os.getpid(), number)

    def __exit__(self, *_: object) -> None:
        if self._in_place:
            signal.signal(signal.SIGTERM, self._ends)
            with suppress(OSError):
                self._stream.write(SHOW)
                self._stream.flush()

    def show(self, text: str, title: str) -> bool:
        """Whether anybody still reads."""
        lines = text.strip("\n").split("\n")
        try:
            if self._in_place:
                self._draw([title, "", *marked(lines, self._before)])
            elif lines != self._before:
                self._stream.write(("" if self._before is None else "\n") + "\n".join([*lines, ""]))
            self._stream.flush()
        except OSError as error:
            if unwritten(self._stream, error):
                raise
            return False
        self._before = lines
        return True

    def _draw(self, lines: list[str]) -> None:
        try:
            columns, height = os.get_terminal_size(self._stream.fileno())
        except (OSError, ValueError):
            columns, height = 0, 0
        if self._size not in ((0, 0), (columns, height)):  # what was drawn may be folded now
            self._stream.write(CLEAR)
            self._height = 0
        self._size = (columns, height)
        room = max((height or 24) - 1, 3)
        if len(lines) > room:
            lines = [*lines[: room - 1], f"… {len(lines) - room + 1} more lines"]
        up = HOME_LINE.format(min(self._height, room)) if self._height else ""
        self._stream.write(up + "".join([f"{_cut(line, columns or 80)}{ERASE_LINE}\n" for line in lines]) + ERASE_BELOW)
        self._height = len(lines)


def marked(lines: list[str], before: list[str] | None) -> list[str]:
    """The lines, with the cells marked that are not as they were in the line that begins alike."""
    if before is None:
        return lines
    known = set(before)
    alike: dict[str, list[str]] = {}
    for line in before:
        cells = _CELL.findall(_CODES.sub("", line))
        for name in cells[:2]:
            alike.setdefault(name, cells)
    return [line if line in known or not line.strip() else _marked(line, alike) for line in lines]


def _marked(line: str, alike: dict[str, list[str]]) -> str:
    line = _CODES.sub("", line)
    cells = _CELL.findall(line)
    old = next((alike[name] for name in reversed(cells[:2]) if name in alike), [])
    return _CELL.sub(lambda found: found[0] if found[0] in old else f"{MARK}{found[0]}{PLAIN}", line)


def _cut(line: str, width: int) -> str:
    """A line that the terminal does not fold, with the colours and marks that it has."""
    if _columns(_CODES.sub("", line)) <= width:
        return line
    cut, left = "", width - 1
    for part in _CODE_OR_CHARACTER.findall(line):
        taken = 0 if part[0] == "\x1b" else _columns(part)
        if taken > left:
            break
        cut, left = cut + part, left - taken
    return f"{cut}…{RESET if cut != _CODES.sub('', cut) else ''}"


def _columns(text: str) -> int:
    measure: Callable[[str], int] = len if text.isascii() else resolve_name(CELL_LEN)
    return measure(text)


command = HandWritten(
    "watch",
    run,
    doc="Run a command again and again, and draw its answer in place as a grid, with what has changed marked. Words of "
    "the command follow `--`. Where stdout is no terminal, answers that differ follow each other.",
    arguments=(
        option("words", positional=True, required=True, nargs="+", doc="The command, behind `--`."),
        option("interval", short="-n", convert=float, doc=f"Seconds between two runs. Default {INTERVAL:g}."),
        option("until", doc="End with 0 as soon as this JMESPath expression is true of the answer."),
        option("timeout", convert=float, doc="End with 255 after so many seconds."),
    ),
    literal=("words",),
)
