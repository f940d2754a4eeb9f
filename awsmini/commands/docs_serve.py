"""`awsmini docs serve`: the site for browsers of this machine. Nothing is read for a page but models."""

from contextlib import suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from urllib.parse import unquote, urlsplit

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.commands import docs_index as index
from awsmini.commands.docs_site import ASSETS, STATIC, Site
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.model.load import content

HOST = "127.0.0.1"
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
POLICY = "default-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGES, FOR_LATER = "no-store", "max-age=600"


class PortError(AwsminiError):
    """The port cannot be listened on."""


def run(invocation: Invocation, values: Values) -> int:
    """Serve until Ctrl+C."""
    port = values.get("port", 0)
    if not 0 <= port < 65536:
        raise ParamValidationError("--port is a number from 0 to 65535.")
    site = Site(invocation, values.get("services", ()))
    try:
        server = ThreadingHTTPServer((HOST, port), handler(site))
    except OSError as error:
        raise PortError(f"--port {port} cannot be listened on: {error.strerror or error}") from None
    with server, suppress(KeyboardInterrupt):
        invocation.app.stdout.write(f"The manual is at http://{HOST}:{server.server_port}/ until Ctrl+C.\n")
        invocation.app.stdout.flush()
        server.serve_forever()
    return 0


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    """What answers requests with the files of a site."""
    lock = Lock()  # pages share what is kept of models

    @cache
    def of_index(name: str) -> str | None:
        return index.content(site, name)

    def text(path: str) -> str | None:
        *folders, name = path.removeprefix("/").split("/")
        if folders == [ASSETS] and name in STATIC:
            return content(f"docs/{name}").decode()
        stem, _, kind = (name or "index.html").rpartition(".")
        with lock:
            if kind == "html":
                return site.html((*folders, stem) if folders or stem != "index" else ())
            if kind == "js" and folders[:1] == [ASSETS]:
                is_part = len(folders) == 2 and stem.isdecimal()
                return site.part(folders[1], int(stem)) if is_part else of_index(name) if len(folders) == 1 else None
        return None

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "awsmini"
        sys_version = ""

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").rpartition(":")[0]
            path = unquote(urlsplit(self.path).path)
            found = text(path) if host in (HOST, "localhost") else None  # another name is someone else's page
            self._answer(200 if found is not None else 404, path.rpartition(".")[2], found)

        def do_HEAD(self) -> None:
            self.do_GET()

        def _answer(self, status: int, kind: str, found: str | None) -> None:
            content = ("There is no such page.\n" if found is None else found).encode("utf-8", "replace")
            self.send_response(status)
            type_name = "text/plain" if found is None else TYPES.get(kind, "text/html")
            self.send_header("Content-Type", f"{type_name}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header(
                "Cache-Control", FOR_LATER if kind == "js" and f"/{ASSETS}/site" not in self.path else PAGES
            )
            self.end_headers()
            if self.command != "HEAD":
                with suppress(ConnectionError):
                    self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    return Handler
