"""Sending somebody to a page: opened in the browser, or printed to be opened by hand."""

from pkgutil import resolve_name
from typing import TextIO

from awsmini.log import debug

OPEN = "webbrowser:open_new_tab"


def print_only(out: TextIO, url: str, user_code: str | None = None, full_url: str | None = None) -> None:
    """`full_url` is the page with the code filled in."""
    out.write(f"Browser will not be automatically opened.\nPlease visit the following URL:\n\n{url}\n")
    if user_code:
        out.write(
            f"\nThen enter the code:\n\n{user_code}\n"
            f"\nAlternatively, you may visit the following URL which will autofill the code upon loading:\n{full_url}\n"
        )
    out.flush()


def open_device_page(out: TextIO, url: str, user_code: str, full_url: str) -> None:
    """For a code that can be entered on any device."""
    out.write(
        "Attempting to open your default browser.\n"
        "If the browser does not open or you wish to use a different device to authorize this request, "
        f"open the following URL:\n\n{url}\n\nThen enter the code:\n\n{user_code}\n"
    )
    out.flush()
    _open(full_url)


def open_page(out: TextIO, url: str, other_way: str) -> None:
    """For a page that comes back to this machine; `other_way` is the option for those that cannot."""
    out.write(
        "Attempting to open your default browser. If the browser does not open, open the following URL.\n"
        f"If you are unable to open the URL on this device, run this command again with the '{other_way}' option.\n"
        f"\n{url}\n\n"
    )
    out.flush()
    _open(url)


def _open(url: str) -> None:
    try:
        resolve_name(OPEN)(url)
    except Exception as error:
        debug("commands.signin", "Failed to open browser: %s", error)
