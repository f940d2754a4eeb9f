"""Models in botocore's layout, `<service>/<version>/<part>.json`, spread over folders that are searched in turn.

As in botocore, each part counts in its newest version, whichever folder has it; of one version, the first folder's.
"""

from collections.abc import Sequence
from pathlib import Path

KINDS = {  # part to the kinds of lines that are made of it
    "service-2": ("service", "operation", "shape"),
    "paginators-1": ("paginator",),
    "waiters-2": ("waiter",),
    "endpoint-rule-set-1": ("endpoints",),
}
SERVICE = "service-2"


def versions(folders: Sequence[Path], service_name: str, part: str = SERVICE) -> list[Path]:
    """The files of one part, newest version first."""
    names = (f"{part}.json", f"{part}.json.gz")
    found = {
        path.parent.name: path
        for folder in reversed(folders)
        for name in names
        for path in (folder / service_name).glob(f"*/{name}")
    }
    return [found[version] for version in sorted(found, reverse=True)]


def newest(folders: Sequence[Path], service_name: str) -> dict[str, Path]:
    """Part to its file of the newest version, for the parts that the folders have."""
    found = ((part, versions(folders, service_name, part)) for part in KINDS)
    return {part: paths[0] for part, paths in found if paths}
