"""awsmini: the AWS command line, small and fast, and its core as a library.

    import awsmini
    awsmini.client("kinesisvideo", region_name="us-east-1").list_streams()

The way of one call: argv → params → serialize → sign → send → parse → query → format. Each word is a package
or a module of that name; `flow.py` is the page to read first.
"""

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from awsmini.version import __version__

if TYPE_CHECKING:
    from awsmini.client import Client
    from awsmini.session import Session

__all__ = ["Session", "__version__", "client"]

SESSION = "awsmini.session:Session"  # loaded on first use: the command line may never need it


def client(service_name: str, **options: Any) -> "Client":
    """A client of the default session; the options are those of `Session.client`."""
    made: Client = resolve_name(SESSION)().client(service_name, **options)
    return made


def __getattr__(name: str) -> Any:
    if name == "Session":
        return resolve_name(SESSION)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
