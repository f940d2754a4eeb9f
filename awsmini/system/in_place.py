"""Files that are written where they are, once all that goes into them is there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast


@contextmanager
def saving_in_place(path: str) -> Iterator[BinaryIO]:
    """What is written to goes into the file at `path` when the block ends without an error."""
    with tempfile.TemporaryFile() as spool:
        yield cast(BinaryIO, spool)
        spool.seek(0)
        with open(path, "wb") as file:
            shutil.copyfileobj(spool, file)
