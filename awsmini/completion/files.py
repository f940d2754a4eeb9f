"""Paths of files, as far as they are typed."""

import os
from collections.abc import Iterator, Mapping

from awsmini.completion.candidate import Candidate
from awsmini.system.user_dirs import expand

SCHEMES = ("file://", "fileb://")


def paths(typed: str, env: Mapping[str, str], scheme: str = "") -> Iterator[Candidate]:
    """The files and folders that a path may go on to. What is typed stays as it is, with `~` and variables."""
    folder, _, start = typed.rpartition("/")
    before = typed[: len(typed) - len(start)]
    if typed == "~":
        yield Candidate(f"{scheme}~/", is_open=True)
        return
    for name, is_folder in _entries(expand(before, env) if folder or before else "."):
        if name.startswith(start):
            yield Candidate(f"{scheme}{before}{name}{'/' if is_folder else ''}", is_open=is_folder)


def of_scheme(typed: str, env: Mapping[str, str]) -> Iterator[Candidate]:
    """The paths after `file://` or `fileb://`; nothing for other text."""
    for scheme in SCHEMES:
        if typed.startswith(scheme):
            yield from paths(typed[len(scheme) :], env, scheme)


def schemes(typed: str, *names: str) -> Iterator[Candidate]:
    """The beginnings themselves."""
    return (Candidate(scheme, is_open=True) for scheme in names if scheme.startswith(typed) and scheme != typed)


def _entries(folder: str) -> list[tuple[str, bool]]:
    try:
        with os.scandir(folder) as entries:
            return sorted((entry.name, entry.is_dir()) for entry in entries)
    except OSError:
        return []
