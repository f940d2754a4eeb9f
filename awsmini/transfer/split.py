"""Where a span can be cut into parts of about equal size, found out with few questions.

Keys are a tree: those that begin alike are below one node. A node is explored by asking for the first key behind each
of its children, one after the other; all nodes of a level are explored at the same time. What lies below each child is
taken to be equal, until it is known better: whoever works on the parts divides anew what proves to be large.
"""

from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple

from awsmini.transfer.span import Span

FINER = 2  # a node is explored where it is larger than the part divided by this
LEVELS = 24
MOST = 4096  # nodes
SAMPLE = 1024  # names of a large folder that stand for all of them
_SURROGATES = 0xD800, 0xE000
_LAST = 0x10FFFF

NextKeys = Callable[[Sequence[str]], Sequence[str | None]]  # for each key, the first behind it
Question = Generator[str, str | None, "list[Node]"]


class Node(NamedTuple):
    """All keys that begin with `prefix`; `first` is one of them, or lies just before them."""

    prefix: str
    first: str
    share: float = 1.0  # of all keys, as is thought


Explore = Callable[[Sequence[Node]], Sequence[Sequence[Node]]]  # the children of each node, in order


def cuts(parts: int, explore: Explore) -> list[str]:
    """Keys at which the parts end, but for the last one; fewer where there is little to divide."""
    nodes = [Node("", "")]
    closed: set[str] = set()
    for _ in range(LEVELS):
        large = [each for each in nodes if each.share * parts * FINER > 1 and each.prefix not in closed]
        if not large or len(nodes) > MOST:
            break
        children = dict(zip((each.prefix for each in large), explore(large), strict=True))
        closed.update(prefix for prefix, found in children.items() if not found)
        nodes = [
            child._replace(share=node.share / len(children[node.prefix])) if child is not node else child
            for node in nodes
            for child in children.get(node.prefix) or (node,)
        ]
    found: list[str] = []
    before = 0.0
    for node in nodes:
        if before * parts >= len(found) + 1 - 1e-9 and node.first > (found[-1] if found else ""):
            found.append(node.first)
        before += node.share
    return found


def by_asking(span: Span, next_keys: NextKeys) -> Explore:
    """Explores what is listed. `next_keys` is asked about many nodes at once."""

    def explore(nodes: Sequence[Node]) -> list[list[Node]]:
        questions = [_children(node.prefix, span) for node in nodes]
        found: list[list[Node]] = [[] for _ in nodes]
        asked = {at: next(question) for at, question in enumerate(questions)}
        while asked:
            answers = next_keys(list(asked.values()))
            following = {}
            for (at, after), key in zip(asked.items(), answers, strict=True):
                # A server that lists in another order may answer with what lies before, for ever.
                is_none = key is None or key <= after or span.is_before(key)
                further, found[at] = _answered(questions[at], None if is_none else key)
                if further is not None:
                    following[at] = further
            asked = following
        return found

    return explore


def _answered(question: Question, key: str | None) -> tuple[str | None, list[Node]]:
    """What it asks further, or what it has found."""
    try:
        return question.send(key), []
    except StopIteration as end:
        return None, end.value


def _children(prefix: str, span: Span) -> Question:
    """Asks for keys, and is sent the first behind each; None: there is none."""
    children: list[Node] = []
    after = max(prefix, span.after)
    while (key := (yield after)) is not None and key.startswith(prefix):
        if key == prefix:
            after = key
            continue
        child = key[: len(prefix) + 1]
        children.append(Node(child, key))
        after = _behind(child)
    if len(children) == 1:
        return [(yield from _longest(children[0], prefix))]
    return children


def _longest(child: Node, prefix: str) -> Generator[str, str | None, Node]:
    """The longest beginning that all keys below a node have: the next level begins there."""
    shortest, longest = len(child.prefix), len(child.first)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        key = yield _behind(child.first[:middle])
        if key is None or not key.startswith(prefix):
            shortest = middle
        else:
            longest = middle - 1
    return Node(child.first[:shortest], child.first)


def _behind(prefix: str) -> str:
    """Where the keys begin that come behind all with that prefix. One that is just this is not found, which does no harm."""
    code = ord(prefix[-1]) + 1
    if code > _LAST:
        return prefix + chr(_LAST)
    return prefix[:-1] + chr(_SURROGATES[1] if _SURROGATES[0] <= code < _SURROGATES[1] else code)


def by_folders(read: Callable[[str], Sequence[str] | None]) -> Explore:
    """Explores folders. `read` gives the names in one, by its key, in order; those of folders end in `/`."""

    def children(node: Node) -> list[Node]:
        if node.prefix and not node.prefix.endswith("/"):
            return []
        names = read(node.prefix) or ()
        step = -(-len(names) // SAMPLE) or 1
        return [Node(node.prefix + name, node.prefix + name) for name in names[::step]]

    return lambda nodes: [children(node) for node in nodes]
