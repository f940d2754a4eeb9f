"""The manual as a site: which pages there are, where each lies, and its HTML.

A page is named by the words of its command, `ec2 run-instances`, and lies at `ec2/run-instances.html`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple, TypeVar

import click

from awsmini.commandline.handwritten import HandWritten
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.parser import check_choice
from awsmini.commands.docs_parts import COMMON, Parts, call, common, common_parts
from awsmini.commands.help import TOPICS, below, page_of
from awsmini.commands.operation import OperationCommand
from awsmini.commands.service import ServiceGroup, WaitGroup
from awsmini.commands.tree import HAND_WRITTEN, Root
from awsmini.errors import AwsminiError
from awsmini.help import topics
from awsmini.help.options import global_options
from awsmini.help.page import Block, Words
from awsmini.help.prose import Prose, prose
from awsmini.help.service import visible_commands
from awsmini.help.subject import Subject
from awsmini.help.web import body
from awsmini.model.cli_names import visible_operations

Path = tuple[str, ...]
K = TypeVar("K")
V = TypeVar("V")

HELP, GLOBAL = "help", "global-options"
ASSETS = "_"
STATIC = ("site.css", "site.js")
_NAME = re.compile(r"\w[\w.+-]*", re.ASCII)  # what may be the name of a file: models of a user's own have others


class Node(NamedTuple):
    """A command, and the names of those below it that have pages."""

    command: click.Command
    names: Sequence[str]
    calls: dict[str, str]  # names in the API → commands, of a service
    parts: Parts | None  # of a service


class Site:
    """The pages of all services, or of those that are named. Raises UsageError for one that there is not."""

    def __init__(self, invocation: Invocation, only: Iterable[str] = (), kept: int = 8) -> None:
        self.root = Root(invocation.app)
        self.root.invocation = invocation
        self.models = invocation.models
        for name in only:
            check_choice("services", name, sorted(self.root.services))
        broken = _broken(invocation)
        self.services = {
            name: model
            for name, model in self.root.services.items()
            if (not only or name in only) and model not in broken
        }
        self.context = click.Context(self.root, obj=invocation)
        self._kept = kept  # groups, and as many services' documentation, for the next page
        self._nodes: dict[Path, Node] = {}
        self._top = self._node(self.root)
        self._prose: dict[str, Prose] = {}

    def paths(self, path: Path = ()) -> Iterator[Path]:
        """The page of a command and those below it; those of a service come together."""
        yield path
        node = self.node(path)
        names = node.names if node else ()
        for name in names:
            yield from self.paths((*path, name))
        if not path:
            yield from ((HELP, name) for name in (*topics.names(), TOPICS, GLOBAL))

    def node(self, path: Path) -> Node | None:
        """The command of a path; None where there is none, or it has no page."""
        if not path:
            return self._top
        found = self._nodes.get(path)
        if found is None:
            around = self.node(path[:-1])
            if around is None or path[-1] not in around.names:
                return None
            command = below(around.command, self.context, path[-1])
            assert command is not None
            found = self._node(command)
            if found.names:
                _keep(self._nodes, path, found, self._kept)
        return found

    def _node(self, command: click.Command) -> Node:
        names: Iterable[str] = ()
        calls: dict[str, str] = {}
        parts = None
        if isinstance(command, Root):
            names = sorted({*self.services, *HAND_WRITTEN})
        elif isinstance(command, ServiceGroup):
            names = visible_commands(command)
            shown = frozenset(names)
            calls = {api: name for name, api in visible_operations(command.service_model).items() if name in shown}
            parts = Parts(command.service_model)
        elif isinstance(command, WaitGroup):
            names = command.waiters
        elif isinstance(command, HandWritten):
            names = command.subcommands
        return Node(command, tuple(filter(_NAME.fullmatch, names)), calls, parts)

    def topics(self) -> list[tuple[str, Words]]:
        """Each topic with its summary."""
        return topics.rows()

    def prose(self, service_name: str) -> Prose:
        """AWS's documentation of a service."""
        found = self._prose.get(service_name)
        if found is None:
            found = prose(service_name, self.models.user_folders)
            _keep(self._prose, service_name, found, self._kept)
        return found

    def html(self, path: Path) -> str | None:
        """The page; None where there is none."""
        found = self._blocks(path)
        if found is None:
            return None
        blocks = iter(found)
        next(blocks)  # NAME: the title says it
        if isinstance(getattr(self.node(path), "command", None), OperationCommand):
            next(blocks)
        title = escape(" ".join(("awsmini", *path)))
        up = "../" * (len(path) - 1)
        above = range(1, 1 if path[:1] == (HELP,) else len(path))
        trail = [f'<a href="{up}index.html">awsmini</a>'] if path else ["awsmini"]
        trail += [f'<a href="{up}{address(path[:depth])}">{escape(path[depth - 1])}</a>' for depth in above]
        trail += [escape(path[-1])] if path else []
        return (
            f"<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><title>{title}</title>\n"
            "<meta name=viewport content=width=device-width>\n"
            f'<link rel=stylesheet href="{up}{ASSETS}/site.css"><script src="{up}{ASSETS}/site.js"></script></head>\n'
            f"<body><header><nav aria-label=Place>{' / '.join(trail)}</nav></header>\n"
            f"<main><h1>{title}</h1>\n{''.join(body(blocks, self._linker(path, up)))}</main></body></html>\n"
        )

    def part(self, service: str, number: int) -> str | None:
        """JavaScript that hands over some of what pages of a service share; None where there is none."""
        node = self.node((service,)) if service != COMMON else None
        link = self._linker((service,), "") if node else _no_page
        parts: Iterator[tuple[str, Iterable[Block]]]
        if service == COMMON and number == 0:
            parts = common_parts()
        elif node and node.parts and number < node.parts.count:
            parts = node.parts.content(number, self.prose(node.parts.model.service_name))
        else:
            return None
        found = {name: "".join(body(blocks, link, name)) for name, blocks in parts}
        return call("fill", found) if found else ""

    def _blocks(self, path: Path) -> Iterable[Block] | None:
        if path[:1] == (HELP,) and len(path) == 2:
            if path[1] == GLOBAL:
                return global_options()
            if path[1] == TOPICS:
                return topics.list_page()
            return topics.page(path[1]) if path[1] in topics.names() else None
        node = self.node(path)
        if node is None:
            return None
        service = self.node(path[:1])
        parts = service.parts.of if service and service.parts else common
        return page_of(Subject(node.command, path, self.prose, parts if path else None))

    def _linker(self, path: Path, up: str) -> Callable[[str], str]:
        """What finds the page that a text on this page names."""
        service = self.node(path[:1]) if path[:1] != (HELP,) else None
        calls = service.calls if service and path else {}
        own = self.node(path) if path[:1] != (HELP,) else None
        names = frozenset(own.names) if own else frozenset()
        lists_topics = path in ((), (HELP, TOPICS))

        def link(text: str) -> str:
            if text in calls:
                return up + address((path[0], calls[text]))
            if text in names:
                return up + address((*path, text))
            if text.startswith("awsmini "):
                return self._address_of(tuple(text.split()[1:]), up)
            if own and text.startswith("wait "):
                return self._address_of((*path, *text.split()), up)
            if lists_topics and text in topics.names():
                return up + address((HELP, text))
            return ""

        return link

    def _address_of(self, words: Path, up: str) -> str:
        if words[:1] == (HELP,) and words[1:] and words[1] in (*topics.names(), TOPICS):
            return up + address(words[:2])
        if words[-1:] == (HELP,):
            words = words[:-1]
        around = self.node(words[:-1]) if words else None
        return up + address(words) if around and words[-1] in around.names else ""


def _broken(invocation: Invocation) -> set[str]:
    """The models of the user's own that cannot be read; each is told, and has no pages."""
    return {name for name in set(invocation.models.user_service_names()) if _is_broken(invocation, name)}


def _is_broken(invocation: Invocation, name: str) -> bool:
    try:
        invocation.models.lines(name)
    except AwsminiError as error:
        invocation.app.stderr.write(f"{error}\n")
        return True
    return False


def _no_page(_text: str) -> str:
    return ""


def _keep(kept: dict[K, V], key: K, value: V, most: int) -> None:
    """Add to what is kept, in the place of the oldest where that is enough."""
    while len(kept) >= most:
        del kept[next(iter(kept))]
    kept[key] = value


def address(path: Path) -> str:
    """Where a page lies, below the site."""
    return "/".join(path or ("index",)) + ".html"
