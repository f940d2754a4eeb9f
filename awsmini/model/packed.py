"""The text of all models in one file, as the wheel has it: a twelfth of the size, and a call unpacks what it reaches.

Before it is compressed, what most lines say is written in short, in bytes that no text has: one for each of `PHRASES`,
and one for each name that can be told from what is before it. Lines are handed out in short, and `spelled` where they
are read.

The file begins with the sizes of the two things that follow: an index of text, which has a line a model (its name, its
place behind the dictionary, its size), and the compressed dictionary that all blocks share. The file of all other data
is made alike, of files that are compressed each by itself.

A model is an index of text, an empty line, and the blocks one after the other. The index has a line a block: its size
in bytes, a tab, and what its first line begins with (`kind<TAB>name<TAB>`). A block is a run of whole lines, in groups
with an empty line between: a group is all lines of a kind, or some of shapes. There, each line but the first has in the
place of kind and name a byte, which says how many bytes fewer of the line before to keep, and what comes behind those.
"""

import os
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from errno import ENOENT
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO

FILE = "models.packed"
OTHERS = "others.packed"  # all other data
NAME = b"\xf9"  # the name of the line
STEM = b"\xfa"  # the same without "List" or "s"
REQUIRED = b"\xfb"  # `SHAPE`, of a member that is required: the line begins as if none were
RAISED = b"\xfc"  # behind `SHAPE` and how the shape's name may begin: the member's name, its first letter a capital
LOWERED = b"\xfd"  # behind one of `LOCATED`: the member's name, its first letter a small one
SAME = b"\xfe"  # behind one of `LOCATED`: the member's name
PHRASES = (  # the longest first, for what they say includes what others say
    b'{"input_token":"NextToken","output_token":"NextToken","limit_key":"MaxResults","result_key":"',
    b'"},"input":{"shape":"%bRequest"},"output":{"shape":"%bResponse"},"errors":["' % (NAME, NAME),
    b'","location":"querystring","locationName":"', b'{"http":{"method":"DELETE","requestUri":"',
    b'{"http":{"method":"POST","requestUri":"', b'{"http":{"method":"GET","requestUri":"',
    b'","location":"header","locationName":"', b'{"http":{"method":"PUT","requestUri":"',
    b'","location":"uri","locationName":"', b'{"type":"list","member":{"shape":"', b'{"type":"structure","members":{"',
    b'ResourceNotFoundException","', b'InternalServerException","', b'{"type":"string","enum":["', b'AccessDeniedException","',
    b',"idempotencyToken":true', b'{"type":"string","max":', b'ThrottlingException","', b'ValidationException","',
    b'"},"input":{"shape":"%b' % NAME, b'","locationName":"', b',"exception":true', b'"},"errors":["', b'":{"shape":"',
    b'Exception","', b',"pattern":"', b'String"},"', b'{"type":"', b',"min":', b'"},"', b'"}}}', b'","', b'":"', b'"}}', b'"]}',
)  # fmt: skip
_CODES = *(code for code in range(1, 32) if code not in b"\t\n\r"), 0xC0, 0xC1, *range(0xF5, 0xF9), 0xFF
SHORT = tuple(zip((bytes([code]) for code in _CODES), PHRASES, strict=True))
SHAPE = next(short for short, phrase in SHORT if phrase == b'":{"shape":"')
_SPELLINGS = {short[0]: (short, phrase) for short, phrase in SHORT}
_PLAIN = bytes({*range(256)} - _SPELLINGS.keys())  # the bytes that stand for no phrase
LOCATED = b"".join(short for short, phrase in SHORT if phrase.endswith(b'","locationName":"'))
FOLDED = b"shape\t"  # what a call may need all names of is not: that costs more than it saves
FOLD = ord("a")  # keeps all of the start of the line before; the byte after it, all but one
_AFTER = b"\xff"  # sorts behind all that a line begins with
REQUIRING = b'{"type":"structure","required":["%b"],"members":{"'
_WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


