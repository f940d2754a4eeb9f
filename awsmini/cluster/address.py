"""What `--cluster` names: workers of this machine, a scheduler, or the file in which one has written where it is."""

import json
import os
import re
from typing import NamedTuple

from awsmini.errors import ParamValidationError

MOST = 1_000  # a port in the place of their number would be far more
_LOCAL = re.compile(r"local(?::([0-9]+))?")
_URL = re.compile(r"(?:tcp|tls|ws|wss|ucx)://[^/]+.*")
_HOST_AND_PORT = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")


class Address(NamedTuple):
    """`workers` of this machine, or the scheduler at a URL."""

    url: str = ""
    workers: int = 0

    @property
    def is_local(self) -> bool:
        return not self.url

    def __str__(self) -> str:
        return self.url or f"local:{self.workers}"


def parse(text: str) -> Address:
    """Raises ParamValidationError."""
    if found := _LOCAL.fullmatch(text):
        workers = int(found[1]) if found[1] else os.cpu_count() or 1
        if not workers:
            raise ParamValidationError("--cluster: local:0 has no worker.")
        if workers > MOST:
            raise ParamValidationError(f"--cluster: {text}: no more than {MOST} workers run on one machine.")
        return Address(workers=workers)
    if os.path.isfile(text):
        return Address(_written(text))
    if _URL.fullmatch(text):
        return Address(text)
    if _HOST_AND_PORT.fullmatch(text):
        return Address(f"tcp://{text}")
    raise ParamValidationError(
        f"--cluster: {text} is neither local[:WORKERS] nor an address such as tcp://host:8786, and no scheduler file is there."
    )


def _written(path: str) -> str:
    """The address in a scheduler file."""
    try:
        with open(path, encoding="utf-8") as file:
            address = str(json.load(file)["address"])
    except (OSError, ValueError, KeyError, TypeError):
        address = ""
    if not _URL.fullmatch(address):
        raise ParamValidationError(f"--cluster: {path} is no scheduler file.")
    return address
