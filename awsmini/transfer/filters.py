"""`--exclude` and `--include`: shell patterns, in their order, of which the last that matches decides.

A pattern is joined to the root of each side and compared with the whole path of a file or key, so it is anchored
there, and `*` crosses `/`. An absolute pattern is compared as it is.
"""

import fnmatch
import glob
import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from awsmini.transfer.local import Entry

Filter = tuple[bool, str]  # whether what matches is taken; the pattern


class _Rule(NamedTuple):
    taken: bool
    matches: tuple[Callable[[str], object], ...]


class Filters:
    """The filters of a command. `roots` are the folder (or `bucket/prefix`) of the source and of the destination."""

    def __init__(self, filters: Sequence[Filter], roots: Sequence[str]) -> None:
        self._rules = [_Rule(taken, tuple(_compiled(root, pattern) for root in roots)) for taken, pattern in filters]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._rules)

    def takes(self, path: str) -> bool:
        """Whether a file or key of that whole path takes part."""
        for taken, matches in reversed(self._rules):
            if any(match(path) for match in matches):
                return taken
        return True

    def of(self, entries: Iterator[Entry], root: str) -> Iterator[Entry]:
        """The entries that take part; `root` is what stands before their keys."""
        if not self._rules:
            return entries
        return (entry for entry in entries if self.takes(root + entry.key))


def _compiled(root: str, pattern: str) -> Callable[[str], object]:
    """What tells whether a whole path matches. A `[` or `*` in the name of a root is only itself."""
    whole = os.path.join(glob.escape(root), pattern)
    return re.compile(fnmatch.translate(whole)).match
