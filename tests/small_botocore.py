"""A botocore package of a few services, for the commands that read one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SHARED = {
    "partitions.json": {"partitions": []},
    "_retry.json": {"definitions": {}, "retry": {}},
    "sdk-default-configuration.json": {"version": 1, "documentation": {"modes": {}}},
    "endpoints.json": {"partitions": [{"partition": "aws", "regions": {"us-east-1": {}}, "services": {}}]},
}


def botocore_of(folder: Path, *services: str, release: str = "9.9.9", models: Mapping[str, Any] | None = None) -> Path:
    """A package of `services` with one operation each, and of `models`, as if installed in `folder`."""
    data = folder / "botocore" / "data"
    for name, model in {**{name: plain(name) for name in services}, **(models or {})}.items():
        (data / name / "2020-01-01").mkdir(parents=True)
        (data / name / "2020-01-01" / "service-2.json").write_text(json.dumps(model))
    for name, content in SHARED.items():
        (data / name).write_text(json.dumps(content))
    (data.parent / "__init__.py").write_text(f"__version__ = '{release}'\n")
    return folder


def plain(name: str) -> dict[str, Any]:
    return {
        "metadata": {"serviceId": name, "serviceFullName": name.upper(), "apiVersion": "2020-01-01"},
        "operations": {"Ask": {"name": "Ask", "documentation": "<p>Asks.</p>"}},
    }
