"""The names in large folders, kept from one shard to the next."""

import os
import time
from contextlib import suppress

from awsmini.transfer.local import Names, Warn, names_in

LARGE = 2_000  # names from which on those of a folder are kept: the next shard asks for them again
KEPT = 4  # such folders
SETTLED = 2_000_000_000  # nanoseconds after a change from which on the time of a folder tells of further ones


def kept_names(folder: str, warn: Warn, follow_symlinks: bool) -> Names | None:
    """What is in a folder; a large one is not read again while it does not change."""
    key = folder, follow_symlinks
    with suppress(OSError):
        changed = os.stat(folder).st_mtime_ns
        if key in _names and _names[key][0] == changed and time.time_ns() - changed > SETTLED:
            return _names[key][1]
        found = names_in(folder, warn, follow_symlinks)
        if found is not None and len(found) >= LARGE:
            if len(_names) >= KEPT:
                _names.clear()
            _names[key] = changed, found
        return found
    return names_in(folder, warn, follow_symlinks)


_names: dict[tuple[str, bool], tuple[int, Names]] = {}  # of large folders, and when these had changed last
