"""Which proxy a URL is sent through, as the environment says: HTTP_PROXY, HTTPS_PROXY and NO_PROXY.

The rules are those of Python's `urllib.request`, which AWS CLI v2 relies on: names in either case, the lower
case preferred; an empty lower-case name unsets; NO_PROXY holds suffixes of host names, or `*`.
"""

from collections.abc import Mapping
from contextlib import suppress
from pkgutil import resolve_name
from typing import NamedTuple
from urllib.parse import urlsplit

from awsmini.records import NOTHING

ADDRESS = "ipaddress:IPv6Address"  # few hosts are such


class Proxies(NamedTuple):
    """Proxy URLs by the scheme of what is asked for, and the hosts reached directly."""

    by_scheme: Mapping[str, str] = NOTHING
    bypass: tuple[str, ...] = ()  # host names, `host:port`, or `*`

    def url_for(self, url: str) -> str | None:
        """The proxy's URL, or None where the way is direct."""
        if not self.by_scheme:
            return None
        parts = urlsplit(url)
        proxy = self.by_scheme.get(parts.scheme)
        if not proxy or self._bypasses(_one_spelling(parts.netloc.rpartition("@")[2])):
            return None
        if "://" in proxy:
            return proxy
        return f"http:{proxy}" if proxy.startswith("//") else f"http://{proxy}"

    def _bypasses(self, netloc: str) -> bool:
        host = _split(netloc)[0]
        for suffix in map(_one_spelling, self.bypass):
            if (
                suffix == "*"
                or suffix in (host, netloc)
                or host.endswith(f".{suffix}")
                or netloc.endswith(f".{suffix}")
            ):
                return True
        return False


def _split(netloc: str) -> tuple[str, str]:
    """Host, without the brackets of an IPv6 address, and port, which may be missing."""
    if netloc.startswith("["):
        host, _, port = netloc[1:].partition("]")
        return host, port.removeprefix(":")
    if netloc.count(":") > 1:
        return netloc, ""
    host, _, port = netloc.partition(":")
    return host, port


def _one_spelling(netloc: str) -> str:
    """`host` or `host:port` as all its spellings come to: no brackets but with a port, the shortest form of IPv6."""
    host, port = _split(netloc.lower())
    host = host.rstrip(".") or host
    if ":" in host:
        with suppress(ValueError):
            host = str(resolve_name(ADDRESS)(host))
    if not port:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def from_environment(env: Mapping[str, str]) -> Proxies:
    """The proxies that environment variables name."""
    found: dict[str, str] = {}
    for upper_too in (True, False):
        for name, value in env.items():
            if name.lower().endswith("_proxy") and (upper_too or name.endswith("_proxy")):
                if value:
                    found[name[:-6].lower()] = value
                elif not upper_too:
                    found.pop(name[:-6].lower(), None)
        if upper_too and "REQUEST_METHOD" in env:
            found.pop("http", None)  # a CGI script: HTTP_PROXY is the client's header "Proxy" (CVE-2016-1000110)
    bypass = [host.strip().lstrip(".").lower() for host in found.pop("no", "").split(",")]
    return Proxies(by_scheme=found, bypass=tuple(filter(None, bypass)))


def masked(proxy_url: str) -> str:
    """The proxy's URL with its user and password hidden."""
    scheme, separator, rest = proxy_url.partition("://")
    if "@" not in rest:
        return proxy_url
    user = "***:***" if ":" in rest.rpartition("@")[0] else "***"
    return f"{scheme}{separator}{user}@{rest.rpartition('@')[2]}"
