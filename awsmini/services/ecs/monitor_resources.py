"""The resources of a service as a tree, and what two trees have together or apart.

Resources are the same one where kind and identifier are. One that is to be made has no identifier yet, so it stands
for any of its kind: it hides in the company of one that has an identifier.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

Key = tuple[str, str]


class Resource(NamedTuple):
    kind: str
    id: str | None = None
    status: str | None = None
    updated: datetime | None = None
    reason: str | None = None
    info: str | None = None


class Group(NamedTuple):
    """Resources below a heading; without a kind, below none."""

    kind: str = ""
    id: str | None = None
    members: "tuple[Resource | Group, ...]" = ()
    status: str | None = None
    reason: str | None = None


Node = Resource | Group


def key(node: Node) -> Key:
    return node.kind, node.id or ""


def by_key(nodes: Iterable[Node]) -> dict[Key, Node]:
    return {key(node): node for node in nodes}


def leaves(group: Group) -> Iterator[Resource]:
    """The resources alone."""
    for node in by_key(group.members).values():
        if isinstance(node, Group):
            yield from leaves(node)
        else:
            yield node


def changed(group: Group, before: Mapping[Key, Resource]) -> tuple[list[Resource], dict[Key, Resource]]:
    """The resources that are not as they were, and all of them for the next time."""
    now = [*leaves(group)]
    return [each for each in now if before.get(key(each)) != each], {key(each): each for each in now}


def combine(one: Group, other: Group) -> Group:
    """The members of both, kind by kind; of a resource that both have, the latest news."""
    kinds: dict[str, list[Node]] = {}
    for node in (*by_key(one.members).values(), *by_key(other.members).values()):
        kinds.setdefault(node.kind, []).append(node)
    found: dict[Key, Node] = {}
    for nodes in kinds.values():
        for node in [node for node in nodes if node.id] or nodes:
            found[key(node)] = _merged(found[key(node)], node) if key(node) in found else node
    return Group(one.kind, one.id, (*found.values(),))


def _merged(one: Node, other: Node) -> Node:
    if isinstance(one, Group) and isinstance(other, Group):
        return combine(one, other)
    ours, theirs = (each.updated if isinstance(each, Resource) else None for each in (one, other))
    return other if theirs and (ours is None or ours < theirs) else one


def compare(one: Group, other: Group) -> tuple[Group, Group]:
    """What only the one has, and what only the other has. Groups that both have stay, and may be empty."""
    ours, theirs = by_key(one.members), by_key(other.members)
    apart: dict[Key, tuple[Group, Group]] = {}
    for name, node in ours.items():
        same = theirs.get(name)
        if isinstance(node, Group) and isinstance(same, Group):
            apart[name] = compare(node, same)
    unnamed = {kind for kind, name in ours if not name}
    left = [apart[key(node)][0] if key(node) in apart else node for node in one.members]
    right = [apart[key(node)][1] if key(node) in apart else node for node in other.members]
    return (
        one._replace(members=tuple(node for node in left if key(node) in apart or key(node) not in theirs)),
        other._replace(
            members=tuple(
                node for node in right if key(node) in apart or (key(node) not in ours and node.kind not in unnamed)
            )
        ),
    )
