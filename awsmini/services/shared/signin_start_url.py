"""A start URL of one's own domain leads, by a redirect, to AWS's, which may name the region."""

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from awsmini.app import App
from awsmini.errors import ConfigurationError, SendError
from awsmini.records import Request
from awsmini.send.options import SenderOptions

AWS_SUFFIXES = (
    ".app.aws",
    ".portal.amazonaws.com",
    ".portal.amazonaws.com.cn",
    ".app.amazonwebservices.com.cn",
    ".portal.amazonaws.eu",
    ".api.amazonwebservices.eu",
    ".awsapps.com",
    ".awsapps.cn",
)
AWS_HOSTS = (
    "identitycenter.amazonaws.com",
    "identitycenter.amazonaws.com.cn",
    "identitycenter.amazonaws.eu",
    "identitycenter.us-gov.amazonaws.com",
)
_REGIONAL_HOSTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[^.]+\.portal\.([a-z0-9-]+)\.app\.aws",
        r"[^.]+\.([a-z0-9-]+)\.portal\.amazonaws\.com",
        r"[^.]+\.([a-z0-9-]+)\.portal\.amazonaws\.com\.cn",
        r"[^.]+\.portal\.([a-z0-9-]+)\.app\.amazonwebservices\.com\.cn",
        r"[^.]+\.([a-z0-9-]+)\.portal\.amazonaws\.eu",
        r"[^.]+\.portal\.([a-z0-9-]+)\.api\.amazonwebservices\.eu",
    )
)
REDIRECTS = (301, 302, 303, 307, 308)
_DEFAULT_PORTS = {"https": 443, "http": 80}


def is_aws_host(host: str) -> bool:
    host = host.lower().rstrip(".")
    return host in AWS_HOSTS or f".{host}".endswith(AWS_SUFFIXES)


def region_of(host: str) -> str | None:
    """The region that the host's name has."""
    found = (pattern.fullmatch(host.lower().rstrip(".")) for pattern in _REGIONAL_HOSTS)
    return next((match[1] for match in found if match), None)


def resolve(start_url: str, configured_region: str | None, app: App, options: SenderOptions) -> tuple[str, str]:
    """The URL to sign in at, and the region to do it in. Raises ConfigurationError."""
    parts = urlsplit(start_url)
    if parts.scheme != "https":
        raise ConfigurationError("The sso_start_url must use the https scheme.")
    if not parts.hostname:
        raise ConfigurationError(f"Invalid sso_start_url: '{start_url}'")
    if is_aws_host(parts.hostname):
        if not configured_region:
            raise ConfigurationError(
                "Missing required configuration: sso_region. Please run 'awsmini configure sso' to set it."
            )
        return start_url, configured_region
    resolved = _normalized(follow(start_url, app, options))
    target = urlsplit(resolved)
    if not target.hostname or not is_aws_host(target.hostname):
        raise ConfigurationError(
            f"Could not resolve start URL '{start_url}' to an AWS-owned endpoint. Final URL: '{resolved}'"
        )
    if target.scheme != "https":
        raise ConfigurationError(f"Resolved URL must use https. Got: '{resolved}'")
    region = region_of(target.hostname) or configured_region
    if not region:
        raise ConfigurationError(
            f"Cannot determine region from start URL '{start_url}'. Please provide sso_region in your configuration."
        )
    return resolved, region


def follow(url: str, app: App, options: SenderOptions) -> str:
    """Where one redirect leads; the URL itself where there is none."""
    send = app.open_sender(options)
    try:
        reply = send(Request(method="HEAD", url=url))
        if reply.status in (405, 501):
            reply = send(Request(method="GET", url=url))
    except SendError as error:
        raise ConfigurationError(f"Failed to resolve start URL: {error}") from None
    if reply.status in REDIRECTS:
        location = reply.headers.get("location")
        if not location:
            raise ConfigurationError("Redirect response missing Location header.")
        return urljoin(url, location)
    if reply.status >= 300:
        raise ConfigurationError(f"Failed to resolve start URL: HTTP {reply.status}")
    return url


def _normalized(url: str) -> str:
    """Scheme, host and path alone."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return urlunsplit((parts.scheme, f"{parts.hostname or ''}{port}", parts.path.rstrip("/"), "", ""))
