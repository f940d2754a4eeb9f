"""The candidates for the word that a line ends in."""

from collections.abc import Iterable, Iterator

from awsmini.commandline.globals import OPTIONS, V2_OPTIONS, YIELDING_OPTIONS
from awsmini.completion import values
from awsmini.completion.candidate import Candidate
from awsmini.completion.files import SCHEMES
from awsmini.completion.nodes import OWN_COMMANDS, Node, Root
from awsmini.completion.position import Position, locate
from awsmini.completion.values import World
from awsmini.completion.words import Words
from awsmini.config import aliases
from awsmini.errors import AwsminiError
from awsmini.params.arguments import OUTFILE, Argument

MENUS = ("", "--")  # what is typed where all commands or all options are asked for


def complete(typed: Words, world: World) -> list[Candidate]:
    """What may stand in the place of the last word. `typed` begins with the program's name.

    What AWS CLI v2's completer offers comes first. There is more only where that has nothing, and at the end of
    whole menus: so the keys that are in people's fingers bring about what they did.
    """
    if not typed.words:
        return []
    position = read(typed, Root(world.env), world)
    found = _fitting(_of_aws(position, world), position.fragment)
    if not found or (position.current is None and position.fragment in MENUS):
        found = _once([*found, *_fitting(_of_all(position, world), position.fragment)])
    return [candidate._replace(text=position.repeated + candidate.text) for candidate in found]


def _fitting(candidates: Iterable[Candidate], typed: str) -> list[Candidate]:
    """Those that go on from what is typed."""
    return [candidate for candidate in _once(candidates) if candidate.text.startswith(typed)]


def _once(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each candidate once; none that a terminal would choke on."""
    found: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.text.isprintable():
            found.setdefault(candidate.text, candidate)
    return list(found.values())


def read(typed: Words, root: Node, world: World) -> Position:
    """Where the cursor is. `typed` begins with the program's name."""
    try:
        known = aliases.load(world.env)
    except AwsminiError:
        known = {}
    return locate(typed.words[1:], typed.fragment, root, known)


def offered(position: Position, world: World) -> list[Candidate]:
    """All that may stand there; some of it may begin otherwise than what is typed."""
    return _once(_of_all(position, world))


def _of_aws(position: Position, world: World) -> Iterator[Candidate]:
    """What AWS CLI v2's completer offers."""
    node, current, typed = position.node, position.current, position.fragment
    if current is not None and (not current.positional or typed.startswith(SCHEMES)):
        yield from values.of_aws(position, world)
    elif type(node) is Node or OWN_COMMANDS.intersection(position.path[:1]):
        return  # it does not know the command
    elif typed.startswith("--"):
        yield from _options(position, V2_OPTIONS)
    else:
        names = [Candidate(*named) for named in node.names(typed)]
        yield from (name for name in names if type(node) is not Root or name.text not in OWN_COMMANDS)
        if not names and (current in (None, OUTFILE) or _has_words(position)):
            yield from _options(position, V2_OPTIONS)


def _has_words(position: Position) -> bool:
    return any(argument.positional and argument.dest in position.given for argument in position.node.arguments)


def _of_all(position: Position, world: World) -> Iterator[Candidate]:
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
    own = {argument.label for argument in position.node.arguments}
    yield from _options(position, [*OPTIONS, *(each for each in YIELDING_OPTIONS if each.label not in own)])


def _options(position: Position, of_every_command: Iterable[Argument]) -> Iterator[Candidate]:
    """The options not given yet: those of the command, hidden ones too, then those of all."""
    own = [argument for argument in position.node.arguments if not argument.positional or argument == OUTFILE]
    for argument in (*own, *of_every_command):
        if argument.label not in position.labels:
            yield Candidate(argument.label, _note(argument))


def _note(argument: Argument) -> str:
    if argument.doc:
        return argument.doc.partition(". ")[0].rstrip(".")
    return f"{argument.type_name}, required" if argument.required or argument.required_in_help else argument.type_name
