"""The hook of the build: models and large data lie readable in the checkout, and packed in the wheel."""

import runpy
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODELS = "awsmini/data/models"
COMPRESSED = ("additions.jsonl", "handwritten.json", "service-regions.json", "services.json")
PACKING = "awsmini/model/packed.py"


class PackModels(BuildHookInterface[Any]):
    """Puts packed files in the place of those that the wheel leaves out."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" for an installation that runs from the checkout: that reads what lies there."""
        self._folder, self._compressed = TemporaryDirectory(), TemporaryDirectory()
        if version == "editable":
            return
        packing = runpy.run_path(str(Path(self.root, PACKING)))
        models = {path.stem: path.read_bytes() for path in sorted(Path(self.root, MODELS).glob("*.jsonl"))}
        for name, content in packing["folder"](models):
            Path(self._folder.name, name).write_bytes(content)
        build_data["force_include"][self._folder.name] = MODELS
        for name in COMPRESSED:
            content = zlib.compress(Path(self.root, "awsmini/data", name).read_bytes(), 9)
            Path(self._compressed.name, name + packing["ZLIB"]).write_bytes(content)
        build_data["force_include"][self._compressed.name] = "awsmini/data"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self._folder.cleanup()
        self._compressed.cleanup()
