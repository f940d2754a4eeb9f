"""A kubeconfig file as text that is edited: entries come and go, and all else stays as its owner wrote it. Pure.

    file = parse(text, path)          raises KubeconfigError
    file.has_cluster(name)
    added(file, entries, context)     the new text

Comments, order, quotes and indentation of what is not touched are kept byte for byte. An entry that is replaced
keeps the comments of the lines that it keeps. What cannot be edited in place (a file in flow style, an anchor that
would be lost) is written anew as a whole. New lines look as kubectl and AWS CLI v2 write them.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import yaml

from awsmini.errors import AwsminiError
from awsmini.format.yaml_scalar import one_line

_BOOL = "tag:yaml.org,2002:bool"
_NULL = "tag:yaml.org,2002:null"
_STR = "tag:yaml.org,2002:str"
# What kubectl (YAML 1.1) would not take for the text that it is.
_NO_TEXT_IN_YAML_11 = re.compile(r"y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF")
_TYPES: Mapping[str, str] = {
    "map": "collections.OrderedDict",
    "seq": "list",
    _BOOL: "bool",
    "tag:yaml.org,2002:float": "float",
    "tag:yaml.org,2002:int": "int",
    "tag:yaml.org,2002:timestamp": "datetime.date",
}
_EXPECTED = {
    "apiVersion": "str",
    "clusters": "list",
    "contexts": "list",
    "current-context": "str",
    "kind": "str",
    "preferences": "collections.OrderedDict",
    "users": "list",
}
NEW = """\
apiVersion: v1
clusters: []
contexts: []
current-context: ''
kind: Config
preferences: {}
users: []
"""
_CONTENT = (
    yaml.AliasToken, yaml.AnchorToken, yaml.BlockEntryToken, yaml.FlowEntryToken, yaml.FlowMappingEndToken,
    yaml.FlowMappingStartToken, yaml.FlowSequenceEndToken, yaml.FlowSequenceStartToken, yaml.ScalarToken,
    yaml.TagToken, yaml.ValueToken,
)  # fmt: skip

# A tree without places: ("map", ((key, value), …)), ("seq", (value, …)) or (tag, text).
Tree = tuple[str, Any]
Entry = Mapping[str, Any]  # text, maps, lists and None


class KubeconfigError(AwsminiError):
    """The file cannot be read, or is no kubeconfig."""


class Kubeconfig(NamedTuple):
    """One file. `root` is None where it holds nothing (or nothing but comments)."""

    path: str
    text: str
    root: yaml.MappingNode | None

    def has_cluster(self, name: str) -> bool:
        """Whether there is a cluster of that name."""
        clusters = None if self.root is None else _value(self.root, "clusters")
        return isinstance(clusters, yaml.SequenceNode) and _find(clusters, name) is not None


class _Loader(yaml.SafeLoader):
    """Scalars of YAML 1.2, as AWS CLI v2 reads them: `no` is text."""


_Loader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def parse(text: str, path: str) -> Kubeconfig:
    """The file of that text. Raises KubeconfigError in AWS CLI v2's words."""
    root = _compose(text, path)
    if root is not None and (root.tag == _NULL and not root.value):
        root = None
    if root is None:
        return Kubeconfig(path, text, None)
    if not isinstance(root, yaml.MappingNode):
        raise KubeconfigError("Content not a <class 'dict'>.")
    for key, expected in _EXPECTED.items():
        _check_type(key, expected, _value(root, key))
    for key in ("clusters", "contexts", "users"):
        value = _value(root, key)
        if isinstance(value, yaml.SequenceNode) and not all(isinstance(each, yaml.MappingNode) for each in value.value):
            raise KubeconfigError(f"Entry in {key} not a <class 'dict'>. ")
    return Kubeconfig(path, text, root)


