"""The members of shapes as an indented tree: each with its kind, limits, choices and documentation.

A structure that has members of members is shown in full where it is met first, and pointed to afterwards. So
shapes that hold themselves come to an end, and those that stand in many places do not fill the page.
"""

from collections.abc import Callable, Iterator

from awsmini.help import markup
from awsmini.help.facts import choices, core, kind_and_bounds, patterns
from awsmini.help.page import STRONG, Block, Mark, Paragraph, Words, code, inline, join, tight
from awsmini.help.prose import Prose
from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape

INWARDS = 3  # columns that what is said of a member, and its own members, are set in
SMALL = 6  # as many plain members are shown again
FEWEST = 2  # as many are not worth a part
FEW = 12  # as many choices are shown again


class Tree:
    """The trees of one section of a page. Long lists of choices are shown once on the whole page."""

    def __init__(
        self,
        prose: Prose,
        choices_shown: dict[str, str] | None = None,
        parts: Callable[[str], str] | None = None,
    ) -> None:
        self.prose = prose
        self.parts = parts
        self.places: dict[str, str] = {}  # what is shown already: name of the shape to where
        self.choices_shown = {} if choices_shown is None else choices_shown

    def members(self, shape: StructureShape, indent: int, place: str = "") -> Iterator[Block]:
        """A line for each member of a structure, and what is to say of it below. `place` is what leads there."""
        required = frozenset(shape.required_members)
        for name, member in shape.members.items():
            there = f"{place}.{name}" if place else name
            line = self._line(name, member, name in required)
            yield Paragraph(line, indent, bool(self.prose), anchors=(there,), part=self.part(member))
            html = self.prose.member(shape.name, name, member.name) if self.prose else ""
            yield from tight(markup.blocks(html, indent + INWARDS))
            yield from self.below(member, indent + INWARDS, there, html)

    def below(self, shape: Shape, indent: int, place: str, said: str = "") -> Iterator[Block]:
        """What the model says of a shape beyond its kind, and the members of what it is or holds; `said` is the
        documentation that stands above it."""
        yield from self._facts(shape, indent, place)
        inner = core(shape)
        if not isinstance(inner, StructureShape) or inner.is_document_type:
            return
        if is_large(inner) and not self.part(shape):
            if inner.name in self.places:
                there = join(["The members are those under ", code(self.places[inner.name]), "."])
                yield Paragraph(there, indent, gap=bool(self.prose))
                return
            self.places[inner.name] = place
        if inner is not shape and self.prose:
            html = self.prose.shape(inner.name)
            yield from markup.blocks("" if html == said else html, indent)
        if not self.part(shape):
            yield from self.inside(inner, indent, place)

    def part(self, shape: Shape) -> str:
        """The part that tells what a shape is of or holds; "" where it is told in place."""
        inner = core(shape)
        if self.parts is None or not isinstance(inner, StructureShape) or inner.is_document_type:
            return ""
        return self.parts(inner.name) if is_large(inner, FEWEST) else ""

    def inside(self, inner: StructureShape, indent: int, place: str = "") -> Iterator[Block]:
        """What there is in a structure."""
        if inner.is_tagged_union and inner.members:
            yield Paragraph(inline("Exactly one of these members is to be given."), indent, gap=bool(self.prose))
        yield from self.members(inner, indent, place)

    def _line(self, name: str, shape: Shape, required: bool) -> Words:
        tail = " [required]" if required else ""
        tail += " [deprecated]" if shape.is_deprecated else ""
        return Words(f"{name} -> ({kind_and_bounds(shape)}){tail}", (Mark(0, len(name), STRONG),))

    def _facts(self, shape: Shape, indent: int, place: str) -> Iterator[Block]:
        gap = bool(self.prose)
        for words in patterns(shape):
            yield Paragraph(words, indent, gap, hang=2, folded=True)
        if isinstance(shape, MapShape) and shape.key.enum:
            yield Paragraph(self._choices(shape.key, place, "Each key is one of: "), indent, gap)
        inner = core(shape)
        if inner.enum:
            lead = "Each is one of: " if isinstance(shape, ListShape | MapShape) else "One of: "
            yield Paragraph(self._choices(inner, place, lead), indent, gap)

    def _choices(self, shape: Shape, place: str, lead: str) -> Words:
        known = self.choices_shown.setdefault(shape.name, place)
        if known != place and len(shape.enum) > FEW:
            return join([lead, "those under ", code(known), "."])
        return choices(shape.enum, lead)


def is_large(shape: StructureShape, most: int = SMALL) -> bool:
    """Whether a structure has more than that many members, or some that have members."""
    members = shape.members.values()
    return len(members) > most or any(isinstance(core(member), StructureShape) for member in members)
