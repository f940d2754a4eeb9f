"""moto behind the front: loaded, and told which of its services a request without a signature is for."""

import re
from importlib import import_module
from typing import Any

from awsmini.sandbox import ASKED
from awsmini.sandbox.index import part_for
from awsmini.sandbox.lighter import hasten, lighten
from awsmini.sandbox.refusal import Refusal

_ASKED = f"HTTP_{ASKED.upper().replace('-', '_')}"
_NO_SERVICE = "does not have this service. What it has is listed by: awsmini local services"
_NAME = re.compile(r"[a-z0-9.-]+")


def application() -> tuple[Any, type]:
    """moto's application, and its handler of requests."""
    lighten()
    werkzeug_app = import_module("moto.moto_server.werkzeug_app")
    config = import_module("moto.core.config").default_user_config
    config["lambda"] = config["batch"] = {"use_docker": False}
    hasten()

    class Dispatcher(werkzeug_app.DomainDispatcherApplication):  # type: ignore[misc,name-defined]
        """Refuses what moto would take for S3 because it knows no better."""

        def get_backend_for_host(self, host: str | None) -> Any:
            found = None if host is None else super().get_backend_for_host(host)
            if host is not None and found is None:
                raise Refusal(_NO_SERVICE)
            return found

        def infer_service_region_host(self, environ: dict[str, Any], path: str) -> str | None:
            asked = environ.get(_ASKED, "")
            if asked and part_for(self.backend_url_patterns, asked) is None:
                raise Refusal(_NO_SERVICE)  # some are signed as another one that moto has
            host: str | None = super().infer_service_region_host(environ, path)
            return f"{asked}.us-east-1.amazonaws.com" if host is None and _NAME.fullmatch(asked) else host

    return Dispatcher(werkzeug_app.create_backend_app), werkzeug_app.MotoRequestHandler
