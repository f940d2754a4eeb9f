"""awsmini: the AWS command line, small and fast, and its core as a library.

    import awsmini
    awsmini.client("kinesisvideo", region_name="us-east-1").list_streams()

The way of one call: argv → params → serialize → sign → send → parse → query → format. Each word is a package
or a module of that name; `flow.py` is the page to read first.
"""

from awsmini.version import __version__

TYPE_CHECKING = False  # typing and pkgutil cost a third of a warm call
if TYPE_CHECKING:
    from typing import Any

    from awsmini.client import Client
    from awsmini.session import Session

__all__ = ["Session", "__version__", "client"]

SESSION = "awsmini.session:Session"  # loaded on first use: the command line may never need it


def client(service_name: str, **options: "Any") -> "Client":
    """A client of the default session; the options are those of `Session.client`."""
    made: Client = _load(SESSION)().client(service_name, **options)
    return made


def __getattr__(name: str) -> "Any":
    if name == "Session":
        return _load(SESSION)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _load(reference: str) -> "Any":
    from pkgutil import resolve_name

    return resolve_name(reference)
