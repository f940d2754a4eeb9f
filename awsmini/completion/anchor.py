"""How much of a word stays, whatever is chosen: `--`, `file://folder/`, `Name=x,`, `Reservations[].`."""

from awsmini.completion import files, query, shorthand
from awsmini.completion.position import Position
from awsmini.completion.values import has_parts, is_path


def anchor(position: Position) -> str:
    """The beginning of the fragment that every candidate has in common with it."""
    typed = position.fragment
    return typed[: _length(position, typed)]


def _length(position: Position, typed: str) -> int:
    argument, operation = position.current, position.node.operation
    if argument is None:
        return min(2, len(typed) - len(typed.lstrip("-")))
    if typed.startswith(files.SCHEMES) or is_path(argument, operation):
        return typed.rfind("/") + 1
    if argument.dest == "query" and argument.member is None:
        return query.start(typed)
    if argument.shape is not None and has_parts(argument.shape) and typed[:1] not in ("[", "{"):
        return shorthand.start(argument.shape, typed)
    return 0
