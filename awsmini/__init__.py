"""awsmini: the AWS command line, small and fast, and its core as a library.

    import awsmini
    awsmini.client("kinesisvideo", region_name="us-east-1").list_streams()

The way of one call: argv → params → serialize → sign → send → parse → query → format. Each word is a package
or a module of that name; `flow.py` is the page to read first.
"""

from awsmini.version import __version__

TYPE_CHECKING = False  # typing and pkgutil cost a third of a warm call
if TYPE_CHECKING:
    from typing import Any

    from awsmini.client import Client, NoSuchPaginatorError, NoSuchWaiterError
    from awsmini.config.client import UNSIGNED, Config, TransferConfig
    from awsmini.config.credentials.errors import CredentialRetrievalError, PartialCredentialsError
    from awsmini.config.regions import InvalidRegionError
    from awsmini.config.settings import InvalidConfigError, ProfileNotFoundError
    from awsmini.errors import (
        AwsminiError,
        ChecksumError,
        ClientError,
        ConfigurationError,
        ConnectionClosedError,
        ConnectTimeoutError,
        EndpointConnectionError,
        EndpointError,
        HTTPClientError,
        NoCredentialsError,
        NoRegionError,
        PaginationError,
        ParamValidationError,
        ProxyConnectionError,
        ReadTimeoutError,
        ResponseParseError,
        SendError,
        SSLError,
        UnknownServiceError,
        WaiterError,
    )
    from awsmini.log_setup import set_stream_logger
    from awsmini.parse.body import IncompleteReadError
    from awsmini.parse.eventstream import EventStreamError
    from awsmini.session import Session

# Loaded on first use: the command line may never need them.
DEFAULT = "awsmini.session:default_session"
LATE = {
    "Client": "awsmini.client:Client",
    "Config": "awsmini.config.client:Config",
    "CredentialRetrievalError": "awsmini.config.credentials.errors:CredentialRetrievalError",
    "EventStreamError": "awsmini.parse.eventstream:EventStreamError",
    "IncompleteReadError": "awsmini.parse.body:IncompleteReadError",
    "InvalidConfigError": "awsmini.config.settings:InvalidConfigError",
    "InvalidRegionError": "awsmini.config.regions:InvalidRegionError",
    "NoSuchPaginatorError": "awsmini.client:NoSuchPaginatorError",
    "NoSuchWaiterError": "awsmini.client:NoSuchWaiterError",
    "PartialCredentialsError": "awsmini.config.credentials.errors:PartialCredentialsError",
    "ProfileNotFoundError": "awsmini.config.settings:ProfileNotFoundError",
    "Session": "awsmini.session:Session",
    "TransferConfig": "awsmini.config.client:TransferConfig",
    "UNSIGNED": "awsmini.config.client:UNSIGNED",
    "set_stream_logger": "awsmini.log_setup:set_stream_logger",
}
ERRORS = "awsmini.errors"

__all__ = [
    "UNSIGNED",
    "AwsminiError",
    "ChecksumError",
    "Client",
    "ClientError",
    "Config",
    "ConfigurationError",
    "ConnectTimeoutError",
    "ConnectionClosedError",
    "CredentialRetrievalError",
    "EndpointConnectionError",
    "EndpointError",
    "EventStreamError",
    "HTTPClientError",
    "IncompleteReadError",
    "InvalidConfigError",
    "InvalidRegionError",
    "NoCredentialsError",
    "NoRegionError",
    "NoSuchPaginatorError",
    "NoSuchWaiterError",
    "PaginationError",
    "ParamValidationError",
    "PartialCredentialsError",
    "ProfileNotFoundError",
    "ProxyConnectionError",
    "ReadTimeoutError",
    "ResponseParseError",
    "SSLError",
    "SendError",
    "Session",
    "TransferConfig",
    "UnknownServiceError",
    "WaiterError",
    "__version__",
    "client",
    "set_stream_logger",
    "setup_default_session",
]

# What `client` takes: of `setup_default_session`, or put here. None takes what the environment says at the moment.
DEFAULT_SESSION: "Session | None" = None


def client(service_name: str, *args: "Any", **options: "Any") -> "Client":
    """A client of the default session; the options are those of `Session.client`."""
    session: Session = DEFAULT_SESSION or _load(DEFAULT)()
    return session.client(service_name, *args, **options)


make_client = client  # the module of that name hides it once it is loaded


def setup_default_session(**options: "Any") -> None:
    """Make the session that `client` takes from now on; the options are those of `Session`."""
    global DEFAULT_SESSION
    DEFAULT_SESSION = _load(LATE["Session"])(**options)


def __getattr__(name: str) -> "Any":
    if name in LATE:
        return _load(LATE[name])
    found = getattr(_load(ERRORS), name, None) if name.endswith("Error") else None
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return found


def _load(reference: str) -> "Any":
    from pkgutil import resolve_name

    return resolve_name(reference)
