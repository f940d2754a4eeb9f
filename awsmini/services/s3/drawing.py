"""`tree`: folders and objects as a tree, drawn while they are listed."""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import chain, islice
from typing import Any, NamedTuple

from awsmini.commandline.invocation import Invocation
from awsmini.services.s3.job import number
from awsmini.services.s3.places import client_of, count, pages, place, uri
from awsmini.services.s3.printing import write
from awsmini.services.s3.sizes import readable
from awsmini.transfer.engine import Engine

Values = Mapping[str, Any]
_BRANCHES = ("├── ", "└── ")  # one that others follow, and the last
_BELOW = ("│   ", "    ")
_ASCII = {"├── ": "|-- ", "└── ": "`-- ", "│   ": "|   "}


class Node(NamedTuple):
    """A folder or an object."""

    key: str
    size: int | None  # None: a folder

    def name(self, parent: str) -> str:
        return self.key[len(parent) :]


def tree(invocation: Invocation, values: Values) -> int:
    """The exit code: 1 where a prefix has nothing."""
    number(values, "page_size")
    depth = count(values, "depth", 1)
    bucket, prefix = place("tree", values["path"])
    with Engine(client_of(invocation)) as engine:
        drawing = Drawing(invocation, values, engine, bucket, depth)
        drawing.draw(prefix)
    return 1 if prefix and not drawing.folders and not drawing.objects else 0


class Drawing:
    """Writes the lines of one tree, and counts."""

    def __init__(self, invocation: Invocation, values: Values, engine: Engine, bucket: str, depth: int | None) -> None:
        self.stdout = invocation.app.stdout
        self.values, self.engine, self.bucket, self.depth = values, engine, bucket, depth
        self.sizes = bool(values.get("human_readable"))
        self.folders = self.objects = 0
        self.plain = not _can_draw(self.stdout.encoding)

    def draw(self, prefix: str) -> None:
        parent = prefix[: prefix.rfind("/") + 1]
        nodes = self._nodes(prefix, parent)
        first = list(islice(nodes, 1))  # what is wrong with the bucket is told before anything is drawn
        self._line(uri(self.bucket, prefix))
        stack: list[tuple[str, str, Iterator[tuple[Node, bool]]]] = [(parent, "", chain(first, nodes))]
        while stack:
            parent, indent, nodes = stack[-1]
            found = next(nodes, None)
            if found is None:
                stack.pop()
                continue
            node, is_last = found
            self._node(node, parent, indent + _BRANCHES[is_last])
            if node.size is None and (self.depth is None or len(stack) < self.depth):
                stack.append((node.key, indent + _BELOW[is_last], self._nodes(node.key, node.key)))
        self._line(f"\n{_counted(self.folders, 'folder')}, {_counted(self.objects, 'object')}")

    def _nodes(self, prefix: str, parent: str) -> Iterator[tuple[Node, bool]]:
        """What is in a folder, each with whether it is the last. The object that stands for the folder is left out."""
        held: Node | None = None
        for page in pages(self.engine, self.values, self.bucket, prefix, delimiter="/"):
            objects = (Node(found.key, found.size) for found in page.objects if found.key != parent)
            for node in merge(objects, (Node(folder, None) for folder in page.prefixes), key=lambda node: node.key):
                if held is not None:
                    yield held, False
                held = node
        if held is not None:
            yield held, True

    def _node(self, node: Node, parent: str, branch: str) -> None:
        if node.size is None:
            self.folders += 1
        else:
            self.objects += 1
        size = f"[{readable(node.size):>10}]  " if self.sizes and node.size is not None else ""
        self._line(f"{branch}{size}{node.name(parent)}")

    def _line(self, text: str) -> None:
        if self.plain:
            for drawn, plain in _ASCII.items():
                text = text.replace(drawn, plain)
        write(self.stdout, f"{text}\n")


def _can_draw(encoding: str | None) -> bool:
    """Whether a terminal's encoding has the characters that branches are drawn with."""
    try:
        "├└─│".encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
