"""Request → Reply over the network: the one place that knows an HTTP library.

Every request passes through `requests.adapters.HTTPAdapter.send`, with a prepared request made here: a
`requests.Session` would add headers and change the URL that was signed, and costs half a millisecond.
What is sent, and what is said when nothing comes back, is AWS CLI v2's (`botocore/httpsession.py`).
"""

import os
import re
import ssl
import sys
from collections.abc import Callable, Iterator
from pkgutil import resolve_name
from socket import IPPROTO_TCP, SO_KEEPALIVE, SOL_SOCKET, TCP_NODELAY
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import PoolManager, Retry, Timeout
from urllib3.poolmanager import proxy_from_url

from awsmini.errors import (
    AwsminiError,
    BrokenStreamError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    ReadTimeoutError,
    SendError,
    SSLError,
)
from awsmini.log import debug
from awsmini.records import Reply, Request
from awsmini.send.body import length
from awsmini.send.expect import POOLS
from awsmini.send.options import SenderOptions
from awsmini.send.proxies import Proxies, masked

__all__ = ["HttpSender", "SenderOptions", "Stream"]

PATIENT = "awsmini.send.patient:pools"  # for the sandbox alone
BLOCK = 128 * 1024  # bytes sent at a time from a stream
HOSTS = 64  # connection pools kept, one for each host
LARGEST_ERROR = 1024 * 1024  # bytes of an error that are read
CHUNK = 64 * 1024  # bytes of an answer handed on at a time
_BREAKS = re.compile(r"\n(?![ \t])|\r(?![ \t\n])").search  # which http.client refuses
NO_LENGTH = ("GET", "HEAD", "OPTIONS")  # methods that say nothing of a body they do not have


