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
from awsmini.commands.docs.parts import call
from awsmini.commands.docs.site import Path, Site
from awsmini.help.handwritten import summary
from awsmini.help.markup import plain_text
from awsmini.help.search import REFERENCE
from awsmini.model.cli_names import hidden_operations, visible_operations
from awsmini.model.load import ModelLines, services
from awsmini.model.shapes import ServiceModel

AT_ONCE = 20  # services in one part
BETWEEN = "¦"  # choices
_WORD = re.compile(r"(.)([A-Z][a-z]+)")
_UPPER = re.compile(r"([a-z0-9])([A-Z])")


def files(site: Site) -> list[str]:
    """The files of the index."""
    parts = range(_parts(site))
    kinds = ("part", "prose") if _has_prose(site) else ("part",)
    return ["names.js", *(f"{kind}{number}.js" for kind in kinds for number in parts)]


def content(site: Site, name: str) -> str:
    """One of the files."""
    kind, number = name.rstrip("0123456789.js"), name.removesuffix(".js").lstrip("abcdefghijklmnopqrstuvwxyz")
    if kind != "part" and kind != "prose":
        return call("names", _names(site))
    chosen = sorted(site.services.items())[int(number) * AT_ONCE :][:AT_ONCE]
    make = _shapes if kind == "part" else _prose
    return call(kind, int(number), [[command, *make(site, command, model)] for command, model in chosen])


def _parts(site: Site) -> int:
    return -(-len(site.services) // AT_ONCE)


def _has_prose(site: Site) -> bool:
    return any(site.prose(name) for name in list(site.services.values())[:3])


def _names(site: Site) -> dict[str, Any]:
    known = services()
    found = []
    for command, name in sorted(site.services.items()):
        operations, waiters = _commands(ServiceModel(site.models.lines(name)))
        told = [api if _simple(api) == cli else f"{api}={cli}" for cli, api in operations.items()]
        found.append([command, known.get(name, {}).get("name", ""), " ".join(told), " ".join(waiters)])
    return {
        "services": found,
        "own": [[" ".join(path), text] for path, text in _own(site)],
        "parts": _parts(site),
        "prose": _has_prose(site),
    }


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
        names = [*node.names]
    else:
        names = [*getattr(node.command, "hand_written", ())]
    for name in names:
        yield from _own_below(site, (*path, name))


def _shapes(site: Site, _command: str, name: str) -> tuple[str, str]:
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


def _prose(site: Site, _command: str, name: str) -> tuple[list[str]]:
    texts = site.prose(name)
    shown, _ = _commands(ServiceModel(site.models.lines(name)))
    return ([plain_text(texts.operation(api)) for api in shown.values()],)
