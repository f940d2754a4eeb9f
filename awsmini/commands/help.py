"""`help`, `--help` and `-h`, wherever on the line: the page of the command that the words lead to.

It is shown as the setting `cli_help_output` says: on the terminal through a pager (MANPAGER, PAGER, `less -R`) and
as plain text where stdout is no terminal; in a browser; or by the address of AWS's own manual alone.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pkgutil import resolve_name
from typing import Any

import click

from awsmini.app import App
from awsmini.commandline.handwritten import HandWritten
from awsmini.commandline.invocation import Invocation, command_path
from awsmini.commandline.parser import check_choice, parse
from awsmini.commands.tree import Branch, Root
from awsmini.errors import AwsminiError
from awsmini.format.output import terminal, write_out
from awsmini.help import topics
from awsmini.help.footnotes import footnotes
from awsmini.help.layout import Line, lay_out
from awsmini.help.manual import address
from awsmini.help.page import Block
from awsmini.help.prose import prose
from awsmini.help.subject import Subject
from awsmini.params.arguments import option

PAGE = "awsmini.help.handwritten:page"  # of a command that names none
DRAW = "awsmini.help.terminal:draw"  # rich: only a terminal needs it
OPEN_IN_BROWSER = "awsmini.help.browser:show"
WHICH = "shutil:which"
NARROWEST, WIDEST = 40, 120  # columns of a page, whatever those of the terminal
TOPICS = "topics"

# What could give orders to the terminal is shown by its picture (␛), or as what cannot be shown (�).
_PICTURES = {code: 0x2400 + code for code in range(32)} | dict.fromkeys(
    (*range(127, 160), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD
)
# For a stream that has no more than ASCII.
_IN_ASCII = str.maketrans(
    {"•": "*", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "--", "…": "...", "→": "->", "\u00a0": " "}
)


def show(ctx: click.Context, words: Sequence[str] = ()) -> int:
    """Show the page of the context's command, or of what `words` name below it. Raises UsageError."""
    invocation: Invocation = ctx.obj
    if isinstance(ctx.command, Root) and words[:1] == ["help"]:
        topic = _topic(ctx.command, words[1:])
        if topic is not None:
            page = topics.list_page() if topic == TOPICS else topics.page(topic)
            return _show(invocation, ("help", topic), page, address("topic", None if topic == TOPICS else topic))
        words = words[1:]
    subject = find(ctx, words)
    return _show(invocation, subject.path, page_of(subject), _address(subject.command, subject.path))


def find(ctx: click.Context, words: Sequence[str]) -> Subject:
    """What the words name below the context's command. Raises UsageError."""
    command, path = _follow(ctx, list(words))
    return Subject(command, path, partial(prose, user_folders=ctx.obj.models.user_folders))


def page_of(subject: Subject) -> Iterable[Block]:
    """The page of a command."""
    page: Iterable[Block] = resolve_name(getattr(subject.command, "help_page", PAGE))(subject)
    return page


def lines_of(page: Iterable[Block], width: int, encoding: str | None) -> Iterator[Line]:
    """The lines of a page, with nothing in them that a terminal would obey."""
    return _safe(lay_out(footnotes(page), width), encoding)


def _topic(root: Root, words: Sequence[str]) -> str | None:
    """The topic that is asked for, or None for the help of a command. Raises UsageError for what is neither."""
    name = parse(words, [option("subcommand", positional=True, nargs="?")]).values.get("subcommand")
    known = [TOPICS, *topics.names()]
    if name is None or name in known:
        return name
    check_choice("subcommand", name, [*known, *root.choices()])
    return None


def _follow(ctx: click.Context, words: list[str]) -> tuple[click.Command, tuple[str, ...]]:
    """The command that the words lead to from the context's own, and the names on the way."""
    command, path = ctx.command, command_path(ctx)
    while name := _next(command, words):
        found = below(command, ctx, name)
        if found is None:
            assert isinstance(command, Branch)
            check_choice(command.label, name, command.choices())
            raise AssertionError(f"{name} is among the choices, and yet no command")
        command, path = found, (*path, name)
    return command, path