class Packed:
    """A file of many. Nothing of it is kept, so that a newer one may take its place."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """What is in it."""
        return [line.partition(b"\t")[0].decode() for line in self._index().splitlines()[1:]]

    def has(self, name: str) -> bool:
        return b"\n%b\t" % name.encode() in self._index()

    def _index(self) -> bytes:
        with self._path.open("rb") as file:
            return _head(file)[0]

    def _content(self, name: str) -> tuple[bytes, bytes]:
        """What has that name, and the compressed dictionary. Raises FileNotFoundError."""
        with self._path.open("rb") as file:
            index, dictionary = _head(file)
            begin = file.tell()
            _, found, rest = index.partition(b"\n%b\t" % name.encode())
            if not found:
                raise FileNotFoundError(ENOENT, os.strerror(ENOENT), name)
            place, size = rest.split(b"\n", 1)[0].split(b"\t")
            file.seek(begin + int(place))
            return file.read(int(size)), dictionary


def _head(file: BinaryIO) -> tuple[bytes, bytes]:
    """The index and the compressed dictionary; the contents come next."""
    index, dictionary = map(int, file.readline().split())
    return file.read(index), file.read(dictionary)


class PackedModels(Packed):
    """The file of all models, by service."""

    def model(self, service_name: str) -> "PackedText":
        """The model of one service. Raises FileNotFoundError."""
        content, dictionary = self._content(service_name)
        return PackedText(content, zlib.decompress(dictionary))


class PackedFiles(Packed):
    """The file of other data, by the names that the files have in the checkout."""

    def content(self, name: str) -> bytes:
        """The content of one file. Raises FileNotFoundError."""
        return zlib.decompress(self._content(name)[0])


class PackedText:
    """A packed model: where its blocks begin, and the lines of each. What has been unpacked is kept."""

    def __init__(self, content: bytes, dictionary: bytes) -> None:
        index, _, self._content = content.partition(b"\n\n")
        entries = [entry.split(b"\t", 1) for entry in index.split(b"\n")]
        self._starts = [start for _, start in entries]
        self._places = list(pairwise(accumulate((int(size) for size, _ in entries), initial=0)))
        self._dictionary = dictionary
        self._blocks: dict[int, list[bytes]] = {}
        self._groups: dict[bytes, list[bytes]] = {}

    def near(self, prefix: bytes) -> list[bytes]:
        """Lines in short, among which is the one that begins with kind and name, if there is one."""
        groups = self._block(self._holding(prefix))
        group = groups[max(bisect_right(groups, prefix + _AFTER) - 1, 0)]
        lines = self._groups.get(group)
        if lines is None:
            lines = self._groups[group] = unfolded(group)
        return lines

    def between(self, begin: bytes, end: bytes) -> list[bytes]:
        """Lines in short, among which are all from `begin` to `end`."""
        numbers = range(self._holding(begin), bisect_left(self._starts, end))
        return [line for number in numbers for group in self._block(number) for line in unfolded(group)]

    def text(self) -> bytes:
        """All of it."""
        return b"".join(spelled(line) + b"\n" for line in self.between(b"", _AFTER))

    def _holding(self, prefix: bytes) -> int:
        """The block that the first line with the prefix is in, or would be."""
        return max(bisect_right(self._starts, prefix) - 1, 0)

    def _block(self, number: int) -> list[bytes]:
        groups = self._blocks.get(number)
        if groups is None:
            groups = self._blocks[number] = self._unpacked(*self._places[number])
        return groups

    def _unpacked(self, begin: int, end: int) -> list[bytes]:
        """The groups of one block."""
        return zlib.decompressobj(zdict=self._dictionary).decompress(self._content[begin:end]).split(b"\n\n")


def unfolded(group: bytes) -> list[bytes]:
    """The lines of a group, in short."""
    lines = group.split(b"\n")
    if not group.startswith(FOLDED):
        return lines
    start = lines[0].rpartition(b"\t")[0]
    for number in range(1, len(lines)):
        line = lines[number]
        tab = line.index(b"\t")
        start = start[: len(start) + FOLD - line[0]] + line[1:tab]
        lines[number] = start + line[tab:]
    return lines


def spelled(line: bytes) -> bytes:
    """What a line in short says. Its kind and its name are never short."""
    kind, name, text = line.split(b"\t", 2)
    for mark, say in _FROM_MEMBERS.items():
        if mark in text:
            *parts, last = text.split(mark)
            text = b"".join(part + say(part) for part in parts) + last
    if REQUIRED in text:
        parts = text.split(REQUIRED)
        text = REQUIRING % b'","'.join(map(_last_word, parts[:-1])) + SHAPE.join(parts)[1:]
    for code in set(text.translate(None, _PLAIN)):
        text = text.replace(*_SPELLINGS[code])
    text = text.replace(NAME, name)
    return b"%b\t%b\t%b" % (kind, name, text.replace(STEM, stem(name)) if STEM in text else text)


def stem(name: bytes) -> bytes:
    """The name of what is listed, of most lists: Tag of TagList, and of Tags."""
    return name.removesuffix(b"List").removesuffix(b"s")


def _member(text: bytes) -> bytes:
    """The name of the member, in text that ends with its shape."""
    return _last_word(text.rstrip(_WORD + RAISED)[:-1])


def _last_word(text: bytes) -> bytes:
    return text[len(text.rstrip(_WORD)) :]


def _raised(text: bytes) -> bytes:
    name = _member(text)
    return name[:1].upper() + name[1:]


def _same(text: bytes) -> bytes:
    return _member(text[:-1])


def _lowered(text: bytes) -> bytes:
    name = _same(text)
    return name[:1].lower() + name[1:]


_FROM_MEMBERS: dict[bytes, Callable[[bytes], bytes]] = {LOWERED: _lowered, SAME: _same, RAISED: _raised}
