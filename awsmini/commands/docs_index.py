"""What the search of the manual reads: JavaScript that hands over names, then shapes, then prose, in parts.

    names({services: [[command, name, operations, waiters]], own: [[words, summary]], parts: 22, prose: true})
    part(0, [[command, lines of operations, lines of shapes]])
    prose(0, [[command, [text of an operation]]])

An operation is its API name, or `ApiName=command` where no rule makes the command of it. A line is an operation and
the numbers of the shapes it refers to, or a shape with its members, choices and such numbers, between tabs.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from awsmini import services as pages
from awsmini.commandline.handwritten import HandWritten
from awsmini.commands.docs_parts import call
from awsmini.commands.docs_site import Path, Site
from awsmini.help.handwritten import summary
from awsmini.help.markup import plain_text
from awsmini.help.search import REFERENCE
from awsmini.model.cli_names import hidden_operations, visible_operations
from awsmini.model.load import ModelLines, services
from awsmini.model.shapes import ServiceModel

AT_ONCE = 20  # services in one part
BETWEEN = "¦"  # choices
_PART = re.compile(r"(part|prose)(\d+)\.js")
_WORD = re.compile(r"(.)([A-Z][a-z]+)")
_UPPER = re.compile(r"([a-z0-9])([A-Z])")


def content(site: Site, name: str) -> str | None:
    """One of the files; None where there is none of that name."""
    if name == "names.js":
        return names(site)
    found = _PART.fullmatch(name)
    if not found or found[1] not in kinds(site):
        return None
    chunk = Chunks(site, found[1])
    chosen = sorted(site.services)[int(found[2]) * AT_ONCE :][:AT_ONCE]
    return call(found[1], int(found[2]), [chunk.row(service) for service in chosen]) if chosen else None


def kinds(site: Site) -> tuple[str, ...]:
    """What there are parts of."""
    return ("part", "prose") if _has_prose(site) else ("part",)


class Chunks:
    """The files of one kind, made as the services come in their order."""

    def __init__(self, site: Site, kind: str) -> None:
        self._site = site
        self._kind = kind
        self._rows: list[list[Any]] = []
        self._added = 0

    def row(self, service: str) -> list[Any]:
        return [service, *(_shapes if self._kind == "part" else _prose)(self._site, self._site.services[service])]

    def add(self, service: str) -> Iterator[tuple[str, str]]:
        """Name and text of the file that is complete with that service."""
        self._rows.append(self.row(service))
        self._added += 1
        if len(self._rows) == AT_ONCE or self._added == len(self._site.services):
            number = (self._added - 1) // AT_ONCE
            yield f"{self._kind}{number}.js", call(self._kind, number, self._rows)
            self._rows = []


def _parts(site: Site) -> int:
    return -(-len(site.services) // AT_ONCE)


def _has_prose(site: Site) -> bool:
    return any(site.prose(name) for name in list(site.services.values())[:3])


def names(site: Site) -> str:
    """The first file."""
    known = services()
    found = []
    for command, name in sorted(site.services.items()):
        operations, waiters = _commands(ServiceModel(site.models.lines(name)))
        told = [api if _simple(api) == cli else f"{api}={cli}" for cli, api in operations.items()]
        found.append([command, known.get(name, {}).get("name", ""), " ".join(told), " ".join(waiters)])
    own = [[" ".join(path), text] for path, text in _own(site)]
    return call("names", {"services": found, "own": own, "parts": _parts(site), "prose": _has_prose(site)})


def _commands(model: ServiceModel) -> tuple[dict[str, str], list[str]]:
    """The commands that are shown, each with its API name, and the waiters."""
    hidden = hidden_operations(model)
    shown = {command: api for command, api in visible_operations(model).items() if command not in hidden}
    return shown, list(model.waiter_names)


def _simple(api_name: str) -> str:
    """The command of an operation, as the page makes it."""
    return _UPPER.sub(r"\1-\2", _WORD.sub(r"\1-\2", api_name)).lower()


def _own(site: Site) -> Iterator[tuple[Path, str]]:
    """The commands that no model describes, and the topics."""
    node = site.node(())
    assert node
    for name in node.names:
        if name not in site.services or pages.of(site.services[name]).commands:
            yield from _own_below(site, (name,))
    yield from ((("help", name), words.text) for name, words in site.topics())


def _own_below(site: Site, path: Path) -> Iterator[tuple[Path, str]]:
    node = site.node(path)
    if node is None:
        return
    if isinstance(node.command, HandWritten):
        yield path, summary(node.command)
        below = [*node.names]
    else:
        below = [*getattr(node.command, "hand_written", ())]
    for name in below:
        yield from _own_below(site, (*path, name))


def _shapes(site: Site, name: str) -> tuple[str, str]:
    lines = site.models.lines(name)
    told, numbers = _told(lines)
    operations = "\n".join(
        f"{api}\t{_refer(line, numbers)}" for api, line in lines.of_kind("operation") if b'"shape"' in line
    )
    return operations, "\n".join(told)


def _told(lines: ModelLines) -> tuple[list[str], dict[bytes, int]]:
    """A line for each shape that has something to find or leads to others, and the numbers of the lines."""
    chosen = [(name, line) for name, line in lines.of_kind("shape") if b'"shape"' in line or b'"enum"' in line]
    numbers = {name.encode(): number for number, (name, _) in enumerate(chosen)}
    told = []
    for name, line in chosen:
        traits = json.loads(line)
        members, choices = " ".join(traits.get("members", ())), BETWEEN.join(map(str, traits.get("enum", ())))
        shown = name if members or choices else ""
        told.append(f"{shown}\t{members}\t{choices}\t{_refer(line, numbers)}")
    return told, numbers


def _refer(line: bytes, numbers: dict[bytes, int]) -> str:
    """The numbers of the shapes that a line refers to."""
    return " ".join([str(numbers[name]) for name in dict.fromkeys(REFERENCE.findall(line)) if name in numbers])


def _prose(site: Site, name: str) -> tuple[list[str]]:
    texts = site.prose(name)
    shown, _ = _commands(ServiceModel(site.models.lines(name)))
    return ([plain_text(texts.operation(api)) for api in shown.values()],)
