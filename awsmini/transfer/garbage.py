"""The garbage collector, while many small objects come and go: looked for as rarely as memory allows."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLD = 50_000  # objects that are made and not freed, between two looks


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Nearly nothing here is in cycles, and each look takes time for all that is alive."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], THRESHOLD), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
