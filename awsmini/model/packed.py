"""The text of a model in blocks of zlib, as the wheel has it: a seventh of the size, and a call unpacks what it reaches.

Before it is compressed, what most lines say is written in short: one byte that no text has, for each of `PHRASES`. Lines
are handed out in short, and `spelled` where they are read.

A file is an index of text, an empty line, and the blocks one after the other. The index has a line a block: its size
in bytes, a tab, and what its first line begins with (`kind<TAB>name<TAB>`). A block is a run of whole lines,
compressed with a dictionary that all files of a folder share.
"""

import zlib
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise

BLOCK = 128 * 1024  # bytes in short: more would pack little better, and take longer to reach one line of
DICTIONARY = "dictionary"  # the file's name
SUFFIX = ".packed"
ZLIB = ".zlib"  # behind the name of any other file that the wheel has compressed as one
PRIMER = "mwaa"  # a service of the common kind: what its model says, most models say somewhere
PHRASES = (  # the longest first, for what they say includes what others say
    b'","location":"querystring","locationName":"', b'{"http":{"method":"POST","requestUri":"',
    b'{"http":{"method":"GET","requestUri":"', b'","location":"uri","locationName":"', b'{"type":"list","member":{"shape":"',
    b'{"type":"structure","required":["', b'{"type":"structure","members":{}}', b'{"type":"structure","members":{"',
    b'"}},"error":{"httpStatusCode":', b'{"type":"string","enum":["', b'{"type":"integer","max":', b'{"type":"string","max":',
    b'"},"output":{"shape":"', b'"},"input":{"shape":"', b'","locationName":"', b'{"type":"string"}', b'"],"members":{"',
    b'"},"errors":["', b'":{"shape":"', b'"}],"type":"', b',"min":', b'":[{"', b'"},"', b'"}}}', b'","', b'":"', b'"}}', b'"]}',
)  # fmt: skip
_SHORT = tuple(zip((bytes([code]) for code in range(1, 32) if code not in b"\t\n\r"), PHRASES, strict=True))
_WINDOW = 32 * 1024 - 262  # how far back zlib looks


class PackedText:
    """A packed file: where its blocks begin, and the lines of each."""

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
    """What text in short says. Names are never short."""
    for short, phrase in _SHORT:
        if short in text:
            text = text.replace(short, phrase)
    return text


def shortened(text: bytes) -> bytes:
    for short, phrase in _SHORT:
        text = text.replace(phrase, short)
    return text


def folder(models: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """All files of a packed folder, name and content, from services and the text of their models."""
    dictionary = shortened(models[PRIMER])[:_WINDOW]
    yield DICTIONARY, dictionary
    for service_name, text in models.items():
        yield service_name + SUFFIX, pack(text, dictionary)


def pack(text: bytes, dictionary: bytes) -> bytes:
    """The content of a packed file."""
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
