"""Which log groups the words of a command line mean."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from awsmini.errors import AwsminiError

_GLOB = re.compile(r"[*?\[]")  # none of them may stand in the name of a group

# The answers to DescribeLogGroups with these parameters, until there are no more.
Listing = Callable[[Mapping[str, Any]], Iterator[Mapping[str, Any]]]


class NoSuchGroupError(AwsminiError):
    """A word that no group fits."""


def named(words: Sequence[str], listing: Listing, *, parts: bool) -> list[str]:
    """The names of the groups, each once: those that fit a glob, and with `parts` all that hold a word.

    Nothing is listed for a word that is a name. Raises NoSuchGroupError.
    """
    found: dict[str, None] = {}
    for word in words:
        if not parts and not _GLOB.search(word):
            found[word] = None
            continue
        fitting = list(_fitting(word, listing))
        if not fitting:
            raise NoSuchGroupError(f"No log group fits {word}.")
        found.update(dict.fromkeys(fitting))
    return list(found)


def _fitting(word: str, listing: Listing) -> Iterator[str]:
    glob = _GLOB.search(word)
    prefix = word[: glob.start()] if glob else ""
    asked = {"logGroupNamePattern": word} if glob is None else {"logGroupNamePrefix": prefix} if prefix else {}
    for page in listing(asked):
        for group in page.get("logGroups", ()):
            name = group["logGroupName"]
            if fnmatchcase(name, word) if glob else word in name:
                yield name
