"""`awsmini docs build`: the whole site into a folder, page by page."""

import os
from collections.abc import Iterator
from pathlib import Path

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.commands import docs_index as index
from awsmini.commands.docs_parts import COMMON
from awsmini.commands.docs_site import ASSETS, STATIC, Site, address
from awsmini.errors import ParamValidationError
from awsmini.model.load import content
from awsmini.system.atomic import writing

MARK = "made-by-awsmini"  # a file of the folder: what is in it may be replaced


def run(invocation: Invocation, values: Values) -> int:
    folder = Path(values["folder"])
    site = Site(invocation, values.get("services", ()), kept=2)
    _take(folder)
    written = set()
    for name, text in _files(site):
        path = folder / name
        if path.parent not in written:
            path.parent.mkdir(exist_ok=True, parents=True)
        with writing(str(path)) as file:
            file.write(text.encode("utf-8", "replace"))
        written |= {path, path.parent}
    for path in folder.rglob("*.html"):  # of commands that there are no more
        if path not in written:
            path.unlink()
    pages = sum(path.suffix == ".html" for path in written)
    invocation.app.stdout.write(f"{pages} pages: {folder / 'index.html'}\n")
    return 0


def _files(site: Site) -> Iterator[tuple[str, str]]:
    """Name and text of each file, those of a service together: its model and prose are read once."""
    for name in STATIC:
        yield f"{ASSETS}/{name}", content(f"docs/{name}").decode()
    yield f"{ASSETS}/names.js", index.names(site)
    yield from _parts(site, COMMON)
    chunks = {kind: index.Chunks(site, kind) for kind in index.kinds(site)}
    for words in site.paths():
        page = site.html(words)
        assert page is not None, words
        yield address(words), page
        if len(words) == 1 and words[0] in site.services:
            yield from _parts(site, words[0])
            for chunk in chunks.values():
                yield from ((f"{ASSETS}/{name}", text) for name, text in chunk.add(words[0]))


def _parts(site: Site, service: str) -> Iterator[tuple[str, str]]:
    number = 0
    while (part := site.part(service, number)) is not None:
        if part:
            yield f"{ASSETS}/{service}/{number}.js", part
        number += 1


def _take(folder: Path) -> None:
    """Mark the folder as ours. Raises ParamValidationError for one with what we have not made."""
    if folder.exists() and not (folder / MARK).is_file() and (not folder.is_dir() or os.listdir(folder)):
        raise ParamValidationError(f"{folder} is not empty, and has not been written by `awsmini docs build`.")
    folder.mkdir(exist_ok=True, parents=True)
    (folder / MARK).touch()
