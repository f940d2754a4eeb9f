"""What is loaded late is named by a "module:attribute" text; each of them leads somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest

import awsmini
from tests.source import nodes

PACKAGE = Path(awsmini.__file__).parent
REFERENCE = re.compile(r"awsmini(\.\w+)+:\w+(\.\w+)*")


def references() -> Iterator[tuple[str, str]]:
    """Every such text in the code, with the file it stands in."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in nodes(path):
            if isinstance(node, ast.Constant) and REFERENCE.fullmatch(node.value):
                yield str(path.relative_to(PACKAGE)), node.value


@pytest.mark.parametrize(("file", "reference"), sorted(set(references())))
def test_it_resolves(file, reference):
    assert resolve_name(reference) is not None


def test_there_are_some():
    assert len(set(references())) > 20
