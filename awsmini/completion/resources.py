"""Which call lists the things that a parameter names: `--table-name` is one of `dynamodb list-tables`' TableNames.

This is read off the models. A listing operation (`ListTables`, `DescribeDBInstances`) lists one kind of thing: its
name without the verb, in the singular. A parameter (`TableName`, `DBInstanceIdentifier`, `tableArns`) names a kind of
thing too: its own name without the suffix; where only a suffix is left (`Name`, `Arn`), the thing is what the
operation itself is about. Where both meet, the items of the listing hold the names. What the models do not say so
plainly, and what belongs to other services (`RoleArn`), stands in `data/listings.json`.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from awsmini.model.load import data
from awsmini.model.shapes import ListShape, OperationModel, ServiceModel, Shape, StructureShape
from awsmini.query_paths import as_list

FILE = "listings.json"
_VERB = re.compile(r"[A-Z][a-z0-9]*")
_LISTING = re.compile(r"(?:List|Describe|Get)(?=[A-Z])")
_SUFFIX = re.compile(r"(?:names?|ids?|identifiers?|arns?|urls?)$")
_MAKING = ("Create",)  # what is yet to be made has no name in the account

# A suffix of a parameter to the members of an item that may hold it, best first; `{}` is the thing.
_HOLDERS = {
    "name": ("{}name", "name"),
    "id": ("{}id", "id", "{}identifier", "{}name", "name", "{}arn", "arn"),
    "identifier": ("{}identifier", "{}id", "id", "identifier", "{}name", "name", "{}arn", "arn"),
    "arn": ("{}arn", "arn"),
    "url": ("{}url", "url"),
    "": ("{}name", "name", "{}id", "{}identifier", "id", "{}arn", "arn", "{}"),
}


class Listing(NamedTuple):
    """A call, and where its answer has the names: `Functions[].FunctionName`, or several such, parted by commas."""

    service: str  # as the models name it
    operation: str
    path: str
    params: Mapping[str, Any] = {}


def listing(operation: OperationModel, member: str, given: Mapping[str, str]) -> Listing | None:
    """The listing for a member of an operation's input. `given` has the values of other members, by name."""
    model = operation.service_model
    found = _stated(model.service_name, member, "services")
    if found is None:
        found = _derived(operation, member, given)
    return found or _stated(model.service_name, member, "anywhere")


def _stated(service: str, member: str, part: str) -> Listing | None:
    facts: dict[str, Any] = data(FILE)[part]
    if part == "services":
        facts = facts.get(service, {})
    name = singular(member.lower())
    for known, (of_service, operation, path, *params) in facts.items():
        if known.lower() == name:
            return Listing(of_service, operation, path, params[0] if params else {})
    return None


def _derived(operation: OperationModel, member: str, given: Mapping[str, str]) -> Listing | None:
    thing, suffix = split_name(member)
    about = kind(operation.name)
    if not thing:
        thing = about
    if operation.name.startswith(_MAKING) and thing == about:
        return None
    best: tuple[Any, ...] | None = None
    found: Listing | None = None
    for candidate in listing_operations(operation.service_model, thing, suffix):
        params = _parameters(candidate, member, given)
        path = None if params is None else _path(candidate, thing, suffix)
        if path is None or params is None:
            continue
        listed = kind(candidate.name)
        rank = (listed != about or not about.endswith(thing), listed != thing, len(candidate.name), candidate.name)
        if best is None or rank < best:
            best, found = rank, Listing(operation.service_model.service_name, candidate.name, path, params)
    return found


def split_name(member: str) -> tuple[str, str]:
    """`TableName` is ("table", "name"); `instanceIds` ("instance", "id"); `Arn` ("", "arn"); `Bucket` ("bucket", "")."""
    name = member.lower()
    match = _SUFFIX.search(name)
    if match is None:
        return singular(name), ""
    return singular(name[: match.start()]), match.group().rstrip("s")


def kind(operation_name: str) -> str:
    """What an operation is about: `DescribeDBInstances` is about a "dbinstance"."""
    match = _VERB.match(operation_name)
    return singular(operation_name[match.end() :].lower()) if match else ""


def singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("indices"):
        return f"{word[:-4]}ex"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "sis")) else word


def listing_operations(model: ServiceModel, thing: str, suffix: str) -> Iterator[OperationModel]:
    """The operations that may list things of that kind, or of a kind that one may be called, or their names."""
    for name in model.operation_names:
        if not _LISTING.match(name):
            continue
        about = kind(name)
        if about in (thing, thing + suffix) or _is_short_for(about, thing) or _is_short_for(thing, about):
            yield model.operation_model(name)


def _is_short_for(short: str, long: str) -> bool:
    """Whether one kind may be called the other: an "api" is a "graphqlapi" for who has no others."""
    return len(short) > 2 and long.endswith(short)


def _parameters(operation: OperationModel, member: str, given: Mapping[str, str]) -> dict[str, str] | None:
    """The parameters of a listing, taken from what is given already. None where it needs more."""
    shape = operation.input_shape
    if shape is None:
        return {}
    known = {name.lower(): value for name, value in given.items() if name != member}
    found = {
        name: known[name.lower()]
        for name, each in shape.members.items()
        if name.lower() in known and each.type_name == "string"
    }
    return found if set(shape.required_members) <= found.keys() else None


def _path(operation: OperationModel, thing: str, suffix: str) -> str | None:
    """Where the answer of a listing has what a parameter of that suffix names."""
    output = operation.output_shape
    if output is None:
        return None
    for path, items in _lists(operation, output):
        element = items.member
        if isinstance(element, StructureShape):
            name = _holder(element.members, (kind(operation.name), thing), suffix)
            if name is not None:
                return f"{path}[].{name}"
        elif element.type_name == "string" and _fits(path.rpartition(".")[2], thing, suffix):
            return f"{path}[]"
    return None


def _lists(operation: OperationModel, output: StructureShape) -> Iterator[tuple[str, ListShape]]:
    """The lists in an answer: those that paging goes by, or all at its top."""
    for path in as_list((operation.paginator or {}).get("result_key")) or list(output.members):
        shape: Shape | None = output
        for name in path.split("."):
            shape = shape.members.get(name) if isinstance(shape, StructureShape) else None
        if isinstance(shape, ListShape):
            yield path, shape


def _holder(members: Mapping[str, Shape], things: Collection[str], suffix: str) -> str | None:
    texts = {name.lower(): name for name, shape in members.items() if shape.type_name == "string" and not shape.enum}
    for form in _HOLDERS[suffix]:
        for thing in things:
            if form.format(thing) in texts:
                return texts[form.format(thing)]
    return None


def _fits(name: str, thing: str, suffix: str) -> bool:
    """Whether a list of plain texts (`TableNames`, `clusterArns`, `Buckets`) has what the parameter names."""
    listed, kind_of_text = split_name(name)
    return listed in (thing, "") and (kind_of_text in (suffix, "") or suffix in ("", "id", "identifier"))
