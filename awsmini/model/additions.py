"""What one model of a service has beyond another: operations, the shapes they need, and members of structures.

AWS CLI v2 ships models of its own; now and then they have something that no release of botocore has, or has any more.
A line of the additions is a line of a model, whole; or it is a structure that both have, with the members to add,
each `after` the member it follows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_OF_OPERATIONS = ("input", "output")
_INSIDE = ("member", "key", "value")

Key = tuple[str, str]
Model = dict[Key, dict[str, Any]]


def additions_to(ours: bytes, theirs: bytes) -> list[bytes]:
    """The lines that `theirs` has beyond `ours`, sorted. Where both have something, ours counts."""
    known, other = _decoded(ours.splitlines()), _decoded(theirs.splitlines())
    found: Model = {}
    for key, facts in other.items():
        if key not in known and key[0] == "operation":
            found[key] = facts
        elif key in known and key[0] == "shape":
            members = _members_beyond(known[key], facts)
            if members:
                found[key] = {"members": members}
    operations = {name for kind, name in found if kind == "operation"}
    found.update({("paginator", name): other["paginator", name] for name in operations if ("paginator", name) in other})
    found.update(_shapes_needed(found, known, other))
    return sorted(_line(key, facts) for key, facts in found.items())


def with_additions(lines: bytes, additions: Iterable[bytes]) -> bytes:
    """The lines of a model and the additions to it, of which those count that it does not have by now."""
    added = _decoded(additions)
    if not added:
        return lines
    model = _decoded(lines.splitlines())
    changed: Model = {}
    for key, facts in added.items():
        if key not in model:
            changed[key] = facts
        elif key[0] == "shape" and _members_beyond(model[key], facts):
            changed[key] = {**model[key], "members": _inserted(model[key]["members"], facts["members"])}
    kept = [line for line in lines.splitlines() if _key(line) not in changed]
    return b"\n".join(sorted([*kept, *(_line(key, facts) for key, facts in changed.items())])) + b"\n"


def _members_beyond(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """The members that only theirs has, each with the name of the one before it as `after`, null for the first."""
    found: dict[str, Any] = {}
    before = None
    for name, member in theirs.get("members", {}).items():
        if name not in ours.get("members", {}):
            found[name] = {"after": before, **member}
        before = name
    return found


def _inserted(members: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    names = list(members)
    for name, member in added.items():
        if name not in names:
            before = member["after"]
            names.insert(names.index(before) + 1 if before in names else 0 if before is None else len(names), name)
    bare = {name: {key: value for key, value in member.items() if key != "after"} for name, member in added.items()}
    return {name: members.get(name) or bare[name] for name in names}


def _shapes_needed(found: Model, known: Model, other: Model) -> Model:
    """The shapes that `found` names, directly or not, and `known` has not."""
    needed: Model = {}
    waiting = [name for facts in found.values() for name in _named(facts)]
    while waiting:
        key = ("shape", waiting.pop())
        if key not in known and key not in needed and key in other:
            needed[key] = other[key]
            waiting += _named(other[key])
    return needed


def _named(facts: Mapping[str, Any]) -> Iterator[str]:
    """The names of the shapes that an operation or a shape names."""
    for key in (*_OF_OPERATIONS, *_INSIDE):
        if key in facts:
            yield facts[key]["shape"]
    yield from facts.get("errors", ())
    for member in facts.get("members", {}).values():
        yield member["shape"]


def _decoded(lines: Iterable[bytes]) -> Model:
    return {_key(line): json.loads(line.split(b"\t", 2)[2]) for line in lines}


def _key(line: bytes) -> Key:
    kind, name, _ = line.split(b"\t", 2)
    return kind.decode(), name.decode()


def _line(key: Key, facts: Mapping[str, Any]) -> bytes:
    return "\t".join((*key, json.dumps(facts, separators=(",", ":"), ensure_ascii=False))).encode()
