"""The text of all models in one file, as the wheel has it: an eighth of the size, and a call unpacks what it reaches.

Before it is compressed, what most lines say is written in short: one byte that no text has, for each of `PHRASES`, and
one where the name of a member comes again. Lines are handed out in short, and `spelled` where they are read.

The file begins with the sizes of the two things that follow: an index of text, which has a line a model (its name, its
place behind the dictionary, its size), and the compressed dictionary that all blocks share.

A model is an index of text, an empty line, and the blocks one after the other. The index has a line a block: its size
in bytes, a tab, and what its first line begins with (`kind<TAB>name<TAB>`). A block is a run of whole lines.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise
from pathlib import Path

BLOCK = 128 * 1024  # bytes in short: more would pack little better, and take longer to reach one line of
FILE = "models.packed"
ZLIB = ".zlib"  # behind the name of any other file that the wheel has compressed as one
PRIMERS = ("dsql", "mwaa")  # services of the common kind: what their models say, most models say somewhere
PHRASES = (  # the longest first, for what they say includes what others say
    b'","location":"querystring","locationName":"', b'getAttr","argv":[{"ref":"PartitionResult',
    b'{"http":{"method":"POST","requestUri":"', b'conditions":[{"fn":"booleanEquals","argv',
    b'{"http":{"method":"GET","requestUri":"', b'","location":"uri","locationName":"', b'{"type":"list","member":{"shape":"',
    b'{"type":"structure","required":["', b'{"type":"structure","members":{}}', b'{"type":"structure","members":{"',
    b'"}},"error":{"httpStatusCode":', b'ResourceNotFoundException","', b'TooManyRequestsException","',
    b'InternalServerException","', b'{"type":"string","enum":["', b'{"type":"integer","max":', b'{"type":"string","max":',
    b'"},"output":{"shape":"', b'ThrottlingException","', b'ValidationException","', b'"},"input":{"shape":"', b'","locationName":"', b'{"type":"string"}', b'"],"members":{"', b',"exception":true',
    b'"},"errors":["', b'":{"shape":"', b'"}],"type":"', b',"min":', b'":[{"', b'"},"', b'"}}}', b'","', b'":"', b'"}}', b'"]}',
)  # fmt: skip
_CODES = *(code for code in range(1, 32) if code not in b"\t\n\r"), 0xC0, 0xC1, *range(0xF5, 0xFB)
_SHORT = tuple(zip((bytes([code]) for code in _CODES), PHRASES, strict=True))
_SHAPE = next(short for short, phrase in _SHORT if phrase == b'":{"shape":"')
_LOCATED = b"".join(short for short, phrase in _SHORT if phrase.endswith(b'","locationName":"'))
_ITSELF = b"\xff"  # behind a member's name: _SHAPE, and the same name
_SAME = b"\xfe"  # behind one of _LOCATED, which is behind the shape: the member's name
_LOWERED = b"\xfd"  # the same, beginning with a small letter
_WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
_WINDOW = 32 * 1024 - 262  # how far back zlib looks


class PackedModels:
    """The file of all models. Nothing of it is kept, so that a newer one may take its place."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """The services that have a model in it."""
        return [line.partition(b"\t")[0].decode() for line in self._head()[0].splitlines()[1:]]

    def has(self, service_name: str) -> bool:
        return b"\n%b\t" % service_name.encode() in self._head()[0]

    def model(self, service_name: str) -> "PackedText":
        """The model of one service, which has to be there."""
        index, dictionary, begin = self._head()
        place, size = index.partition(b"\n%b\t" % service_name.encode())[2].split(b"\n", 1)[0].split(b"\t")
        with self._path.open("rb") as file:
            file.seek(begin + int(place))
            return PackedText(file.read(int(size)), zlib.decompress(dictionary))

    def _head(self) -> tuple[bytes, bytes, int]:
        """The index, the compressed dictionary, and where the models begin."""
        with self._path.open("rb") as file:
            sizes = file.readline()
            index, dictionary = map(int, sizes.split())
            return file.read(index), file.read(dictionary), len(sizes) + index + dictionary


class PackedText:
    """A packed model: where its blocks begin, and the lines of each."""

    def __init__(self, content: bytes, dictionary: bytes) -> None:
        index, _, self._content = content.partition(b"\n\n")
        entries = [entry.split(b"\t", 1) for entry in index.split(b"\n")]
        self.starts = [start for _, start in entries]
        self._places = list(pairwise(accumulate((int(size) for size, _ in entries), initial=0)))
        self._dictionary = dictionary

    def lines(self, number: int) -> list[bytes]:
        """The lines of one block, in short."""
        begin, end = self._places[number]
        return zlib.decompressobj(zdict=self._dictionary).decompress(self._content[begin:end]).split(b"\n")

    def text(self) -> bytes:
        """All of it."""
        return spelled(b"".join(line + b"\n" for number in range(len(self.starts)) for line in self.lines(number)))


def spelled(text: bytes) -> bytes:
    """What text in short says. Names of lines are never short."""
    *parts, last = text.split(_LOWERED)
    text = b"".join(part + (name := _member(part))[:1].lower() + name[1:] for part in parts) + last
    *parts, last = text.split(_SAME)
    text = b"".join(part + _member(part) for part in parts) + last
    *parts, last = text.split(_ITSELF)
    text = b"".join(part + _SHAPE + _last_word(part) for part in parts) + last
    for short, phrase in _SHORT:
        if short in text:
            text = text.replace(short, phrase)
    return text


def _last_word(text: bytes) -> bytes:
    return text[len(text.rstrip(_WORD)) :]


def _member(text: bytes) -> bytes:
    """The name of the member, in text that ends with its shape and one of _LOCATED."""
    return _last_word(text[:-1].rstrip(_WORD)[:-1])


def shortened(text: bytes) -> bytes:
    for short, phrase in _SHORT:
        text = text.replace(phrase, short)
    text = re.sub(rb"(?<!\w)(\w+)%b\1" % _SHAPE, lambda found: found[1] + _ITSELF, text)
    located = rb"(?:%b\w+|%b)[%b]" % (_SHAPE, _ITSELF, re.escape(_LOCATED))
    text = re.sub(rb"(?<!\w)(\w+)(%b)\1(?!\w)" % located, rb"\1\2" + _SAME, text)
    return re.sub(rb"(?<!\w)([A-Z])(\w*)(%b)((?i:\1))\2(?!\w)" % located, _lowered, text)


def _lowered(found: re.Match[bytes]) -> bytes:
    return found[0] if found[4].isupper() else found[1] + found[2] + found[3] + _LOWERED


def packed_data(data: Path) -> Iterator[tuple[str, bytes]]:
    """What the wheel has in the place of a folder of data: names and contents."""
    yield FILE, pack_all({path.stem: path.read_bytes() for path in sorted(data.glob("models/*.jsonl"))})
    for path in (*data.glob("*.json*"), *data.glob("*/*.md"), *data.glob("*/*.yaml")):
        yield path.relative_to(data).as_posix() + ZLIB, zlib.compress(path.read_bytes(), 9)


def pack_all(models: Mapping[str, bytes]) -> bytes:
    """The content of the file, from services and the text of their models."""
    dictionary = b"".join(shortened(models[name]) for name in PRIMERS)[-_WINDOW:]
    packed = [pack(text, dictionary) for text in models.values()]
    places = accumulate(map(len, packed), initial=0)
    index = b"".join(
        b"\n%b\t%d\t%d" % (name.encode(), place, len(model))
        for name, place, model in zip(models, places, packed, strict=False)
    )
    compressed = zlib.compress(dictionary, 9)
    return b"%d %d\n" % (len(index), len(compressed)) + index + compressed + b"".join(packed)


def pack(text: bytes, dictionary: bytes) -> bytes:
    """A packed model."""
    index, packed = [], []
    for block in _blocks(shortened(text)):
        compressor = zlib.compressobj(level=9, memLevel=9, zdict=dictionary)
        packed.append(compressor.compress(block) + compressor.flush())
        kind, name, _ = block.split(b"\t", 2)
        index.append(b"%d\t%b\t%b\t" % (len(packed[-1]), kind, name))
    return b"\n".join(index) + b"\n\n" + b"".join(packed)


def _blocks(text: bytes) -> Iterator[bytes]:
    """Runs of whole lines, each as long as fits in a block, or one line that does not."""
    run: list[bytes] = []
    size = 0
    for line in text.rstrip(b"\n").split(b"\n"):
        if run and size + len(line) > BLOCK:
            yield b"\n".join(run)
            run, size = [], 0
        run.append(line)
        size += len(line) + 1
    yield b"\n".join(run)
