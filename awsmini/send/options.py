"""How requests are sent, as a value: made from the settings, without loading any HTTP library."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from awsmini.errors import AwsminiError
from awsmini.send.proxies import Proxies

DEFAULT_TIMEOUT = 60.0  # seconds, to connect and to read


class InvalidCaBundleError(AwsminiError):
    """A CA bundle was named, with an empty name."""

    def __init__(self) -> None:
        super().__init__(
            "Invalid CA bundle: the configured value (ca_bundle, AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or verify) "
            "resolved to an empty or whitespace-only string. Provide a valid path to a CA bundle file."
        )


class ProxyTls(NamedTuple):
    """How a proxy that speaks TLS itself is met: the config file's `proxy_*` settings."""

    ca_bundle: str | None = None
    client_cert: str | None = None  # a path to certificate and key in one file
    use_forwarding_for_https: bool = False


class SenderOptions(NamedTuple):
    """One connection pool's options. Timeouts are in seconds, None to wait without limit."""

    verify: bool | str = True  # False: no check of certificates; a path: the CA bundle to trust
    connect_timeout: float | None = DEFAULT_TIMEOUT
    read_timeout: float | None = DEFAULT_TIMEOUT
    max_connections: int = 10  # kept open to one host; more may be opened at a time
    tcp_keepalive: bool = False
    client_cert: str | tuple[str, str] | None = None  # one file, or certificate and key
    proxies: Proxies = Proxies()  # `send.proxies.from_environment` reads them
    proxy_tls: ProxyTls = ProxyTls()
    alive: Callable[[], object] | None = None  # asked while the other side is silent: raises where it does not live


def verify_value(verify_ssl: bool, ca_bundle: str | None, env: Mapping[str, str]) -> bool | str:
    """`SenderOptions.verify` of the settings. `ca_bundle` is --ca-bundle, AWS_CA_BUNDLE or the config file's.

    Raises InvalidCaBundleError where a path is blank.
    """
    if not verify_ssl:
        return False
    bundle = ca_bundle if ca_bundle is not None else env.get("REQUESTS_CA_BUNDLE")
    if bundle is None:
        return True
    if not bundle.strip():
        raise InvalidCaBundleError
    return bundle


def timeout_value(name: str, text: str | int | None) -> float | None:
    """Seconds from `--cli-read-timeout` and `--cli-connect-timeout` (`name` is read or connect); 0 is no limit."""
    if text is None:
        return DEFAULT_TIMEOUT
    try:
        seconds = int(text)
    except ValueError as error:
        raise AwsminiError(str(error)) from None
    if seconds < 0:
        raise AwsminiError(
            f"Attempted to set {name} timeout to {seconds}, but the timeout cannot be set to a value "
            "less than or equal to 0."
        )
    return float(seconds) or None
