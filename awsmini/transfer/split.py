"""Where a span can be cut into parts of about equal size, found out with few questions.

Keys are a tree: those that begin alike are below one node. A node is explored by asking for the first keys behind each
of its children, one after the other; all nodes of a level are explored at the same time. How many keys are below a child
is concluded from how far the first of them reach: whoever works on the parts divides anew what proves to be large.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import groupby, islice
from os.path import commonprefix
from typing import NamedTuple

from awsmini.transfer.span import Span

FINER = 2  # a node is explored where it is larger than the part divided by this
LEVELS = 24
MOST = 4096  # nodes
FIRST_KEYS = 100  # that an answer has, by which the size of a node is estimated
WIDEST = 16  # questions of one node at once
SAMPLE = 1024  # names of a large folder that stand for all of them
_SURROGATES = 0xD800, 0xE000
_LAST = 0x10FFFF

NextKeys = Callable[[Sequence[str]], Sequence[Sequence[str]]]  # for each key, the first ones behind it
Answers = Sequence[Sequence[str]]
Question = Generator[Sequence[str], Answers, "list[Node]"]


class Node(NamedTuple):
    """All keys that begin with `prefix`; `first` is one of them, or lies just before them."""

    prefix: str
    first: str
    size: float = 1.0  # as is thought, beside that of other nodes


Explore = Callable[[Sequence[Node]], Sequence[Sequence[Node]]]  # the children of each node, in order


def cuts(parts: int, explore: Explore) -> list[str]:
    """Keys at which the parts end, but for the last one; fewer where there is little to divide."""
    nodes = [Node("", "")]
    closed: set[str] = set()
    for _ in range(LEVELS):
        part = sum(node.size for node in nodes) / parts
        large = [each for each in nodes if each.size * FINER > part and each.prefix not in closed]
        if not large or len(nodes) > MOST:
            break
        children = dict(zip((each.prefix for each in large), explore(large), strict=True))
        closed.update(prefix for prefix, found in children.items() if not found)
        nodes = [child for node in nodes for child in children.get(node.prefix) or (node,)]
    part = sum(node.size for node in nodes) / parts
    found: list[str] = []
    before = 0.0
    for node in nodes:
        if before >= part * (len(found) + 1 - 1e-9) and node.first > (found[-1] if found else ""):
            found.append(node.first)
        before += node.size
    return found


def by_asking(span: Span, next_keys: NextKeys) -> Explore:
    """Explores what is listed. `next_keys` is asked about many nodes at once, and answers with `FIRST_KEYS` for each."""

    def explore(nodes: Sequence[Node]) -> list[list[Node]]:
        questions = [_children(node.prefix, span) for node in nodes]
        found: list[list[Node]] = [[] for _ in nodes]
        asked = {at: next(question) for at, question in enumerate(questions)}
        while asked:
            answers = iter(next_keys([key for keys in asked.values() for key in keys]))
            following = {}
            for at, keys in asked.items():
                # A server that lists in another order may answer with what lies before, for ever.
                heard = [
                    [key for key in answer if key > after]
                    for after, answer in zip(keys, islice(answers, len(keys)), strict=True)
                ]
                further, found[at] = _answered(questions[at], heard)
                if further:
                    following[at] = further
            asked = following
        return found

    return explore


def _answered(question: Question, answers: Answers) -> tuple[Sequence[str], list[Node]]:
    """What it asks further, or what it has found."""
    try:
        return question.send(answers), []
    except StopIteration as end:
        return (), end.value


def _children(prefix: str, span: Span) -> Question:
    """Asks for keys, and is sent the first ones behind each, until there are none.

    Where one child has followed the other, it asks for several at once, by the signs that come next.
    """
    children: list[Node] = []
    group: list[str] = []  # the first keys of the last child
    asked = [max(prefix, span.after)]
    while asked:
        answers = yield asked
        after, used = asked[0], 0
        for key, keys in zip(asked, answers, strict=True):
            if key != after:
                continue  # a child that is not there
            used += 1
            below = [each for each in keys if each.startswith(prefix) and each != prefix and not span.is_before(each)]
            is_cut = bool(below) and below[-1] == keys[-1]
            groups = [(child, list(found)) for child, found in groupby(below, lambda each: each[: len(prefix) + 1])]
            if is_cut and len(groups) > 1 and len(keys) >= FIRST_KEYS:
                groups.pop()  # its own first keys say more
            for child, group in groups:
                children.append(Node(child, group[0], _size(child, group, is_cut=is_cut)))
            after = _behind(children[-1].prefix) if is_cut else ""
        width = min(2 * len(asked), WIDEST) if used == len(asked) else 1
        asked = list(islice(_following(after), width)) if after and after != asked[-1] else []
    if len(children) == 1:
        return [(yield from _longest(children[0], commonprefix(group), prefix))]  # noqa: RUF071 - not of paths
    return children


def _following(prefix: str) -> Iterator[str]:
    """A beginning, and those of the same length that come next."""
    while True:
        yield prefix
        further = _behind(prefix)
        if len(further) > len(prefix):
            return
        prefix = further


def _size(prefix: str, keys: Sequence[str], *, is_cut: bool) -> float:
    """How many keys begin with a prefix, by the first of them.

    Between the first and the last there would be room for so many with the signs that are met; what lies behind is
    taken to be filled as much.
    """
    if not is_cut or len(keys) < FIRST_KEYS - 1:
        return len(keys)
    tails = [key[len(prefix) :] for key in keys]
    signs = sorted(set().union(*tails))
    first, last, room = 0.0, 0.0, 1.0
    for at in range(max(len(tails[0]), len(tails[-1]))):
        kinds = {_kind(tail[at]) for tail in tails if len(tail) > at}
        here = [sign for sign in signs if _kind(sign) in kinds]
        room /= len(here)
        first += here.index(tails[0][at]) * room if at < len(tails[0]) else 0
        last += here.index(tails[-1][at]) * room if at < len(tails[-1]) else 0
    return len(keys) / max(last - first, room)


def _kind(sign: str) -> tuple[bool, bool]:
    return sign.isdigit(), sign.isalpha()


def _longest(child: Node, common: str, prefix: str) -> Generator[Sequence[str], Answers, Node]:
    """The longest beginning that all keys below a node have, at most the one given: the next level begins there."""
    shortest, longest, middle = len(child.prefix), len(common), len(common)
    while shortest < longest:
        (keys,) = yield [_behind(common[:middle])]
        if not keys or not keys[0].startswith(prefix):
            shortest = middle
        else:
            longest = middle - 1
        middle = (shortest + longest + 1) // 2
    return child._replace(prefix=common[:shortest])


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
        found = [node.prefix + name for name in names[::step]]
        return [Node(key, key, node.size / len(found)) for key in found]

    return lambda nodes: [children(node) for node in nodes]
