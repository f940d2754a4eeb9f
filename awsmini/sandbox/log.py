"""The sandbox's log: what it is asked, and what moto prints."""

import io
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LOG_BYTES = 1_000_000  # one old log of this size is kept beside the one being written


class _Log(io.TextIOBase):
    """A text stream whose lines go to the log, for what moto prints."""

    def write(self, text: str) -> int:
        if text.strip():
            logging.getLogger("moto").info(text.rstrip())
        return len(text)


def log_to(path: Path) -> None:
    """Write there what is logged and printed from now on. What cannot be written is lost, and troubles no call."""
    logging.raiseExceptions = False
    handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1, delay=True)
    logging.basicConfig(level=logging.INFO, handlers=[handler], format="%(asctime)s %(name)s %(message)s")
    sys.stdout = sys.stderr = _Log()
