"""What the value of an option, or of a positional argument, may be."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pkgutil import resolve_name
from typing import NamedTuple

from awsmini.commandline.globals import TARGET_OPTIONS
from awsmini.completion import files, query, shorthand
from awsmini.completion.candidate import Candidate
from awsmini.completion.position import GLOBAL, Position
from awsmini.config.files import ConfigFileError
from awsmini.config.settings import Settings
from awsmini.errors import AwsminiError
from awsmini.model.load import data
from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape
from awsmini.params.arguments import Argument
from awsmini.system.switches import is_on

REMOTE_NAMES = "awsmini.completion.remote:names"  # the session, and requests with it: only names of the account need it
COLUMN_NAMES = "awsmini.format.columns:names"
S3_PATHS = "awsmini.completion.s3_paths:candidates"

# Positional arguments and options of commands written by hand, and of the globals, that are files.
ALL = "all"
PATHS = {
    "ca_bundle",
    "outfile",
    "path",
    "paths",
    "file",
    "output_file",
    "template_file",
    "journal",
    "results",
    "chart_file",
}
DOCUMENTS = {"cli_input_json", "cli_input_yaml"}


class World(NamedTuple):
    """What completion looks at beside the line: the environment, and the clock of the time limit."""

    env: Mapping[str, str]
    time_left: Callable[[], float]  # seconds


def of_aws(position: Position, world: World) -> Iterator[Candidate]:
    """What AWS CLI v2's completer offers for a value, without the account: files, profiles and regions."""
    assert position.current is not None
    if position.fragment.startswith(files.SCHEMES):
        yield from files.of_scheme(position.fragment, world.env)
    elif position.current == GLOBAL["--profile"]:
        yield from map(Candidate, _profiles(world.env))
    elif position.current == GLOBAL["--region"]:
        yield from map(Candidate, _regions_of(position.path))


def candidates(position: Position, world: World) -> Iterator[Candidate]:
    """The candidates for what is typed of a value, those that do not begin so among them."""
    argument, typed = position.current, position.fragment
    assert argument is not None
    if typed.startswith(files.SCHEMES):
        yield from files.of_scheme(typed, world.env)
        return
    if argument in TARGET_OPTIONS:
        yield from _places(argument, position, world)
        return
    if argument == GLOBAL.get(argument.label):
        yield from _global(argument, position, world)
        return
    taken = position.given.get(argument.dest, ())
    for candidate in _own(argument, position, world):
        if candidate.text not in taken or argument.nargs not in ("*", "+"):
            yield candidate


def _global(argument: Argument, position: Position, world: World) -> Iterator[Candidate]:
    """Of an option that every command takes."""
    yield from map(Candidate, argument.choices)
    if argument.dest == "profile":
        yield from map(Candidate, _profiles(world.env))
    elif argument.dest == "region":
        yield from map(Candidate, _regions(position, world.env))
    elif argument.dest in PATHS:
        yield from files.paths(position.fragment, world.env)
    elif argument.dest == "query" and position.node.operation:
        yield from query.candidates(position.node.operation, position.fragment)
    elif argument.dest in ("columns", "sort_by") and position.node.operation:
        yield from _columns(position.node.operation, position.fragment)


def _columns(operation: OperationModel, typed: str) -> Iterator[Candidate]:
    """Of a grid: what the last word of a list may be, by header or path."""
    before, comma, _ = typed.rpartition(",")
    for name in resolve_name(COLUMN_NAMES)(operation):
        yield Candidate(before + comma + name, is_open=True)


def _places(argument: Argument, position: Position, world: World) -> Iterator[Candidate]:
    """The profiles and regions that are not in the list yet."""
    before, comma, typed = position.fragment.rpartition(",")
    names = {
        "profiles": lambda: [*_profiles(world.env), ALL],
        "regions": lambda: [*_regions(position._replace(fragment=typed), world.env), ALL],
    }.get(argument.dest, list)()
    taken = before.split(",")
    yield from (Candidate(f"{before}{comma}{name}") for name in names if name not in taken)


def _own(argument: Argument, position: Position, world: World) -> Iterator[Candidate]:
    """Of an option that one command takes."""
    typed, operation = position.fragment, position.node.operation
    yield from map(Candidate, argument.choices)
    if argument.dest in DOCUMENTS:
        yield from files.schemes(typed, "file://")
        return
    if is_path(argument, operation):
        if position.path[:1] == ("s3",):
            yield from resolve_name(S3_PATHS)(position, world)
        yield from files.paths(typed, world.env)
        return
    shape = argument.shape
    if shape is not None and has_parts(shape):
        yield from shorthand.candidates(shape, typed)
    elif shape is not None:
        yield from (value._replace(is_open=False) for value in shorthand.values(shape))
    if typed and not argument.choices:
        yield from files.schemes(typed, *files.SCHEMES)
    if may_be_a_name(shape) and is_on(world.env, "AWSMINI_COMPLETE_REMOTE", True):
        yield from map(Candidate, resolve_name(REMOTE_NAMES)(position, world))


def has_parts(shape: Shape) -> bool:
    """Whether shorthand writes it with keys."""
    if isinstance(shape, ListShape):
        shape = shape.member
    return isinstance(shape, StructureShape | MapShape)


def is_path(argument: Argument, operation: OperationModel | None) -> bool:
    """Whether the value is the path of a file."""
    if operation is None or argument.member is None:
        return argument.dest in PATHS
    return argument.member == operation.streaming_member(operation.input_shape)


def may_be_a_name(shape: Shape | None) -> bool:
    """Whether the account may hold what an option names: text, or a list of texts, that no enum limits."""
    if shape is None:
        return False
    if isinstance(shape, ListShape):
        shape = shape.member
    return shape.type_name == "string" and not shape.enum


def _profiles(env: Mapping[str, str]) -> list[str]:
    try:
        return list(Settings(env).files.profiles)
    except ConfigFileError:
        return []


def _regions_of(path: Sequence[str]) -> Iterable[str]:
    """The regions of the partition `aws` where the service is that the command is named after; without one, EC2's."""
    regions: dict[str, str] = data("service-regions.json")
    return regions.get(path[0] if path else "ec2", "").split()


def _regions(position: Position, env: Mapping[str, str]) -> list[str]:
    """The regions of the partition that the configured region is in; those of all where what is typed is elsewhere."""
    partitions: dict[str, list[str]] = data("regions.json")
    own = _own_region(position, env)
    near = next((regions for regions in partitions.values() if own in regions), partitions["aws"])
    if any(region.startswith(position.fragment) for region in near):
        return near
    return [region for regions in partitions.values() for region in regions]


def _own_region(position: Position, env: Mapping[str, str]) -> str | None:
    flags = {name: value for name, value in position.flags.items() if name == "profile"}
    try:
        region: str | None = Settings(env, flags).value("region")
    except AwsminiError:
        return None
    return region
