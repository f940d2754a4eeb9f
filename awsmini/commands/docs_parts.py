"""Structures that several pages of a service show: their members lie in files beside the pages, some in each."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from awsmini.help import markup
from awsmini.help.members import FEWEST, Tree, is_large
from awsmini.help.options import common_docs
from awsmini.help.page import Block, sentence
from awsmini.help.prose import Prose
from awsmini.help.search import REFERENCE
from awsmini.model.shapes import ServiceModel, StructureShape

COMMON = "_"  # in the place of a service
AT_ONCE = 16  # structures of one file


class Parts:
    """The parts of one service. Each is named by the number of its file, and its shape."""

    def __init__(self, model: ServiceModel) -> None:
        self.model = model

    @property
    def count(self) -> int:
        """How many files there are."""
        return -(-len(self._numbers) // AT_ONCE)

    def of(self, name: str) -> str:
        """The part that has the members of a structure, what is said of an error, or of an option that all have; ""
        where only one page has use for it."""
        if name.startswith("--"):
            return common(name)
        number = self._numbers.get(name)
        return "" if number is None else f"{number // AT_ONCE}/{name}"

    def content(self, number: int, prose: Prose) -> Iterator[tuple[str, Iterable[Block]]]:
        """What is in one of the files: name and blocks of each part."""
        for name in list(self._numbers)[number * AT_ONCE :][:AT_ONCE]:
            shape = self.model.shape_for(name)
            if not isinstance(shape, StructureShape):
                continue
            if shape.is_exception:
                if html := prose.shape(name):
                    yield self.of(name), markup.blocks(html)
            elif is_large(shape, FEWEST):
                yield self.of(name), Tree(prose, parts=self.of).inside(shape, 0)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The errors, and the structures that are referred to more than once, by lists of them too."""
        direct: Counter[str] = Counter()
        within: dict[str, list[str]] = {}
        structures = []
        for kind in ("operation", "shape"):
            for name, line in self.model.lines_of(kind):
                holds = b'"type":"list"' in line or b'"type":"map"' in line
                for found in REFERENCE.findall(line):
                    if holds:
                        within.setdefault(found.decode(), []).append(name)
                    else:
                        direct[found.decode()] += 1
                if b'"type":"structure"' in line:
                    structures.append(name)
                    direct[name] += 2 * (b'"exception":true' in line)

        def uses(name: str, depth: int = 4) -> int:
            return direct[name] + sum(uses(each, depth - 1) for each in within.get(name, ()) if depth)

        return {name: number for number, name in enumerate(name for name in structures if uses(name) > 1)}


def common(name: str) -> str:
    """The part for an option that operations of all services have; "" where that is nothing but the page's own."""
    return f"{COMMON}/{name}" if name.removeprefix("--") in common_docs() else ""


def common_parts() -> Iterator[tuple[str, Iterable[Block]]]:
    return ((common(f"--{name}"), [sentence(text)]) for name, text in common_docs().items())


def call(function: str, *values: Any) -> str:
    """A line of JavaScript. JSON is that, but for two ends of lines that older browsers do not take within texts."""
    dumped = ",".join(json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values)
    return f"awsmini.{function}({dumped})\n".replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
