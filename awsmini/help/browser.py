"""A page of help in the browser."""

import os
import tempfile
import webbrowser
from collections.abc import Iterable

from awsmini.app import App
from awsmini.help.page import Block
from awsmini.help.web import document


def show(app: App, title: str, page: Iterable[Block]) -> None:
    """Write the page to a file of its own, and open that. The file stays, for the browser reads it when it may."""
    handle, path = tempfile.mkstemp(prefix="awsmini-help-", suffix=".html")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(document(title, page))
    app.stdout.write("Opening help file in the default browser.\n")
    app.stdout.flush()
    if not webbrowser.open_new_tab(f"file://{path}"):
        app.stderr.write(f"There is no browser to open it with; the page is {path}\n")
