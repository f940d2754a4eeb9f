"""What wizards ask of the world and do to it, as functions: a test passes others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Params = Mapping[str, Any]


class World(NamedTuple):
    call: Callable[[str, str, Params], Any]  # service, operation, parameters: the answer, of all pages
    ask: Callable[[str, str, Params], Any]  # the same for what changes nothing: a question is put once
    enum: Callable[[str, str, str], Sequence[str]]  # service, operation, member: what its values can be
    read: Callable[[str], bytes]
    profiles: Callable[[], Sequence[str]]
    write_config: Callable[[str, Mapping[str, str]], None]  # profile, values
    write_credentials: Callable[[str, Mapping[str, str]], None]
