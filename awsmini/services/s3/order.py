"""What the workers of a cluster are asked for in a transfer, and what they know of who asks."""

import socket
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from awsmini.errors import AwsminiError
from awsmini.transfer.span import Span

LISTED = 100_000  # entries of both sides that one shard looks at


class Place(Protocol):
    """Where an order is carried out, as far as that has to be known."""

    def tell(self, **news: Any) -> None:
        """Let whoever gave the order know, some time soon."""

    def note(self, **news: Any) -> None:
        """The same, but it comes back when the news are where they do not get lost."""

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for the answer still."""


class UnwantedError(AwsminiError):
    """Nobody waits for the answer any more."""

    def __init__(self) -> None:
        super().__init__("Whoever asked for this has gone.")


class UnorderedError(AwsminiError):
    """Only a listing in order can be cut into shards."""

    def __init__(self) -> None:
        super().__init__(
            "The server does not list in the order of the keys, as S3 does, so that the work cannot be shared out: do "
            "it without --cluster."
        )


class UnseenError(AwsminiError):
    """A folder that is no folder of this worker's."""

    def __init__(self, path: str) -> None:
        super().__init__(f"--shared-paths: the worker on {socket.gethostname()} does not see {path}")


class Order(NamedTuple):
    """What is to be done. `deletions` of a sync are done with the rest (`due`), only counted, or are `only` done."""

    command: str
    values: Mapping[str, Any]
    span: Span
    deletions: str = "due"
    kept: frozenset[str] = frozenset()  # keys of files that stay although the source seems to lack them
