"""XML, indented."""

from xml.dom.minidom import parseString
from xml.parsers.expat import ExpatError


def pretty(text: str) -> str | None:
    """The document with a line for each element; None where it is no XML."""
    try:
        whole = parseString(text).toxml()
        return parseString("".join(line.strip() for line in whole.splitlines())).toprettyxml(indent="    ")
    except ExpatError:
        return None
