"""One sentence about a member, for the comments of a YAML skeleton: AWS's own, where its documentation is installed."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

from awsmini.help.prose import prose
from awsmini.model.shapes import StructureShape

_END = re.compile(r"[.:]+")
_LINE_BREAKS = str.maketrans({"\n": " ", "\u2028": " "})


def describer(service_name: str) -> Callable[[StructureShape, str], str]:
    """What tells of (structure, member name); "" where there is no documentation."""
    texts = prose(service_name)

    def describe(shape: StructureShape, name: str) -> str:
        return overview(texts.member(shape.name, name, shape.members[name].name))

    return describe


def overview(html: str) -> str:
    """The first sentence, cut and ended as AWS CLI v2 does it: at a full stop or a colon."""
    try:
        text = "".join(ElementTree.fromstring(f"<doc>{html}</doc>").itertext())
    except ElementTree.ParseError:
        text = html
    first = _END.split(text, maxsplit=1)[0]
    return f"{first}.".translate(_LINE_BREAKS) if first else ""
