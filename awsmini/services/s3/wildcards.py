"""Wildcards in sources: `*` and `?` are anything but `/`, `**` is anything, `[abc]` and `[!abc]` one character."""

import glob
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from awsmini.services.s3.paths import bucket_and_key, is_s3
from awsmini.transfer.local import Entry, Warn, single, walk
from awsmini.transfer.records import Listed, Page

_SIGN = re.compile(r"[*?\[]")
_PIECE = r"\*\*/|\*\*|\*|\?|\[[!^]?\]?[^]/]*\]|."
_ANY = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Split(NamedTuple):
    """A path with wildcards: the folder or prefix that is sure, which ends in `/` or is empty, and the pattern below."""

    root: str
    pattern: str


def split(path: str) -> Split | None:
    """None for a path without wildcards. A bucket's name has none."""
    begin = len(path) - len(bucket_and_key(path)[1]) if is_s3(path) else 0
    found = _SIGN.search(path, begin)
    if found is None:
        return None
    at = max(path.rfind("/", 0, found.start()) + 1, begin)
    return Split(path[:at], path[at:])


def beginning(pattern: str) -> str:
    """What all that fits begins with."""
    found = _SIGN.search(pattern)
    return pattern if found is None else pattern[: found.start()]


def matcher(pattern: str, *, recursive: bool) -> Callable[[str], object]:
    """What tells whether a key fits; `recursive`: or lies below something that fits."""
    if recursive:
        pattern = pattern.rstrip("/")
    text = "".join(_translated(piece) for piece in re.findall(_PIECE, pattern, re.DOTALL))
    return re.compile(text + ("(?:/.*)?" if recursive else ""), re.DOTALL).fullmatch


def fitting(entries: Iterator[Entry], pattern: str, *, recursive: bool) -> Iterator[Entry]:
    """Those entries whose keys fit; all of them without a pattern."""
    if not pattern:
        return entries
    matches = matcher(pattern, recursive=recursive)
    return (entry for entry in entries if matches(entry.key))


def fitting_pages(pages: Iterable[Page], root: str, pattern: str, *, recursive: bool) -> Iterator[Page]:
    """Of listings below the key `root`: the objects that fit, and the folders, each once."""
    matches = matcher(pattern, recursive=recursive)
    matches_folder = matcher(pattern.rstrip("/"), recursive=False)
    depth = pattern.rstrip("/").count("/") + 1
    last = ""
    for page in pages:
        objects: list[Listed] = []
        folders: list[str] = []
        for each in page.objects:
            key = each.key[len(root) :]
            folder = "/".join(key.split("/", depth)[:depth])
            if matches(key) and not (key.endswith("/") and not recursive):
                objects.append(each)
            elif folder not in (key, last) and matches_folder(folder):
                folders.append(f"{root}{folder}/")
                last = folder
        yield Page(objects, folders)


def files(root: str, pattern: str, warn: Warn, *, follow_symlinks: bool, recursive: bool) -> Iterator[Entry]:
    """The files below a folder that fit, each once. A name that begins with a dot has to be asked for with one."""
    told: set[str] = set()
    for name in sorted(glob.iglob(pattern, root_dir=root, recursive=True)):
        path = os.path.join(root, name)
        if not os.path.isdir(path):
            found = single(path, name, warn, follow_symlinks=follow_symlinks)
        elif recursive and (follow_symlinks or not os.path.islink(path.rstrip("/"))):
            folder = f"{name.rstrip('/')}/"
            below = walk(os.path.join(root, folder), warn, follow_symlinks=follow_symlinks)
            found = (entry._replace(key=folder + entry.key) for entry in below)
        else:
            continue
        for entry in found:
            if entry.key not in told:
                told.add(entry.key)
                yield entry


def _translated(piece: str) -> str:
    if piece in _ANY:
        return _ANY[piece]
    if piece.startswith("[") and len(piece) > 2:
        inner = piece[1:-1]
        negated = inner[:1] in ("!", "^")
        inner = inner[1:] if negated else inner
        if inner:
            escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", inner)
            return f"(?!/)[{'^' if negated else ''}{escaped}]"
    return re.escape(piece)
