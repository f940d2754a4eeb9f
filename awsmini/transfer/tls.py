"""TLS for the engine's connections: the same trust as `send/http.py`, and a reader for downloads.

Loaded only where something goes over https.
"""

import os
import socket
import ssl
from pathlib import Path

import certifi

from awsmini.errors import SSLError
from awsmini.send.options import SenderOptions

GULP = 256 * 1024  # bytes read from the socket at a time

WANTS_READ = ssl.SSLWantReadError
WANTS_WRITE = ssl.SSLWantWriteError


class UnreadableCertificateError(SSLError):
    """A certificate file cannot be read: another attempt would not read it either."""

    retryable = False


class UntrustedError(SSLError):
    """The other side's certificate is not one to trust."""

    retryable = False


def tls_context(options: SenderOptions) -> ssl.SSLContext:
    """TLS 1.2 and newer, trusting the CA bundle given or certifi's. Raises OSError where a file cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_TICKET
    context.post_handshake_auth = True
    if key_log := os.environ.get("SSLKEYLOGFILE"):
        context.keylog_filename = key_log
    if options.verify:
        bundle = certifi.where() if options.verify is True else options.verify
        folder = Path(bundle).is_dir()
        context.load_verify_locations(cafile=None if folder else bundle, capath=bundle if folder else None)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.client_cert:
        cert = options.client_cert
        context.load_cert_chain(*([cert] if isinstance(cert, str) else cert))
    return context


def failed(error: ssl.SSLError, url: str) -> SSLError:
    """What a TLS error means for the request to `url`."""
    return (UntrustedError if isinstance(error, ssl.SSLCertVerificationError) else SSLError)(url, error)


def wrap(context: ssl.SSLContext, sock: socket.socket, host: str) -> ssl.SSLSocket:
    """The socket with TLS; the handshake is still to be done."""
    return context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False, suppress_ragged_eofs=False)


class TlsReader:
    """A connected, blocking socket with TLS, made for long answers.

    `SSLSocket` asks the kernel twice for each record of 16 KB; here a quarter of a megabyte is taken at a time.
    """

    def __init__(self, context: ssl.SSLContext, sock: socket.socket, host: str) -> None:
        self._socket = sock
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._buffer = bytearray(GULP)
        self._view = memoryview(self._buffer)
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)

    def do_handshake(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
                continue
            self._flush()
            return

    def sendall(self, data: bytes) -> None:
        self._tls.write(data)
        self._flush()

    def recv(self, size: int) -> bytes:
        buffer = bytearray(size)
        return bytes(memoryview(buffer)[: self.recv_into(memoryview(buffer))])

    def recv_into(self, view: memoryview) -> int:
        """Bytes put into the view: as many as are at hand, at least one; 0 at the end."""
        got = 0
        size = len(view)
        while got < size:
            try:
                count = self._tls.read(size - got, view[got:])
            except ssl.SSLWantReadError:
                if got:
                    break
                self._flush()
                self._fill()
                continue
            except ssl.SSLEOFError:
                break
            if not count:
                break
            got += int(count)
        return got

    def settimeout(self, seconds: float | None) -> None:
        self._socket.settimeout(seconds)

    def shutdown(self, how: int) -> None:
        self._socket.shutdown(how)

    def close(self) -> None:
        self._socket.close()

    def _fill(self) -> None:
        count = self._socket.recv_into(self._buffer)
        if count:
            self._incoming.write(self._view[:count])
        else:
            self._incoming.write_eof()

    def _flush(self) -> None:
        data = self._outgoing.read()
        if data:
            self._socket.sendall(data)
