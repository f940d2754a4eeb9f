"""The text of a model in blocks of zlib, as the wheel has it: a seventh of the size, and a call unpacks what it reaches.

A file is an index of text, an empty line, and the blocks one after the other. The index has a line a block: its size
in bytes, a tab, and what its first line begins with (`kind<TAB>name<TAB>`). A block is a run of whole lines,
compressed with a dictionary that all files of a folder share.
"""

import zlib
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise

BLOCK = 96 * 1024  # bytes of text: more would pack little better, and take longer to reach one line of
DICTIONARY = "dictionary"  # the file's name
SUFFIX = ".packed"
ZLIB = ".zlib"  # behind the name of any other file that the wheel has compressed as one
PRIMER = "mwaa"  # a service of the common kind: what its model says, most models say somewhere
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
        """The lines of one block."""
        begin, end = self._places[number]
        return zlib.decompressobj(zdict=self._dictionary).decompress(self._content[begin:end]).split(b"\n")

    def text(self) -> bytes:
        """All of it."""
        return b"".join(line + b"\n" for number in range(len(self.starts)) for line in self.lines(number))


def folder(models: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """All files of a packed folder, name and content, from services and the text of their models."""
    dictionary = models[PRIMER][:_WINDOW]
    yield DICTIONARY, dictionary
    for service_name, text in models.items():
        yield service_name + SUFFIX, pack(text, dictionary)


def pack(text: bytes, dictionary: bytes) -> bytes:
    """The content of a packed file."""
    index, packed = [], []
    for block in _blocks(text):
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
