"""One direction: commands → services → client → flow → stages → model and records, and no circles.

Every import counts, those for types alone too, and every reference by which something is loaded late. What may reach
up is named below, with the reason.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import awsmini
from tests.source import nodes

PACKAGE = Path(awsmini.__file__).parent
REFERENCE = re.compile(r"(awsmini(?:\.\w+)+):\w+(?:\.\w+)*")

# From the top down. A module belongs to the longest of these names that it begins with.
LAYERS = (
    ("awsmini.__main__", "awsmini.start", "awsmini.warm_server"),
    ("awsmini.cli",),
    ("awsmini.commands", "awsmini.completion", "awsmini.help", "awsmini.prompt"),
    ("awsmini.services.*",),  # what lies in the folders of services, but for the pages
    ("awsmini.cluster", "awsmini.transfer"),
    ("awsmini.wizards",),
    ("awsmini.commandline", "awsmini.history", "awsmini.history_secrets"),
    ("awsmini", "awsmini.sandbox", "awsmini.warm", "awsmini.session", "awsmini.client"),
    ("awsmini.calls", "awsmini.flow"),
    ("awsmini.format",),
    ("awsmini.params", "awsmini.sign"),
    ("awsmini.config",),
    ("awsmini.app",),
    ("awsmini.paging", "awsmini.parse", "awsmini.send", "awsmini.serialize", "awsmini.waiting"),
    ("awsmini.model", "awsmini.records"),
    ("awsmini.services",),  # the index, the record, and the pages, which hold references alone
    (
        "awsmini.errors",
        "awsmini.log",
        "awsmini.log_setup",
        "awsmini.query",
        "awsmini.query_paths",
        "awsmini.references",
        "awsmini.system",
        "awsmini.version",
    ),
)
RANKS = {name: place for place, names in enumerate(LAYERS) for name in names}

# References that reach up by their nature: whoever is below hands the work to whoever is above.
REACHING_UP = {
    "awsmini.client": "docstrings of methods are help",
    "awsmini.commandline.handwritten": "help and aliases are commands, and any command may be asked for them",
}
# Imports for types alone that reach up.
NAMING_TYPES = {
    "awsmini.services.protocols": "says of each stage what its function takes and gives, so it names the types of all",
}


@cache
def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def is_page(module: str) -> bool:
    """Whether a module is a page of a service, the index of them or the record they are made of."""
    parts = module.split(".")
    return parts[:2] == ["awsmini", "services"] and (
        module in ("awsmini.services", "awsmini.services.record", "awsmini.services.protocols")
        or (len(parts) == 3 and "SERVICE = " in modules()[module].read_text())
    )


def rank(module: str) -> int:
    """The place of a module's layer; the lowest has the highest."""
    if module.startswith("awsmini.services"):
        return RANKS["awsmini.services" if is_page(module) else "awsmini.services.*"]
    name = module
    while name not in RANKS:
        name = name.rpartition(".")[0]
    assert name != "awsmini" or module == "awsmini", f"{module} is in no layer"
    return RANKS[name]


@cache
def imports(module: str) -> frozenset[tuple[str, int]]:
    """The modules of the package that a module imports, and where."""
    return frozenset(found for node in nodes(modules()[module]) for found in _imported(node))


def _imported(node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "awsmini":
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            yield (full if full in modules() else node.module), node.lineno
    elif isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name in modules():
                yield alias.name, node.lineno


@cache
def references(module: str) -> frozenset[tuple[str, int]]:
    """The modules that texts like "module:attribute" name, and where."""
    found = set()
    for node in nodes(modules()[module]):
        if isinstance(node, ast.Constant):
            match = REFERENCE.fullmatch(node.value)
            if match and match[1] in modules():
                found.add((match[1], node.lineno))
    return frozenset(found)


def up(module: str, targets: frozenset[tuple[str, int]]) -> list[str]:
    return [f"{module}:{line} -> {target}" for target, line in sorted(targets) if rank(target) < rank(module)]


def test_no_import_runs_up():
    arrows = [arrow for name in sorted(modules()) if name not in NAMING_TYPES for arrow in up(name, imports(name))]
    assert arrows == []


def test_no_reference_runs_up():
    arrows = [
        arrow
        for name in sorted(modules())
        if name not in REACHING_UP and not is_page(name)  # pages name what a service does at each stage
        for arrow in up(name, references(name))
    ]
    assert arrows == []


def test_each_that_may_reach_up_does():
    assert [name for name in NAMING_TYPES if not up(name, imports(name))] == []
    assert [name for name in REACHING_UP if not up(name, references(name))] == []


def test_no_imports_go_round():
    counted = {name: frozenset() if name in NAMING_TYPES else imports(name) for name in modules()}
    assert circles({name: {target for target, _ in targets} - {name} for name, targets in counted.items()}) == []


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that lead to each other: strongly connected components, found as Tarjan does."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for target in arrows[name]:
            if target not in order:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], order[target])
        if low[name] == order[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(arrows):
        if name not in order:
            visit(name)
    return sorted(found)