class HttpSender:
    """A connection pool with its options, as a function from request to reply. Threads may share it."""

    def __init__(self, options: SenderOptions | None = None) -> None:
        self.options = options or SenderOptions()
        if self.options.verify is False:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the user has said so
        self._proxies = _with_system(self.options.proxies)
        self._adapter = Adapter(self.options, self._proxies)
        try:
            self._timeout = Timeout(connect=self.options.connect_timeout, read=self.options.read_timeout)
        except ValueError as error:
            raise AwsminiError(str(error)) from None

    def __call__(self, request: Request) -> Reply:
        """The answer, whatever its status. Raises SendError (a subclass of it) where none came."""
        proxy = self._proxies.url_for(request.url)
        debug("send", "%s %s %s", request.method, request.url, request.headers)
        try:
            response = self._adapter.send(
                prepared(request),
                stream=True,
                timeout=self._timeout,  # type: ignore[arg-type]  # the adapter knows urllib3's own class too
                verify=self.options.verify,
                cert=self.options.client_cert,
                proxies={request.url.partition(":")[0]: proxy} if proxy else None,
            )
            debug("send", "%s %s %s", response.status_code, response.reason, response.headers)
            return _reply(request, response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise send_error(error, request.url, proxy) from error

    def close(self) -> None:
        """Hangs up. The sender can be used again."""
        self._adapter.close()


class Adapter(HTTPAdapter):
    """requests' adapter with pools of our own: TLS as botocore sets it up, and `Expect: 100-continue`."""

    def __init__(self, options: SenderOptions, proxies: Proxies) -> None:
        self._options = options
        self._proxies = proxies
        self._tls_lock = Lock()
        self._tls_context: ssl.SSLContext | None = None
        self._direct: dict[str, Any] = {}  # pools by scheme and host, where there are no proxies
        super().__init__(pool_connections=HOSTS, pool_maxsize=options.max_connections, max_retries=Retry(False))

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        self.poolmanager = PoolManager(**self._pool_options())
        alive = self._options.alive
        self.poolmanager.pool_classes_by_scheme = resolve_name(PATIENT)(alive) if alive else POOLS

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        return self.get_connection(str(request.url), proxies)

    def get_connection(self, url: str | bytes, proxies: Any = None) -> Any:  # requests before 2.32.2 calls this one
        origin = "/".join(str(url).split("/", 3)[:3])
        known = self._direct.get(origin)
        if known is not None and known.pool is not None:  # it has not been closed to make room for another
            return known
        found = self._found_connection(str(url))
        if not self._proxies.by_scheme and type(self._proxies) is Proxies:
            if len(self._direct) >= HOSTS:
                self._direct.clear()
            self._direct[origin] = found
        return found

    def _found_connection(self, url: str) -> Any:
        parts = urlsplit(url)
        proxy = self._proxies.url_for(url)
        manager = self.proxy_manager_for(proxy) if proxy else self.poolmanager
        secure: dict[str, Any] = {}
        if proxy and proxy.lower().startswith("https") and self._forwards(proxy, parts.scheme):
            secure = {"ssl_context": manager.proxy_config.ssl_context}  # urllib3 before 2.3 asks nowhere else
        elif parts.scheme == "https":
            reqs = "CERT_REQUIRED" if self._options.verify else "CERT_NONE"
            secure = {"ssl_context": self._tls(url), "cert_reqs": reqs}
        return manager.connection_from_host(parts.hostname, parts.port, parts.scheme, pool_kwargs=secure)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: the TLS context that the pool was made with knows."""

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        if proxy.lower().startswith("socks"):
            return super().proxy_manager_for(proxy, **proxy_kwargs)
        if proxy not in self.proxy_manager:
            tls = self._options.proxy_tls
            own = self._proxy_tls() if proxy.lower().startswith("https") else None
            manager = proxy_from_url(
                proxy,
                proxy_headers=self.proxy_headers(proxy),
                proxy_ssl_context=own,
                use_forwarding_for_https=tls.use_forwarding_for_https,
                **self._pool_options(),
            )
            manager.pool_classes_by_scheme = POOLS
            self.proxy_manager[proxy] = manager
        return self.proxy_manager[proxy]

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        """What stands after the method: byte for byte the path and query that were signed."""
        url = str(request.url)
        proxy = self._proxies.url_for(url)
        return url if proxy and self._forwards(proxy, url.partition(":")[0]) else target(url)

    def _forwards(self, proxy: str, scheme: str) -> bool:
        """Whether the proxy asks on our behalf, and so gets to see the request, instead of leading to the server."""
        kind = proxy.lower().partition(":")[0]
        if scheme == "https":
            return kind == "https" and self._options.proxy_tls.use_forwarding_for_https
        return not kind.startswith("socks")

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        response = Response()
        response.status_code = resp.status
        response.reason = resp.reason
        response.headers = resp.headers
        response.raw = resp
        response.url = str(req.url)
        response.request = req
        return response

    def _pool_options(self) -> dict[str, Any]:
        keepalive = [(SOL_SOCKET, SO_KEEPALIVE, 1)] if self._options.tcp_keepalive else []
        return {
            "num_pools": HOSTS,
            "maxsize": self._options.max_connections,
            "socket_options": [(IPPROTO_TCP, TCP_NODELAY, 1), *keepalive],
            "blocksize": BLOCK,
        }

    def _tls(self, url: str) -> ssl.SSLContext:
        """One context for all hosts, so that the CA bundle is read once; made when first needed."""
        with self._tls_lock:
            if self._tls_context is None:
                try:
                    self._tls_context = tls_context(self._options.verify, self._options.client_cert)
                except OSError as error:
                    raise _LoadError(url, error) from error
            return self._tls_context

    def _proxy_tls(self) -> ssl.SSLContext:
        """The context for a proxy that speaks TLS."""
        settings = self._options.proxy_tls
        try:
            return tls_context(settings.ca_bundle or self._options.verify, settings.client_cert)
        except OSError as error:
            raise AwsminiError("Invalid configuration value(s) provided for proxies_config.") from error


class _LoadError(SSLError):
    """A certificate file cannot be read: another attempt would not read it either."""

    retryable = False


def tls_context(verify: bool | str, client_cert: str | tuple[str, str] | None) -> ssl.SSLContext:
    """TLS 1.2 and newer, trusting the CA bundle given or certifi's. Raises OSError where a file cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_TICKET
    context.post_handshake_auth = True
    if key_log := os.environ.get("SSLKEYLOGFILE"):
        context.keylog_filename = key_log
    if verify:
        bundle = DEFAULT_CA_BUNDLE_PATH if verify is True else verify
        folder = os.path.isdir(bundle)
        context.load_verify_locations(cafile=None if folder else bundle, capath=bundle if folder else None)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if client_cert:
        context.load_cert_chain(*([client_cert] if isinstance(client_cert, str) else client_cert))
    return context


class Response(requests.Response):
    """Without a jar for cookies, which only sessions look into."""

    def __init__(self) -> None:
        self._content = False  # type: ignore[assignment]  # as requests says that nothing is read
        self._content_consumed = False
        self.history = []
        self.encoding = None


class Headers(CaseInsensitiveDict):  # type: ignore[type-arg]  # no generic class in requests before 2.34
    """urllib3 copies them for each request, which only reads the copy."""

    def copy(self) -> Any:
        return dict(self.items())


def prepared(request: Request) -> requests.PreparedRequest:
    """The request as `requests` has it, with nothing added but what frames the body."""
    made = requests.PreparedRequest()
    made.method = request.method
    made.url = request.url
    made.body = request.body or None  # type: ignore[assignment]  # streams are taken too
    headers = Headers()
    for name, value in request.headers.items():
        if _BREAKS(name):
            raise ValueError(f"Header field name contains invalid characters: {name!r}")
        if _BREAKS(value):  # http.client would show it, and it may be a token
            raise ValueError(f"Invalid header value of {name}: it holds a carriage return or a line end")
        headers[name] = value if value.isascii() else value.encode()
    if "Content-Length" not in headers and "Transfer-Encoding" not in headers:
        size = length(request.body)
        if size is None:
            headers["Transfer-Encoding"] = "chunked"
        elif size or request.method not in NO_LENGTH:
            headers["Content-Length"] = str(size)
    made.headers = headers
    return made


def target(url: str) -> str:
    """The path and query of a whole URL, as they stand in it."""
    rest = url[url.index("://") + 3 :]
    at = min((at for at in map(rest.find, "/?") if at >= 0), default=len(rest))
    path = rest[at:].partition("#")[0]
    return path if path.startswith("/") else f"/{path}"


class Stream:
    """The unread body of an answer. Errors come as ours, and the connection goes back once all is read."""

    def __init__(self, raw: Any, url: str) -> None:
        self._raw = raw
        self._url = url

    def read(self, size: int | None = None) -> bytes:
        """Up to `size` bytes, all that is left without a size, none at the end. Raises SendError."""
        try:
            data: bytes = self._raw.read(size if size is None or size >= 0 else None, decode_content=False)
        except urllib3.exceptions.ReadTimeoutError as error:
            raise ReadTimeoutError(self._url) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise BrokenStreamError(error.args[0] if error.args else str(error)) from error
        return data

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read(CHUNK):
            yield data

    def close(self) -> None:
        """Lets go of the connection; what is unread is lost."""
        self._raw.close()
        self._raw.release_conn()


def _reply(request: Request, response: requests.Response) -> Reply:
    headers = {name.lower(): value for name, value in response.raw.headers.itermerged()}  # what comes twice is joined
    streamed = request.stream and response.status_code < 300
    read = _error_body if response.status_code >= 300 else _body
    return Reply(
        status=response.status_code,
        reason=response.reason or "",
        headers=headers,
        body=b"" if streamed else read(response.raw),
        raw=Stream(response.raw, request.url) if streamed else None,
        request=request,
        spelled=response.headers,
        framed="content-length" in headers or "transfer-encoding" in headers,
    )


def _body(raw: Any) -> bytes:
    body: bytes = raw.read(decode_content=False)
    return body


def _error_body(raw: Any) -> bytes:
    """What comes of an error, up to what no error is longer than; the rest is not waited for."""
    parts: list[bytes] = []
    size = 0
    while size < LARGEST_ERROR and (part := raw.read(LARGEST_ERROR - size, decode_content=False)):
        parts.append(part)
        size += len(part)
    if size == LARGEST_ERROR:
        raw.close()
    return b"".join(parts)


def send_error(error: Exception, url: str, proxy: str | None) -> SendError:
    """What went wrong, in our words. `error` is from requests, urllib3, the socket, or about the URL itself."""
    cause = _cause(error)
    for kinds, meaning in _MEANINGS:
        if isinstance(error, kinds) or isinstance(cause, kinds):
            return meaning(url, proxy, cause)
    unknown = HTTPClientError(cause)
    unknown.retryable = not isinstance(cause, ValueError)
    return unknown


def _cause(error: Exception) -> Exception:
    """What urllib3 said, where requests wraps it."""
    cause = error.args[0] if error.args and isinstance(error, requests.RequestException) else error
    if isinstance(cause, urllib3.exceptions.MaxRetryError):
        cause = cause.reason
    return cause if isinstance(cause, Exception) else error


def _refusal(cause: Exception) -> str:
    """What a proxy has answered instead of leading to the server."""
    said = str(getattr(cause, "original_error", ""))
    return said if said.startswith("Tunnel connection failed") else ""


def _untrusted(url: str, proxy: str | None, cause: Exception) -> SendError:
    found = SSLError(url, cause)
    found.retryable = not any(isinstance(arg, ssl.SSLCertVerificationError) for arg in cause.args)
    return found


# In this order: a proxy's failures, for one, are connection failures too.
_MEANINGS: tuple[tuple[tuple[type[Exception], ...], Callable[[str, str | None, Exception], SendError]], ...] = (
    ((requests.exceptions.SSLError, urllib3.exceptions.SSLError), _untrusted),
    ((urllib3.exceptions.NewConnectionError,), lambda url, _, __: EndpointConnectionError(url)),
    (
        (requests.exceptions.ProxyError, urllib3.exceptions.ProxyError),
        lambda _, proxy, cause: ProxyConnectionError(masked(proxy or ""), _refusal(cause)),
    ),
    (
        (requests.exceptions.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError),
        lambda url, _, __: ConnectTimeoutError(url),
    ),
    (
        (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError),
        lambda url, _, __: ReadTimeoutError(url),
    ),
    (
        (urllib3.exceptions.ProtocolError, requests.exceptions.ChunkedEncodingError, ConnectionError),
        lambda url, _, __: ConnectionClosedError(url),
    ),
    ((requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema), lambda _, __, cause: _unsendable(cause)),
    ((requests.exceptions.ConnectionError,), lambda url, _, __: EndpointConnectionError(url)),
)


def _unsendable(cause: Exception) -> SendError:
    found = HTTPClientError(cause)
    found.retryable = False
    return found


class _SystemProxies(Proxies):
    """The proxies of the system's own settings, on macOS and Windows."""

    def url_for(self, url: str) -> str | None:
        return None if proxy_bypass(urlsplit(url).netloc) else super().url_for(url)


def _with_system(proxies: Proxies) -> Proxies:
    """The proxies, or the system's where the environment names none, as `urllib.request` has it."""
    if proxies.by_scheme or sys.platform not in ("darwin", "win32"):
        return proxies
    return _SystemProxies(by_scheme=getproxies())
