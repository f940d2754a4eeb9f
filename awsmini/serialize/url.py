"""URLs: percent-encoding as AWS signs it, and the joining of an endpoint with host prefix, path and query."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit


def percent_encode(value: Any, safe: str = "") -> str:
    """Percent-encoding of all but letters, digits, `-._~` and what is `safe`; a space becomes %20."""
    return quote(value if isinstance(value, (str, bytes)) else str(value), safe=safe)


def query_string(query: Mapping[str, Any]) -> str:
    """`a=1&b=2`; a list gives one pair for each of its elements."""
    return "&".join(
        f"{percent_encode(name)}={percent_encode(element)}"
        for name, value in query.items()
        for element in (value if isinstance(value, (list, tuple)) else (value,))
    )


def without_dots(path: str) -> str:
    """A path with `.`, `..` and empty segments resolved (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    last = "/" if kept and path.endswith("/") else ""
    return f"/{'/'.join(kept)}{last}"


def join(endpoint_url: str, host_prefix: str, path: str, query: Mapping[str, Any]) -> str:
    """The whole URL. The endpoint's own path comes first, and dots and double slashes stay: they may be S3 keys."""
    base = urlsplit(endpoint_url)
    if path in ("", "/"):
        joined = base.path or "/"
    elif base.path.endswith("/") and path.startswith("/"):
        joined = base.path[:-1] + path
    else:
        joined = base.path + path
    url = urlunsplit((base.scheme, host_prefix + base.netloc, joined, base.query, base.fragment))
    encoded = query_string(query)
    if not encoded:
        return url
    return f"{url}{'&' if '?' in url else '?'}{encoded}"
