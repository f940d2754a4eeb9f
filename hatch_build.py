"""The hook of the build: the models lie readable in the checkout, and packed in the wheel."""

import runpy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODELS = "awsmini/data/models"
PACKING = "awsmini/model/packed.py"


class PackModels(BuildHookInterface[Any]):
    """Puts packed models in the place of those that the wheel leaves out."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" for an installation that runs from the checkout: that reads what lies there."""
        self._folder = TemporaryDirectory()
        if version == "editable":
            return
        models = {path.stem: path.read_bytes() for path in sorted(Path(self.root, MODELS).glob("*.jsonl"))}
        for name, content in runpy.run_path(str(Path(self.root, PACKING)))["folder"](models):
            Path(self._folder.name, name).write_bytes(content)
        build_data["force_include"][self._folder.name] = MODELS

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self._folder.cleanup()
