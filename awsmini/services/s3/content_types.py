"""The content type that a file's name tells: of a table of our own, and of the system's mime.types.

The table is Python 3.14's, whatever Python this is. What the system's files say goes over it.
"""

import os
from collections.abc import Mapping
from functools import cache

from awsmini.model.load import data

SYSTEM_FILES = (
    "/etc/mime.types",
    "/etc/httpd/mime.types",
    "/etc/httpd/conf/mime.types",
    "/etc/apache/mime.types",
    "/etc/apache2/mime.types",
    "/usr/local/etc/httpd/conf/mime.types",
    "/usr/local/lib/netscape/mime.types",
    "/usr/local/etc/mime.types",
)
_LONGER = {"svgz": "svg.gz", "tgz": "tar.gz", "taz": "tar.gz", "tz": "tar.gz", "tbz2": "tar.bz2", "txz": "tar.xz"}
_ENCODINGS = frozenset({"gz", "Z", "bz2", "xz", "br"})


def guess(path: str) -> str | None:
    """The content type of a file of that name; None where its ending tells nothing."""
    return guess_in(_table(), path)


def guess_in(table: Mapping[str, str], path: str) -> str | None:
    """The same of any table from endings to types."""
    stem, ending = _split(path.rpartition(os.sep)[2])
    while ending.lower() in _LONGER:
        stem, ending = _split(f"{stem}.{_LONGER[ending.lower()]}")
    if ending in _ENCODINGS:
        stem, ending = _split(stem)
    return table.get(ending) or table.get(ending.lower())


def _split(name: str) -> tuple[str, str]:
    """The name and its ending, which is empty where only dots stand before it."""
    stem, dot, ending = name.rpartition(".")
    return (stem, ending) if dot and stem.strip(".") else (name, "")


@cache
def _table() -> Mapping[str, str]:
    table = {ending: name for name, endings in data("content-types.json").items() for ending in endings.split()}
    for file in SYSTEM_FILES:
        table |= read(file)
    return table


def read(file: str) -> dict[str, str]:
    """What a mime.types file says; nothing where there is none."""
    table = {}
    try:
        with open(file, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                words = line.partition("#")[0].split() if "#" in line else line.split()
                for ending in words[1:]:
                    table[ending] = words[0]
    except OSError:
        return {}
    return table
