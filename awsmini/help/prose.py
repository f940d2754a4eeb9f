"""AWS's own documentation of a service, where it is installed: botocore (the extra `docs`) ships it with its models.

The models that calls are made from have none. Of a documentation file only the parts that a page shows are
decoded: the file is indented, so an entry begins and ends at lines that can be searched for. A file that is
laid out otherwise is decoded as a whole.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterable
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from awsmini.model.layout import versions

_SECTIONS = ("operations", "shapes")
_ENTRY = re.compile(r'\n    "([^"\n]+)":(?=\{)')
_DOCUMENTATION = '\n  "documentation":'
_decode = json.JSONDecoder().raw_decode


def prose(service_name: str, user_folders: Iterable[Path] = ()) -> "Prose":
    """The documentation of a service: that beside a model of the user's own, else botocore's, else none."""
    folders = [*user_folders]
    spec = find_spec("botocore")
    if spec is not None and spec.submodule_search_locations:
        folders.append(Path(spec.submodule_search_locations[0], "data"))
    for path in versions(folders, service_name):
        text = _read(path)
        if text:
            return Prose(text, path.parent / "examples-1.json")
    return Prose("")


def _read(path: Path) -> str:
    """A file, decompressed where need be; nothing where it cannot be read."""
    try:
        content = path.read_bytes()
        return (gzip.decompress(content) if path.suffix == ".gz" else content).decode(errors="replace")
    except (OSError, EOFError, zlib.error):
        return ""


class Prose:
    """Documentation texts, as AWS writes them (HTML); each is "" where there is none."""

    def __init__(self, text: str, examples: Path | None = None) -> None:
        self._text = text
        self._examples_file = examples
        self._decoded: dict[tuple[str, str], dict[str, Any]] = {}

    def __bool__(self) -> bool:
        return bool(self._text)

    @cached_property
    def lowered(self) -> str:
        """All of the documentation in lower case, to be searched."""
        return self._text.lower()

    def service(self) -> str:
        if not self._entries:
            return _text(self._whole.get("documentation"))
        at = self._text.rfind(_DOCUMENTATION)
        return _text(_decode(self._text, at + len(_DOCUMENTATION))[0]) if at >= 0 else ""

    def operation(self, name: str) -> str:
        return _text(self._get("operations", name).get("documentation"))

    def replacement(self, operation_name: str) -> str:
        """What is said of a deprecated operation."""
        return _text(self._get("operations", operation_name).get("deprecatedMessage"))

    def shape(self, name: str) -> str:
        return _text(self._get("shapes", name).get("documentation"))

    def member(self, shape_name: str, member_name: str, of_shape: str) -> str:
        """What a member's own shape says where the member itself says nothing; `of_shape` is that shape."""
        member = self._get("shapes", shape_name).get("members", {}).get(member_name, {})
        return _text(member.get("documentation")) or self.shape(of_shape)

    def examples(self, operation_name: str) -> list[dict[str, Any]]:
        """The examples of an operation: `input`, `output`, `title`, `description`, of which each may be absent."""
        found = self._examples.get(operation_name)
        return [example for example in found if isinstance(example, dict)] if isinstance(found, list) else []

    @cached_property
    def _examples(self) -> dict[str, Any]:
        text = _read(self._examples_file) if self._examples_file else ""
        found = _object(text).get("examples")
        return found if isinstance(found, dict) else {}

    def _get(self, section: str, name: str) -> dict[str, Any]:
        key = (section, name)
        found = self._decoded.get(key)
        if found is None:
            found = self._decoded[key] = self._decode(section, name)
        return found

    def _decode(self, section: str, name: str) -> dict[str, Any]:
        if not self._entries:
            whole: dict[str, Any] = self._whole.get(section, {}).get(name, {})
            return whole
        start = self._entries.get((section, name))
        if start is None:
            return {}
        found: dict[str, Any] = _decode(self._text, start)[0]
        return found

    @cached_property
    def _entries(self) -> dict[tuple[str, str], int]:
        """Where each operation and shape begins, in a file that is indented as botocore's are."""
        found: dict[tuple[str, str], int] = {}
        for section in _SECTIONS:
            start = self._text.find(f'\n  "{section}":{{\n')
            end = self._text.find("\n  }", start)
            if start >= 0:
                entries = _ENTRY.finditer(self._text, start, end if end > 0 else len(self._text))
                found |= {(section, entry.group(1)): entry.end() for entry in entries}
        return found

    @cached_property
    def _whole(self) -> dict[str, Any]:
        return _object(self._text)


def _object(text: str) -> dict[str, Any]:
    """A JSON object; an empty one where the text is none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
