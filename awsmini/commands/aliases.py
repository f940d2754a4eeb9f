"""Aliases on the command line: the user's words take the place of an alias's name, or a shell runs them.

Global options in an alias win over those of the command line, as in AWS CLI v2. An alias that has the name of a
command stands before it, and inside its own value that name means the command.
"""

import shlex
import sys
from collections.abc import Callable, Collection, Sequence

import click

from awsmini.commandline.globals import OPTIONS, V2_OPTIONS, check
from awsmini.commandline.invocation import Invocation, command_path
from awsmini.commandline.parser import Parsed, parse
from awsmini.commandline.programs import call
from awsmini.config.aliases import InvalidAliasError, is_external, words_of
from awsmini.log import debug
from awsmini.params.arguments import option

NOT_IN_ALIASES = ("debug", "profile")  # when an alias is met, these have had their effect already
ALIASED = "awsmini.aliased"  # in `ctx.meta`: an alias was followed, so the words are not the user's alone

_COMMAND = option("command", positional=True, required=True)


def follow(ctx: click.Context, label: str, built_in: Collection[str]) -> int | None:
    """Replace aliases in `ctx`, whose command takes the word `label`, until that word is a command's own name.

    `built_in` are the commands there are. What comes back is the exit code of an alias that a shell has run.
    Raises InvalidAliasError.
    """
    path = command_path(ctx)
    aliases = ctx.obj.aliases.get(path, {})
    followed: set[str] = set()
    while (name := str(ctx.params.get(label))) in aliases:
        if is_external(aliases[name]):
            return run_in_shell(ctx.obj, aliases[name], _arguments(ctx))
        parsed = _expand(ctx, path, name, aliases[name], followed)
        if path and name in built_in:
            ctx.args = [*parsed.leftovers[1:], *ctx.args]
            return None
        if path:
            ctx.command.parse_args(ctx, [*parsed.leftovers, *ctx.args])
            continue
        ctx.params = {**ctx.params, **parsed.values}
        ctx.args = [*parsed.leftovers, *ctx.args]
        if name in built_in and parsed.values.get(label) == name:
            return None
    return None


def follow_in_words(
    ctx: click.Context, named: Callable[[list[str]], str | None], built_in: Collection[str]
) -> int | None:
    """The same where the name of the subcommand stands anywhere in `ctx.args`; `named` finds it."""
    path = command_path(ctx)
    aliases = ctx.obj.aliases.get(path, {})
    followed: set[str] = set()
    while (name := named(ctx.args)) is not None and name in aliases:
        rest = list(ctx.args)
        rest.remove(name)
        if is_external(aliases[name]):
            return run_in_shell(ctx.obj, aliases[name], rest)
        parsed = _expand(ctx, path, name, aliases[name], followed)
        if name in built_in:
            ctx.args = [name, *parsed.leftovers[1:], *rest]
            return None
        ctx.args = [*parsed.leftovers, *rest]
    return None


def is_shell_alias(ctx: click.Context, words: list[str]) -> bool:
    """Whether the words lead to an alias below a command that a shell runs: `--help` is then the shell command's.

    Other such aliases are replaced in `words`, for the page of the command that they stand for.
    """
    aliases = ctx.obj.aliases.get(tuple(words[:1]), {})
    if len(words) < 2 or words[1] not in aliases:
        return False
    if is_external(aliases[words[1]]):
        return True
    words[1:2] = _expand(ctx, words[:1], words[1], aliases[words[1]], set()).leftovers
    return False


def _expand(ctx: click.Context, path: Sequence[str], name: str, value: str, followed: set[str]) -> Parsed:
    """The words of an alias below the commands of `path`, less its global options, which count from now on."""
    if name in followed:
        raise InvalidAliasError(f'Alias "{name}" leads back to itself.')
    followed.add(name)
    ctx.meta[ALIASED] = True
    words = words_of(name, value)
    debug("cli", "Expanded alias %r with value: %r to: %r", name, value, words)
    return take_globals(ctx.obj, name, [*path[:1], *words])


def take_globals(invocation: Invocation, name: str, words: Sequence[str]) -> Parsed:
    """Let the global options in an alias count; the rest of its words."""
    parsed = parse(words, [*OPTIONS, _COMMAND])
    flags = {dest: value for dest, value in parsed.values.items() if dest != "command"}
    for refused in NOT_IN_ALIASES:
        if refused in flags:
            raise InvalidAliasError(
                f'Global parameter "--{refused}" detected in alias "{name}" which is not supported in '
                "subcommand aliases."
            )
    check(flags)
    invocation.take(flags)
    return parsed


def run_in_shell(invocation: Invocation, value: str, arguments: Sequence[str]) -> int:
    """Run the command of a `!` alias with the arguments appended; its exit code."""
    app = invocation.app
    command = " ".join([value[1:], *map(_quote, arguments)])
    debug("cli", "The shell runs: %r", command)
    app.stdout.flush()
    return call(command, app, shell=True)


def _arguments(ctx: click.Context) -> list[str]:
    """The words after the alias. What awsmini alone takes for a global option is the shell command's, if it can be."""
    root = ctx.find_root()
    if ctx.meta.get(ALIASED):
        return list(ctx.args)
    words: list[str] = parse(root.meta["words"], [*V2_OPTIONS, _COMMAND]).leftovers
    for _ in command_path(ctx):
        words = parse(words, [_COMMAND]).leftovers
    return words


def _quote(word: str) -> str:
    if sys.platform == "win32":
        from subprocess import list2cmdline

        return list2cmdline([word])
    return shlex.quote(word)
