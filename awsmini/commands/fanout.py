"""One command in many places: every profile, account and region that was named, each asked by itself."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import NamedTuple

import click

from awsmini.app import App
from awsmini.commandline.answer import pager
from awsmini.commandline.ask import ask
from awsmini.commandline.globals import TARGET_OPTIONS
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.pool import Pool
from awsmini.commandline.shared import Shared
from awsmini.commandline.terminal import on_terminal
from awsmini.commandline.verbs import only_reads
from awsmini.commands.batch.group import BatchGroup
from awsmini.commands.fanout_gathering import Gathering
from awsmini.commands.fanout_targets import Target, session_at, targets
from awsmini.commands.tree import Branch, Root
from awsmini.errors import ParamValidationError
from awsmini.format import renderer
from awsmini.format.errors import error_info, exit_code, message_of
from awsmini.format.output import ReaderGone, open_output, print_answer

CONCURRENCY = 16
INTERRUPTED = 130
CLEAR = "\r\x1b[K"
_OWN = {argument.dest for argument in TARGET_OPTIONS}


class Done(NamedTuple):
    """What became of one target."""

    target: Target
    code: int
    message: str = ""  # what is said of it on stderr


def run(root: Branch, ctx: click.Context) -> int:
    """Run the command of the context in all its places; the exit code is the highest of theirs.

    Where it runs others, as `batch` and `watch` do, each of those goes to all the places by itself.
    """
    invocation: Invocation = ctx.obj
    flags, app = invocation.flags, invocation.app
    group = root.get_command(ctx, flags["command"])
    if flags["command"] == "watch" or (isinstance(group, BatchGroup) and group.holds_lines(ctx, ctx.args)):
        code: int = Branch.invoke(root, ctx)
        return code
    workers = flags.get("max_concurrency", CONCURRENCY)
    if workers < 1:
        raise ParamValidationError("--max-concurrency is at least 1.")
    renderer(invocation.output)
    shared = Shared(app, threads=workers)
    shared.files = invocation.settings.files
    shared.identity = invocation.shared.identity if invocation.shared else None
    invocation.shared = shared
    model = getattr(group, "service_model", None)
    places = targets(invocation, model.service_name if model else flags["command"])
    words = [flags["command"], *ctx.args]
    _consent(invocation, words, len(places))
    progress = _Progress(app, len(places))
    interrupted = False
    with suppress(ReaderGone):
        with open_output(app, escape_json=invocation.output == "ndjson") as (write, flush):
            gathering = Gathering(invocation.output, flags, progress.around(write, flush))
            pool = Pool(_One(invocation, shared, words, gathering).run, places, min(workers, len(places)))
            try:
                with suppress(KeyboardInterrupt):
                    interrupted = True
                    for done in pool.results():
                        progress.ended(done)
                    interrupted = False
                progress.clear()
                rest = gathering.end(places)
            except _Unwritten as lost:
                interrupted = False
                raise lost.error from None
        if rest is not None and invocation.take_answer:
            invocation.take_answer(*rest)
        elif rest is not None:
            print_answer(rest[0], invocation.output, rest[1], app, pager=pager(invocation))
    return INTERRUPTED if interrupted else progress.code


class _Unwritten(BaseException):
    """What a place has answered cannot be written: the matter of no place, so no `except` of a command ends it."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class _Progress:
    """What is told on stderr: errors as they come, and on a terminal a line of numbers below them."""

    def __init__(self, app: App, count: int) -> None:
        self._app = app
        self._left = count
        self._done = self._failed = 0
        self._lock = Lock()
        self._shows = app.stderr.isatty()
        self.code = 0

    def ended(self, done: Done) -> None:
        with self._lock:
            self.code = max(self.code, done.code)
            self._left -= 1
            self._failed += bool(done.code)
            self._done += not done.code
            self._say((CLEAR if self._shows else "") + done.message + self._line)

    def around(self, write: Callable[[str], None], flush: Callable[[], None]) -> Callable[[str], None]:
        """`write` and `flush`, above the line of numbers."""
        above = self._shows and self._app.stdout.isatty()

        def put(text: str) -> None:
            with self._lock:
                if above:
                    self._say(CLEAR)
                try:
                    write(text)
                    flush()
                except (ReaderGone, OSError) as error:
                    raise _Unwritten(error) from None
                if above:
                    self._say(self._line)

        return put

    def clear(self) -> None:
        if self._shows:
            self._say(CLEAR)

    @property
    def _line(self) -> str:
        return f"{self._done} done, {self._failed} failed, {self._left} left" if self._shows else ""

    def _say(self, text: str) -> None:
        self._app.stderr.write(text)
        self._app.stderr.flush()


def _consent(invocation: Invocation, words: Sequence[str], count: int) -> None:
    """Let nothing be changed in many places that nobody has agreed to."""
    command = [word for word in words if not word.startswith("-")][:2]
    if count < 2 or invocation.flags.get("yes") or only_reads(command):
        return
    what = f"{' '.join(command)} in {count} places"
    if not on_terminal(invocation.app):
        raise ParamValidationError(f"{what} may change something in each: say --yes.")
    if ask(invocation.app, f"{what}: go on? [y/N] ").strip().lower() not in ("y", "yes"):
        raise click.exceptions.Exit(1)


class _One:
    """The command, ready to run in any place."""

    def __init__(self, invocation: Invocation, shared: Shared, words: Sequence[str], gathering: Gathering) -> None:
        self._flags = {name: value for name, value in invocation.flags.items() if name not in _OWN}
        self._shared = shared
        self._words = words
        self._gathering = gathering

    def run(self, target: Target) -> Done:
        line = self._shared.line()
        root = Root(line.app, shared=self._shared)
        invocation = root.invocation = root.invocation.again({**self._flags, **target.flags()})
        invocation.take_answer = lambda answer, view: self._gathering.add(target, answer, view)
        try:
            session_at(invocation, target)
            with click.Context(root, info_name="awsmini", obj=invocation) as context:
                context.params, context.args = {"command": self._words[0]}, list(self._words[1:])
                code = Branch.invoke(root, context) or 0
        except click.exceptions.Exit as done:
            code = done.exit_code
        except Exception as error:
            self._gathering.add_error(target, error_info(error) or {"Message": message_of(error)})
            return Done(target, exit_code(error), self._told(line.stderr.content().decode() + str(error), target))
        self._gathering.add_text(target, line.stdout.content().decode("utf-8", "replace"))
        return Done(target, code, self._told(line.stderr.content().decode(), target))

    def _told(self, text: str, target: Target) -> str:
        """Lines of stderr, each behind its place."""
        return "".join(f"awsmini: {target.label}: {line}\n" for line in text.strip().splitlines())