def added(file: Kubeconfig, entries: Mapping[str, Entry], context: str) -> str:
    """The text with an entry in each of the lists (`clusters` …), and the current context set.

    An entry takes the place of one that has its name.
    """
    if file.root is None:
        text = file.text
        if text and not text.endswith("\n"):
            text += "\n"
        file = parse(text + NEW, file.path)
    wanted = _tree(file.root)
    for key, entry in entries.items():
        wanted = _with_entry(wanted, key, _tree_of(entry))
    wanted = _with_value(wanted, "current-context", (_STR, context))
    try:
        text = _edited(file.text, entries, context)
    except (KubeconfigError, ValueError):  # an anchor went with an entry, or a key is written in a way not known here
        return _whole(wanted)
    return text if _says(text, wanted) else _whole(wanted)


def dump(value: Any) -> str:
    """Text, maps and lists in block style, without folding."""
    return "\n".join(_lines(_tree_of(value))) + "\n"


# Reading --------------------------------------------------------------------------------------------------------


class _Named(io.StringIO):
    """Text with the name of its file, for what the parser says of it."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


def _compose(text: str, path: str) -> Any:
    try:
        return yaml.compose(_Named(text, path), _Loader)
    except yaml.YAMLError as error:
        raise KubeconfigError(f"YamlError while loading kubeconfig: {error}") from None


def _check_type(key: str, expected: str, node: Any) -> None:
    if node is None or node.tag == _NULL:
        return
    found = _type_of(node)
    if found != expected:
        raise KubeconfigError(f"{key} is wrong type: <class '{found}'> (Should be <class '{expected}'>)")


def _type_of(node: Any) -> str:
    kind = "map" if isinstance(node, yaml.MappingNode) else "seq" if isinstance(node, yaml.SequenceNode) else node.tag
    return _TYPES.get(kind, "str")


def _pair(root: Any, key: str) -> tuple[Any, Any] | None:
    """The nodes of a key and its value: of a key that stands twice, the last."""
    return next((pair for pair in reversed(root.value) if pair[0].value == key), None)


def _value(root: Any, key: str) -> Any:
    pair = _pair(root, key)
    return None if pair is None else pair[1]


def _find(entries: Any, name: str) -> int | None:
    """The place of the entry of a name."""
    for place, entry in enumerate(entries.value):
        found = _value(entry, "name")
        if found is not None and found.value == name:
            return place
    return None


# Trees ----------------------------------------------------------------------------------------------------------


def _tree(node: Any) -> Tree:
    if isinstance(node, yaml.MappingNode):
        return "map", tuple((_tree(key), _tree(value)) for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return "seq", tuple(map(_tree, node.value))
    return node.tag, node.value


def _tree_of(value: Any) -> Tree:
    if isinstance(value, Mapping):
        return "map", tuple(((_STR, key), _tree_of(each)) for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return "seq", tuple(map(_tree_of, value))
    return (_NULL, "null") if value is None else (_STR, value)


def _get(tree: Tree, key: str) -> Tree | None:
    return next((value for name, value in reversed(tree[1]) if name[1] == key), None)


def _with_value(tree: Tree, key: str, value: Tree) -> Tree:
    pairs = list(tree[1])
    for place in reversed(range(len(pairs))):
        if pairs[place][0][1] == key:
            pairs[place] = (pairs[place][0], value)
            return "map", tuple(pairs)
    return "map", (*pairs, ((_STR, key), value))


def _with_entry(tree: Tree, key: str, entry: Tree) -> Tree:
    present = _get(tree, key)
    entries = list(present[1]) if present is not None and present[0] == "seq" else []
    name = _get(entry, "name")
    same = [place for place, each in enumerate(entries) if _same_name(_get(each, "name"), name)]
    if same:
        entries[same[0]] = entry
    else:
        entries.append(entry)
    return _with_value(tree, key, ("seq", tuple(entries)))


def _same_name(one: Tree | None, other: Tree | None) -> bool:
    return one is not None and other is not None and one[1] == other[1]


def _says(text: str, wanted: Tree) -> bool:
    """Whether a text is a document of that tree: the proof that an edit did what it was to do."""
    try:
        return _plain(_tree(_compose(text, ""))) == _plain(wanted)
    except KubeconfigError:
        return False


def _plain(tree: Tree) -> Tree:
    """The tree with each null in one form."""
    if tree[0] == "map":
        return "map", tuple((_plain(key), _plain(value)) for key, value in tree[1])
    if tree[0] == "seq":
        return "seq", tuple(map(_plain, tree[1]))
    return (_NULL, "") if tree[0] == _NULL else tree


# Writing --------------------------------------------------------------------------------------------------------


def _whole(tree: Tree) -> str:
    return "\n".join(_lines(tree)) + "\n"


def _lines(tree: Tree) -> list[str]:
    """A tree as lines; a list stands at the indentation of its key."""
    kind, content = tree
    if kind == "map" and content:
        return [line for key, value in content for line in _member(_scalar(key), value)]
    if kind == "seq" and content:
        return [line for each in content for line in _item(each)]
    return [_scalar(tree)]


def _member(key: str, value: Tree) -> Iterator[str]:
    lines = _lines(value)
    if value[0] not in ("map", "seq") or not value[1]:
        yield f"{key}: {lines[0]}"
        return
    yield f"{key}:"
    indent = "  " if value[0] == "map" else ""
    yield from (indent + line for line in lines)


def _item(value: Tree) -> Iterator[str]:
    first, *others = _lines(value)
    yield f"- {first}"
    yield from ("  " + line for line in others)


def _scalar(tree: Tree) -> str:
    kind, text = tree
    if kind in ("map", "seq"):
        return "{}" if kind == "map" else "[]"
    if kind != _STR:
        return str(text) or "null"
    if _NO_TEXT_IN_YAML_11.fullmatch(text):
        return f"'{text}'"
    # A text of several lines keeps to one: in double quotes, with \n.
    return (
        yaml.dump(text, default_style='"', width=1 << 30, allow_unicode=True).rstrip()
        if "\n" in text
        else one_line(text)
    )


# Editing --------------------------------------------------------------------------------------------------------


def _edited(text: str, entries: Mapping[str, Entry], context: str) -> str:
    """The text after all edits. Raises KubeconfigError or ValueError where one cannot be made."""
    for key, entry in entries.items():
        text = _edit(text, key, entry)
    return _set_scalar(text, "current-context", context)


def _edit(text: str, key: str, entry: Entry) -> str:
    """The text with an entry in a list of the root; one that stands there already is left as it is."""
    root = _compose(text, "")
    tree = _tree_of(entry)
    pair = _pair(root, key)
    if root.flow_style:
        return text
    if pair is None:
        return _appended(text, [f"{key}:", *_item(tree)])
    value = pair[1]
    if not isinstance(value, yaml.SequenceNode) or not value.value:
        return _in_place_of_nothing(text, pair, list(_item(tree)))
    if value.flow_style:
        listed = _with_entry(("map", (((_STR, key), _tree(value)),)), key, tree)[1][0][1]
        return _in_place_of_nothing(text, pair, _lines(listed))
    place = _find(value, str(entry["name"]))
    if place is not None and _plain(_tree(value.value[place])) == _plain(tree):
        return text
    column = value.start_mark.column
    lines = [" " * column + line for line in _item(tree)]
    spans = _spans(text, value)
    if place is None:
        end = spans[-1][1]
        return text[:end] + "".join(f"{_newline(text)}{line}" for line in lines) + text[end:]
    start, end = spans[place]
    kept = _with_comments(text[start:end], lines)
    return text[:start] + _newline(text).join(kept) + text[end:]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _appended(text: str, lines: Sequence[str]) -> str:
    newline = _newline(text)
    if not text.endswith("\n"):
        text += newline
    return text + "".join(line + newline for line in lines)


def _in_place_of_nothing(text: str, pair: tuple[Any, Any], lines: Sequence[str]) -> str:
    """A list in the place of `[]`, `null` or nothing behind a key. A comment behind it stays on its line."""
    key, value = pair
    colon = text.index(":", key.end_mark.index) + 1
    end = max(colon, value.end_mark.index)
    rest = _line_end(text, end)
    indent = " " * key.start_mark.column
    kept = text[end:rest].rstrip()
    return text[:colon] + kept + "".join(f"{_newline(text)}{indent}{line}" for line in lines) + text[rest:]


def _set_scalar(text: str, key: str, value: str) -> str:
    root = _compose(text, "")
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return text
    form = _scalar((_STR, value))
    pair = _pair(root, key)
    if pair is None:
        return _appended(text, [f"{key}: {form}"])
    node = pair[1]
    if (node.tag, node.value) == (_STR, value):
        return text
    if node.start_mark.index == node.end_mark.index:
        colon = text.index(":", pair[0].end_mark.index) + 1
        return f"{text[:colon]} {form}{text[colon:]}"
    return text[: node.start_mark.index] + form + text[node.end_mark.index :]


def _tokens(text: str) -> list[tuple[int, int]]:
    """Where everything begins and ends that is no comment and no blank."""
    scanned = yaml.scan(_Named(text, ""), _Loader)
    return [(each.start_mark.index, each.end_mark.index) for each in scanned if isinstance(each, _CONTENT)]


def _line_end(text: str, index: int) -> int:
    """Where the line ends that `index` is in; before its \\r\\n or \\n."""
    end = text.find("\n", index)
    end = len(text) if end < 0 else end
    return end - 1 if end > index and text[end - 1] == "\r" else end


def _spans(text: str, entries: Any) -> list[tuple[int, int]]:
    """From where to where each entry of a block list goes: from the line of its dash to the end of its last line."""
    column = entries.start_mark.column
    dashes = [_dash(text, each.start_mark.index, column) for each in entries.value]
    ends = [*dashes[1:], max(entries.end_mark.index, dashes[-1] + 1)]
    tokens = _tokens(text)
    found = []
    for start, end in zip(dashes, ends, strict=True):
        last = max(stop for begin, stop in tokens if start <= begin < end)
        content = text[:last].rstrip()  # the token of a block of text ends with its line breaks
        found.append((text.rfind("\n", 0, start) + 1, _line_end(text, len(content))))
    return found


def _dash(text: str, index: int, column: int) -> int:
    """The place of the dash that an entry begins with: on its first line, or on one before."""
    while True:
        start = text.rfind("\n", 0, index) + 1
        if text[start + column : start + column + 1] == "-" and not text[start : start + column].strip():
            return start + column
        if start == 0:
            return start
        index = start - 1


def _with_comments(old: str, lines: Sequence[str]) -> list[str]:
    """New lines with the comments that stood by the same lines, or lines of the same key, before."""
    before: dict[str, list[str]] = {}
    behind: dict[str, str] = {}
    waiting: list[str] = []
    for content, comment in _commented(old):
        if not content.strip():
            waiting += [comment] if comment else []
            continue
        for label in _labels(content):
            if comment:
                behind.setdefault(label, comment)
            if waiting:
                before.setdefault(label, waiting)
        waiting = []
    if not before and not behind:
        return list(lines)
    made: list[str] = []
    used: set[int] = set()
    for line in lines:
        labels = _labels(line)
        above = next((before[label] for label in labels if label in before), [])
        if above and id(above) not in used:
            used.add(id(above))
            made += [f"{_indent(line)}{comment}" for comment in above]
        comment = next((behind[label] for label in labels if label in behind), "")
        made.append(f"{line}  {comment}" if comment else line)
    lost = [comment for above in before.values() if id(above) not in used for comment in above]
    first = _indent(lines[0])
    return [f"{first}{comment}" for comment in dict.fromkeys(lost)] + made


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _labels(content: str) -> tuple[str, str]:
    """What a line is known again by: all of it, or its key."""
    plain = content.strip().removeprefix("- ")
    return plain, plain.partition(": ")[0].rstrip(":")


def _commented(old: str) -> Iterator[tuple[str, str]]:
    """Each line, and the comment behind it."""
    ends: dict[int, int] = {}
    inside: set[int] = set()
    for token in yaml.scan(_Named(old, ""), _Loader):
        if isinstance(token, _CONTENT):
            line, column = token.end_mark.line, token.end_mark.column
            if column == 0 and line:
                line, column = line - 1, -1  # a block of text: no comment can stand behind its last line
            ends[line] = column
            inside.update(range(token.start_mark.line, line))
    for number, line in enumerate(old.splitlines()):
        end = ends.get(number, -1 if number in inside else 0)
        rest = "" if end < 0 else line[end:]
        found = rest.strip()
        if found.startswith("#"):
            yield line[:end].rstrip(), found
        else:
            yield line, ""
