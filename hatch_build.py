"""The hook of the build: models and other data lie readable in the checkout, and packed in the wheel."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA, SCRIPTS = "awsmini/data", "completions"


class PackModels(BuildHookInterface[Any]):
    """Puts packed files in the place of those that the wheel leaves out."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" for an installation that runs from the checkout: that reads what lies there."""
        self._folder = TemporaryDirectory()
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from awsmini.model.packing import packed_data

        for name, content in packed_data(Path(self.root, DATA), Path(self.root, SCRIPTS)):
            Path(self._folder.name, name).write_bytes(content)
        build_data["force_include"][self._folder.name] = DATA

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self._folder.cleanup()
