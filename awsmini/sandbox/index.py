"""Which services moto has, from its own index: without moto, which is half a second to load."""

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

from awsmini.sandbox.state import SandboxError

INSTALL = "The local sandbox needs moto's server. Install it with: pip install 'awsmini[local]'"
_HOSTS = (
    "https://{}.us-east-1.amazonaws.com",
    "https://1.{}.us-east-1.amazonaws.com",
    "https://{}.amazonaws.com",
    "https://{}.us-east-1.api.aws",
)
Patterns = Sequence[tuple[str, re.Pattern[str]]]


def patterns() -> Patterns:
    """The parts of moto, each with the addresses that it answers for. Raises SandboxError where there is no moto."""
    found = find_spec("moto")
    spec = found and found.origin and spec_from_file_location("index", Path(found.origin).parent / "backend_index.py")
    if not spec or not spec.loader:
        raise SandboxError(INSTALL)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    patterns: Patterns = module.backend_url_patterns
    return patterns


def part_for(known: Patterns, endpoint_prefix: str) -> str | None:
    """The part of moto that answers for a service, by the prefix of the service's addresses."""
    hosts = [host.format(endpoint_prefix) for host in _HOSTS]
    return next((part for part, pattern in known if any(map(pattern.match, hosts))), None)


def parts(known: Patterns, prefixes: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Those of the services (name to endpoint prefix) that moto has, with the part of it that is theirs."""
    names = {part for part, _ in known}
    for service, prefix in prefixes.items():
        name = service.replace("-", "")  # where two services have one address
        part = name if name in names else part_for(known, prefix)
        if part:
            yield service, part
