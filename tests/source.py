"""The code of the package as a test reads it: each file once, for all who look."""

import ast
from functools import cache
from pathlib import Path

_KINDS = ast.Import | ast.ImportFrom


@cache
def nodes(path: Path) -> list[ast.AST]:
    """What a file imports, and the texts in it that begin with the package's name."""
    return [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, _KINDS) or _names(node)]


def _names(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("awsmini")