def _next(command: click.Command, words: list[str]) -> str | None:
    """The word that names a command below this one; it and those before it are taken from `words`."""
    name: str | None = None
    if isinstance(command, Branch):
        parsed = parse(words, [option(command.label, positional=True, nargs="?")])
        name = parsed.values.get(command.label)
        words[:] = parsed.leftovers
    elif isinstance(command, HandWritten):
        name = command.subcommand(words)
        words[:] = [word for word in words if word != name]
    return None if name == "help" else name


def below(command: click.Command, ctx: click.Context, name: str) -> click.Command | None:
    """The command of that name below another, which a HandWritten has."""
    if isinstance(command, HandWritten):
        found: click.Command = resolve_name(command.subcommands[name])
        return found
    return command.get_command(ctx, name) if isinstance(command, Branch) else None


def _address(command: click.Command, path: tuple[str, ...]) -> str | None:
    has_more = isinstance(command, Branch) or bool(getattr(command, "subcommands", ()))
    return address("reference", *path, None if has_more else "")


def _show(invocation: Invocation, path: tuple[str, ...], page: Iterable[Block], url: str | None) -> int:
    app = invocation.app
    where = _setting(invocation, "cli_help_output")
    if where == "url" and url:
        write_out([url], app)
    elif where == "browser":
        resolve_name(OPEN_IN_BROWSER)(app, " ".join(("awsmini", *path)), page)
    else:
        write_page(invocation, page)
    return 0


def write_page(invocation: Invocation, page: Iterable[Block]) -> None:
    """Blocks on stdout: with styles and by way of a pager on a terminal, as plain text elsewhere."""
    app = invocation.app
    is_terminal, columns = terminal(app.stdout)
    width = _width(app, is_terminal, columns)
    lines = lines_of(page, width, app.stdout.encoding)
    text = resolve_name(DRAW)(lines, width) if _has_styles(invocation, is_terminal) else _plain(lines)
    write_out(text, app, pager=_pager(invocation) if is_terminal else "")


def _setting(invocation: Invocation, name: str) -> Any:
    """A setting, or None where the configuration cannot be read: help is most needed then."""
    try:
        return invocation.settings.value(name)
    except AwsminiError:
        return None


def _width(app: App, is_terminal: bool, columns: int) -> int:
    """The columns of a page: as MANWIDTH says for manual pages, those of the terminal, or elsewhere what COLUMNS says."""
    said = app.env.get("COLUMNS", "")
    if not is_terminal and said.isdecimal() and int(said):
        columns = int(said)
    wanted = app.env.get("MANWIDTH", "")
    return max(NARROWEST, int(wanted) if wanted.isdecimal() else min(columns, WIDEST))


def _has_styles(invocation: Invocation, is_terminal: bool) -> bool:
    color = invocation.flags.get("color", "auto")
    if color != "auto":
        return bool(color == "on")
    env = invocation.app.env
    return is_terminal and "NO_COLOR" not in env and env.get("TERM") != "dumb"


def _pager(invocation: Invocation) -> str:
    """The pager's command; "" where there is none, or none is wanted."""
    env = invocation.app.env
    if invocation.flags.get("no_cli_pager"):
        return ""
    command = env.get("MANPAGER") or env.get("PAGER") or ("more" if os.name == "nt" else "less -R")
    program = next(iter(command.split()), None)
    return command if program and resolve_name(WHICH)(program, path=env.get("PATH")) else ""


def _safe(lines: Iterable[Line], encoding: str | None) -> Iterator[Line]:
    """The lines without characters that the terminal would obey or the encoding lacks; none changes its length."""
    in_ascii = not (encoding or "utf-8").lower().replace("-", "").startswith("utf")
    for line in lines:
        text = line.text
        if not text.isascii() or not text.isprintable():
            text = text.translate(_PICTURES)
            line = line._replace(text=text.translate(_IN_ASCII) if in_ascii else text)
        yield line


def _plain(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        yield f"{' ' * line.indent}{line.text}\n"
