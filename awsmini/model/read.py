"""A user's model file, of either kind, as the lines of a service."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from awsmini.errors import ModelError
from awsmini.model import smithy
from awsmini.model.build import service_lines, service_lines_of
from awsmini.model.load import services


def read(path: Path, name: str | None = None) -> tuple[str, bytes]:
    """The service's name and lines, from a Smithy JSON AST, a `service-2.json`, or the folder that holds one.

    The name is the one given, or what the model says. Paginators, waiters and endpoint rules are read from beside a `service-2.json`. Raises ModelError, or what the
    readers raise.
    """
    folder = path if path.is_dir() else path.parent
    file = next(iter(folder.glob("service-2.json*")), path) if path.is_dir() else path
    model = _json(file)
    if smithy.is_smithy(model):
        files = smithy.files(model)
        name = name or service_name(files["service-2"]["metadata"])
        return name, service_lines(name, files.get)
    if not isinstance(model.get("metadata"), dict) or not isinstance(model.get("operations"), dict):
        raise ModelError(f"{path} is neither a Smithy model nor a botocore service model")
    name = name or service_name(model["metadata"])
    if file.name.startswith("service-2.json"):
        return name, service_lines_of(folder, name)
    return name, service_lines(name, {"service-2": model}.get)


def service_name(metadata: Mapping[str, Any]) -> str:
    """What the service is called here: as the shipped service of the same ID, or by its ID in lower case."""
    service_id = metadata.get("serviceId") or metadata.get("endpointPrefix")
    if not isinstance(service_id, str):
        raise ModelError("The model does not say its serviceId")
    for name, about in services().items():
        if about["id"] == service_id:
            return name
    return service_id.lower().replace(" ", "-")


def _json(file: Path) -> dict[str, Any]:
    try:
        content = file.read_bytes()
        found = json.loads(gzip.decompress(content) if file.suffix == ".gz" else content)
    except OSError as error:
        raise ModelError(f"{file} cannot be read: {error.strerror or error}") from error
    except (ValueError, EOFError, RecursionError) as error:
        raise ModelError(f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ModelError(f"{file} is neither a Smithy model nor a botocore service model")
    return found
