"""The candidates for the word that a line ends in."""

from collections.abc import Iterator

from awsmini.commands.arguments import Argument
from awsmini.completion import values
from awsmini.completion.candidate import Candidate
from awsmini.completion.nodes import Node, Root
from awsmini.completion.position import GLOBAL, Position, locate
from awsmini.completion.values import World
from awsmini.completion.words import Words
from awsmini.config import aliases
from awsmini.errors import AwsminiError


def complete(typed: Words, world: World) -> list[Candidate]:
    """What may stand in the place of the last word. `typed` begins with the program's name."""
    if not typed.words:
        return []
    position = read(typed, Root(world.env), world)
    return [
        candidate._replace(text=position.repeated + candidate.text)
        for candidate in offered(position, world)
        if candidate.text.startswith(position.fragment)
    ]


def read(typed: Words, root: Node, world: World) -> Position:
    """Where the cursor is. `typed` begins with the program's name."""
    try:
        known = aliases.load(world.env)
    except AwsminiError:
        known = {}
    return locate(typed.words[1:], typed.fragment, root, known)


def offered(position: Position, world: World) -> list[Candidate]:
    """What may stand there; some of it may begin otherwise than what is typed."""
    found: dict[str, Candidate] = {}
    for candidate in _candidates(position, world):
        if candidate.text.isprintable():
            found.setdefault(candidate.text, candidate)
    return list(found.values())


def _candidates(position: Position, world: World) -> Iterator[Candidate]:
    typed = position.fragment
    if position.current is not None:
        yield from values.candidates(position, world)
        if typed or not position.current.positional:
            return
    elif not typed.startswith("-"):
        names = {name: f"alias: {value}" for name, value in position.aliases.items()}
        names |= {name: note for name, note in position.node.names(typed) if name not in names}
        yield from (Candidate(name, names[name]) for name in sorted(names))
        if names or typed or type(position.node) is Node:
            return
    yield from _options(position)


def _options(position: Position) -> Iterator[Candidate]:
    """The options not given yet: those of the command, then those of all."""
    own = [argument for argument in position.node.arguments if not argument.positional]
    for argument in (*own, *GLOBAL.values()):
        if argument.dest not in position.given and not _is_hidden(argument):
            yield Candidate(argument.label, _note(argument))


def _is_hidden(argument: Argument) -> bool:
    return argument.hidden or (argument.shape is not None and argument.shape.is_deprecated)


def _note(argument: Argument) -> str:
    if argument.doc:
        return argument.doc.partition(". ")[0].rstrip(".")
    return f"{argument.type_name}, required" if argument.required or argument.required_in_help else argument.type_name
