"""Where the models lie that a user has added to the shipped ones, below `data_folder(env)`:

    models/added/<service>.jsonl            by `awsmini models add`; wins over everything shipped
    models/botocore-1.45.0/<service>.jsonl  by `awsmini models update`; counts while it is newer than what is shipped

Looked at by every call, so it loads little.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from awsmini.system.app_dirs import data_folder

_RELEASE = r"botocore-(\d+(?:\.\d+)*)"  # re compiles it when it is first needed


def root(env: Mapping[str, str]) -> Path:
    return data_folder(env, sys.platform) / "models"


def added_folder(env: Mapping[str, str]) -> Path:
    return root(env) / "added"


def releases(env: Mapping[str, str]) -> list[tuple[tuple[int, ...], Path]]:
    """The botocore releases fetched, newest first: version and folder."""
    folders = root(env).glob("botocore-*") if root(env).is_dir() else ()
    found = [(version(match[1]), folder) for folder in folders if (match := re.fullmatch(_RELEASE, folder.name))]
    return sorted(found, reverse=True)


def version(text: str) -> tuple[int, ...]:
    """`1.44.8` as numbers, which can be compared."""
    return tuple(int(number) for number in re.findall(r"\d+", text))


def folders(env: Mapping[str, str], shipped: Callable[[], str]) -> Iterator[Path]:
    """Where to look before the shipped models, which are of the botocore release that `shipped()` says."""
    if root(env).is_dir():
        yield added_folder(env)
        newest = next(iter(releases(env)), None)
        if newest and newest[0] > version(shipped()):
            yield newest[1]
