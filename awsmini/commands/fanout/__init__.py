"""One command in many places: every profile, account and region that was named, each asked by itself."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import click

from awsmini.commandline.answer import pager
from awsmini.commandline.ask import ask
from awsmini.commandline.globals import TARGET_OPTIONS
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.pool import Pool
from awsmini.commandline.shared import Shared
from awsmini.commandline.terminal import on_terminal
from awsmini.commandline.verbs import only_reads
from awsmini.commands.fanout.gathering import Gathering
from awsmini.commands.fanout.targets import Target, session_at, targets
from awsmini.commands.tree import Branch, Root
from awsmini.errors import ParamValidationError
from awsmini.format import renderer
from awsmini.format.errors import error_info, exit_code, message_of
from awsmini.format.output import print_answer

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
    """Run the command of the context in all its places; the exit code is the highest of theirs."""
    invocation: Invocation = ctx.obj
    flags, app = invocation.flags, invocation.app
    workers = flags.get("max_concurrency", CONCURRENCY)
    if workers < 1:
        raise ParamValidationError("--max-concurrency is at least 1.")
    renderer(invocation.output)
    invocation.shared = shared = Shared(app)
    shared.files = invocation.settings.files
    group = root.get_command(ctx, flags["command"])
    model = getattr(group, "service_model", None)
    places = targets(invocation, model.service_name if model else flags["command"])
    words = [flags["command"], *ctx.args]
    _consent(invocation, words, len(places))
    gathering = Gathering(invocation.output, flags, lambda text: _put(text, app.stdout))
    one = _One(invocation, shared, words, gathering)
    pool = Pool(one.run, places, min(workers, len(places)))
    ended, interrupted = [], False
    shows = app.stderr.isatty()
    try:
        for done in pool.results():
            ended.append(done)
            app.stderr.write((CLEAR if shows else "") + done.message)
            if shows:
                failed = sum(bool(each.code) for each in ended)
                app.stderr.write(f"{len(ended) - failed} done, {failed} failed, {len(places) - len(ended)} left")
            app.stderr.flush()
    except KeyboardInterrupt:
        interrupted = True
    if shows:
        app.stderr.write(CLEAR)
    if (rest := gathering.end(places)) is not None:
        print_answer(rest[0], invocation.output, rest[1], app, pager=pager(invocation))
    return INTERRUPTED if interrupted else max((done.code for done in ended), default=0)


def _put(text: str, stream: Any) -> None:
    stream.write(text)
    stream.flush()


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
