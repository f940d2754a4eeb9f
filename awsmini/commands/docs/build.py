"""`awsmini docs build`: the whole site into a folder, page by page."""

import os
from collections.abc import Iterator
from pathlib import Path

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.commands.docs import index
from awsmini.commands.docs.site import ASSETS, Site, address
from awsmini.errors import ParamValidationError
from awsmini.help.web import STYLE
from awsmini.system.atomic import writing

MARK = "made-by-awsmini"  # a file of the folder: what is in it may be replaced


def run(invocation: Invocation, values: Values) -> int:
    folder = Path(values["folder"])
    site = Site(invocation, values.get("services", ()))
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
    """Name and text of each file; what a page needs before the page."""
    for path in (STYLE, STYLE.with_suffix(".js")):
        yield f"{ASSETS}/{path.name}", path.read_text("utf-8")
    for name in index.files(site):
        yield f"{ASSETS}/{name}", index.content(site, name)
    for words in site.paths():
        page = site.html(words)
        assert page is not None, words
        yield address(words), page
        number = 0
        while len(words) == 1 and (part := site.part(words[0], number)) is not None:
            yield f"{ASSETS}/{words[0]}/{number}.js", part
            number += 1


def _take(folder: Path) -> None:
    """Mark the folder as ours. Raises ParamValidationError for one with what we have not made."""
    if folder.exists() and not (folder / MARK).is_file() and (not folder.is_dir() or os.listdir(folder)):
        raise ParamValidationError(f"{folder} is not empty, and has not been written by `awsmini docs build`.")
    folder.mkdir(exist_ok=True, parents=True)
    (folder / MARK).touch()
