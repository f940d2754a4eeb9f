"""What `awsmini search` looks into first: for each shipped service its commands, and every word of its shapes.

It is made on first use, in a third of a second, and kept in the user's cache folder until awsmini has other models.
So a search opens the models of those services alone that have all of its words. A line is a service:
name, commands (`command=ApiName`), hidden commands, and the text in lower case, with tabs between.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from zlib import crc32

from awsmini.model.cli_names import hidden_operations, visible_operations
from awsmini.model.load import SHIPPED, services, shipped_lines, source
from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import ServiceModel
from awsmini.system.app_dirs import cache_folder
from awsmini.system.atomic import writing
from awsmini.version import __version__

_WORD = re.compile(rb'"([^"]+)"')


class Indexed(NamedTuple):
    """One service: its line, taken apart."""

    pairs: str
    hidden: frozenset[str]
    text: bytes

    @property
    def commands(self) -> dict[str, str]:
        """Command to API name, waiters included."""
        return dict(pair.split("=") for pair in self.pairs.split(";")) if self.pairs else {}

    def has(self, *spellings: str) -> bool:
        return any(spelling.encode() in self.text for spelling in spellings)


def index(env: Mapping[str, str]) -> dict[str, Indexed]:
    """The index of the shipped models by their names: the one that is kept, or one made now, and kept if it can be."""
    path = cache_folder(env, sys.platform) / "search-index"
    key = _key()
    try:
        begun, _, content = path.read_bytes().partition(b"\n")
        if begun == b"%b %d" % (key, crc32(content)):
            return _parsed(content)
    except OSError:
        pass
    content = b"\n".join(_lines())
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with writing(str(path)) as file:
            file.write(b"%b %d\n%b" % (key, crc32(content), content))
    return _parsed(content)


def _key() -> bytes:
    """Other models have another one."""
    seen = [path.stat() for path in (SHIPPED, source("services.json"), source("command-renames.json"))]
    return f"{__version__} {' '.join(f'{each.st_mtime_ns}/{each.st_size}' for each in seen)}".encode()


def _parsed(content: bytes) -> dict[str, Indexed]:
    found = {}
    for line in content.split(b"\n"):
        name, pairs, hidden, text = line.split(b"\t")
        found[name.decode()] = Indexed(pairs.decode(), frozenset(hidden.decode().split(";")), text)
    return found


def _lines() -> Iterator[bytes]:
    for name in services():
        lines = shipped_lines(name)
        model = ServiceModel(lines)
        commands = commands_of(model)
        words = sorted({*_WORD.findall(b"\n".join(lines.of("shape")).lower())})
        names = ";".join(dict.fromkeys(commands.values())).lower()
        pairs = ";".join(map("=".join, commands.items()))
        hidden = ";".join(sorted(hidden_operations(model)))
        about = f"{name}\t{pairs}\t{hidden}\t{names};".encode()
        yield about + b";".join(words).translate(None, b"\t\n")


def commands_of(model: ServiceModel) -> dict[str, str]:
    """Command to API name, waiters included."""
    waiters = {f"wait {operation_cli_name(name)}": name for name in model.waiter_names}
    return visible_operations(model) | waiters
