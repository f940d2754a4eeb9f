"""Makes what the wheel has in the place of models and other data (`packed.py`). The build alone needs it."""

import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import accumulate, takewhile
from pathlib import Path

from awsmini.model.packed import (
    FILE,
    FOLD,
    FOLDED,
    LOCATED,
    LOWERED,
    NAME,
    OTHERS,
    PHRASES,
    RAISED,
    REQUIRED,
    REQUIRING,
    SAME,
    SHAPE,
    SHORT,
    STEM,
    stem,
)

BLOCK = 96 * 1024  # bytes in short: more would pack little better, and take longer to reach one line of
GROUP = 32  # lines
PRIMERS = ("acm-pca", "codeguru-security")  # their models have the most of what others have, for the dictionary
_MOST_FEWER = 255 - FOLD  # what a byte can say
_WORDS = re.compile(rb"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])|_+|.")
_WINDOW = 32 * 1024 - 262  # how far back zlib looks
_REQUIRING = re.compile(re.escape(REQUIRING).replace(b"%b", rb'([\w",]+)'))
_NONE_REQUIRED = next(phrase for phrase in PHRASES if phrase.startswith(b'{"type":"structure"'))
_LISTING = next(phrase for phrase in PHRASES if phrase.startswith(b'{"type":"list"'))


def shortened(text: bytes) -> bytes:
    """Whole lines in short."""
    text = b"\n".join(_line(line) if line else line for line in text.split(b"\n"))
    for short, phrase in SHORT:
        text = text.replace(phrase, short)
    shape = rb"[%b%b]" % (SHAPE, REQUIRED)
    text = re.sub(rb"(?<!\w)([a-zA-Z])(\w*)(%b\w*?)([A-Z])\2(?!\w)" % shape, _raised, text)
    located = rb"%b\w*%b?[%b]" % (shape, RAISED, re.escape(LOCATED))
    text = re.sub(rb"(?<!\w)(\w+)(%b)\1(?!\w)" % located, rb"\1\2" + SAME, text)
    return re.sub(rb"(?<!\w)([A-Z])(\w*)(%b)([a-z])\2(?!\w)" % located, _lowered, text)


def _line(line: bytes) -> bytes:
    """The line with what its name tells in short, and which members are required."""
    kind, name, text = line.split(b"\t", 2)
    text = _required(text).replace(b'":"' + name, b'":"' + NAME)
    if text.startswith(b'%b%b"' % (_LISTING, stem(name))):
        text = _LISTING + STEM + text[len(_LISTING + stem(name)) :]
    return b"%b\t%b\t%b" % (kind, name, text)


def _required(text: bytes) -> bytes:
    """A structure with each required member marked, where they are required in their order."""
    found = _REQUIRING.match(text)
    if not found:
        return text
    names = found[1].split(b'","')
    marked = re.sub(rb'(?<!\w)(%b)":{"shape":"' % b"|".join(names), rb"\1" + REQUIRED, text[found.end() :])
    return _NONE_REQUIRED + marked if re.findall(rb"(\w+)%b" % REQUIRED, marked) == names else text


def _raised(found: re.Match[bytes]) -> bytes:
    first, rest, shape, letter = found.groups()
    return first + rest + shape + RAISED if first.upper() == letter else found[0]


def _lowered(found: re.Match[bytes]) -> bytes:
    first, rest, location, letter = found.groups()
    return first + rest + location + LOWERED if first.lower() == letter else found[0]


def packed_data(data: Path, scripts: Path) -> Iterator[tuple[str, bytes]]:
    """What the wheel has in the place of a folder of data, and of that of scripts for shells: names and contents."""
    yield FILE, pack_all({path.stem: path.read_bytes() for path in sorted(data.glob("models/*.jsonl"))})
    folders = [path for path in sorted(data.iterdir()) if path.is_dir() and path.name != "models"]
    files = [path for folder in (data, *folders, scripts) for path in sorted(folder.iterdir()) if path.is_file()]
    yield (
        OTHERS,
        pack_others(
            {
                path.name if path.parent == data else f"{path.parent.name}/{path.name}": path.read_bytes()
                for path in files
            }
        ),
    )


def pack_all(models: Mapping[str, bytes]) -> bytes:
    """The content of the file of models, from services and the text of their models."""
    dictionary = b"".join(folded(shortened(models[name])) for name in PRIMERS)[-_WINDOW:]
    return _packed({name: pack(text, dictionary) for name, text in models.items()}, zlib.compress(dictionary, 9))


def pack_others(files: Mapping[str, bytes]) -> bytes:
    """The content of the file of other data."""
    return _packed({name: zlib.compress(content, 9) for name, content in files.items()}, b"")


def _packed(contents: Mapping[str, bytes], dictionary: bytes) -> bytes:
    places = accumulate(map(len, contents.values()), initial=0)
    index = b"".join(
        b"\n%b\t%d\t%d" % (name.encode(), place, len(content))
        for (name, content), place in zip(contents.items(), places, strict=False)
    )
    return b"%d %d\n" % (len(index), len(dictionary)) + index + dictionary + b"".join(contents.values())


def pack(text: bytes, dictionary: bytes) -> bytes:
    """A packed model."""
    index, packed = [], []
    for block in _blocks(shortened(text)):
        compressor = zlib.compressobj(level=9, memLevel=9, zdict=dictionary)
        packed.append(compressor.compress(folded(block)) + compressor.flush())
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


def folded(lines: bytes) -> bytes:
    """Lines in groups, of shapes what is not in the line before."""
    groups: list[list[bytes]] = []
    before = b""
    for line in lines.rstrip(b"\n").split(b"\n"):
        start, _, text = line.rpartition(b"\t")
        kept = _alike(before, start)
        fewer = len(before) - kept
        if not kept or (line.startswith(FOLDED) and (fewer > _MOST_FEWER or len(groups[-1]) == GROUP)):
            groups.append([line])
        elif line.startswith(FOLDED):
            groups[-1].append(b"%c%b\t%b" % (FOLD + fewer, start[kept:], text))
        else:
            groups[-1].append(line)
        before = start
    return b"\n\n".join(map(b"\n".join, groups))


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes two starts of lines have alike, in whole words. 0 where the kinds differ."""
    words = zip(_WORDS.findall(one), _WORDS.findall(other), strict=False)
    return sum(len(word) for word, _ in takewhile(lambda pair: pair[0] == pair[1], words))
