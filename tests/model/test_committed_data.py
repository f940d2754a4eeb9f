"""The models that are committed: facts only, and exactly what `awsmini models build` makes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import pytest

from awsmini.commands.models_build import changes
from awsmini.model.build import build
from awsmini.model.load import DATA, SHIPPED, data

PROSE_KEYS = {"documentation", "documentationUrl", "deprecatedMessage", "deprecatedSince", "examples", "description"}
LONGEST_TEXT = 400  # characters: patterns, and what an endpoint rule answers; a paragraph is longer


def lines() -> Iterator[tuple[str, str, str, Any]]:
    for path in sorted(SHIPPED.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            kind, name, fact = line.decode().split("\t", 2)
            yield path.stem, kind, name, json.loads(fact)


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, with the key it stands under."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, key)
    elif isinstance(value, str):
        yield key, value


def test_no_documentation_text():
    markup = re.compile(r"</?(p|a|code|i|b|note|li|ul|important)[ >]")
    found = [
        (service, kind, name, key, text[:60])
        for service, kind, name, fact in lines()
        for key, text in strings(fact)
        if key in PROSE_KEYS or markup.search(text) or (len(text) > LONGEST_TEXT and key != "pattern")
    ]
    assert found == []


def test_no_documentation_in_the_other_data():
    for name in ("services.json", "defaults.json", "retry.json", "regions.json", "service-regions.json"):
        assert [text for key, text in strings(data(name)) if key in PROSE_KEYS] == []


def test_lines_are_sorted_and_compact():
    for path in SHIPPED.glob("*.jsonl"):
        content = path.read_bytes()
        assert content.endswith(b"\n")
        found = content.splitlines()
        assert found == sorted(found), path.name
        for line in found:
            assert json.dumps(json.loads(line.split(b"\t", 2)[2]), separators=(",", ":"), ensure_ascii=False).encode() \
                == line.split(b"\t", 2)[2]  # fmt: skip


def test_every_service_has_its_model_and_its_entry():
    assert {path.stem for path in SHIPPED.iterdir()} == set(data("services.json")["services"])
    assert len(data("services.json")["services"]) >= 439


def test_rebuilding_gives_the_same_bytes():
    committed = data("services.json")["botocore"]
    if botocore.__version__ != committed:
        pytest.skip(f"botocore {botocore.__version__} is installed, the models are of {committed}")
    assert changes(dict(build(Path(botocore.__file__).parent)), DATA) == {}
