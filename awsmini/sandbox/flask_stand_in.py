"""What moto takes of Flask, made of werkzeug: Flask and what it needs take as long to install and load as all else.

`install` puts it in the place of the modules `flask`, `flask.testing` and `flask_cors`, whether or not those are
installed.
"""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request as PlainRequest
from werkzeug.wrappers import Response as PlainResponse

_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
_current: ContextVar[PlainRequest] = ContextVar("request")


class Request(PlainRequest):
    """The class that moto's own request is a subclass of."""


class Response(PlainResponse):
    """Flask's has another default type, and leaves redirects as they are."""

    default_mimetype = "text/html"
    autocorrect_location_header = False


class Flask:
    """Finds the function for a path, and calls it."""

    def __init__(self, name: str, template_folder: str | None = None) -> None:
        self.request_class: type[PlainRequest] = Request
        self.url_map = Map()
        self.view_functions: dict[str, Callable[..., Any]] = {}

    def add_url_rule(
        self, rule: str, *, endpoint: str, methods: Sequence[str], view_func: Callable[..., Any], strict_slashes: bool
    ) -> None:
        self.url_map.add(Rule(rule, endpoint=endpoint, methods=methods, strict_slashes=strict_slashes))
        self.view_functions[endpoint] = view_func

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = self.request_class(environ)
        before = _current.set(request)
        try:
            endpoint, values = self.url_map.bind_to_environ(environ).match()
            response = self.view_functions[endpoint](**values)
        except HTTPException as error:
            response = error.get_response(environ)
        finally:
            _current.reset(before)
        _allow_other_origins(request, response)
        body: Iterable[bytes] = response(environ, start_response)
        return body


def _allow_other_origins(request: PlainRequest, response: PlainResponse) -> None:
    """As flask_cors does without settings: pages of a browser may ask."""
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        asked = request.headers.get("Access-Control-Request-Headers")
        response.headers.setdefault("Access-Control-Allow-Methods", _METHODS)
        if asked:
            response.headers.setdefault("Access-Control-Allow-Headers", asked)


def render_template(name: str) -> str:
    """moto's page for a browser, of which Jinja would leave everything as it is but the marks that say so."""
    folder = Path(str(import_module("moto").__file__)).parent / "moto_server" / "templates"
    return re.sub(r"{% (end)?raw %}", "", (folder / name).read_text())


def install() -> None:
    """Put it in the place of Flask."""
    modules: dict[str, dict[str, Any]] = {
        "flask": {
            "Flask": Flask,
            "Request": Request,
            "Response": Response,
            "request": LocalProxy(_current),
            "render_template": render_template,
        },
        "flask.testing": {"FlaskClient": object},
        "flask_cors": {"CORS": lambda app: None},
    }
    for name, content in modules.items():
        module = sys.modules[name] = ModuleType(name)
        module.__dict__.update(content)
