"""An error on its way out: which layout it is told in is itself a setting, which may be what is wrong."""

from collections.abc import Mapping
from typing import Any

import click

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, EarlyError, ParamValidationError
from awsmini.format.errors import report as print_report

UNREADABLE = "legacy"  # where the setting cannot be read, the message stands alone


def report(error: Exception, invocation: Invocation) -> int:
    """Print the error on stderr and return the exit code."""
    if isinstance(error, click.ClickException):
        error = ParamValidationError(error.format_message())
    flags = invocation.flags
    return print_report(
        error,
        invocation.app,
        error_format=None if isinstance(error, EarlyError) else _error_format(invocation),
        color=flags.get("color", "auto"),
        debug=bool(flags.get("debug")),
        facts=lambda: _facts(invocation),
    )


def _error_format(invocation: Invocation) -> str:
    found = _setting(invocation, "cli_error_format")
    return UNREADABLE if found is None else str(found)


def _facts(invocation: Invocation) -> Mapping[str, Any]:
    return {"profile": _setting(invocation, "profile"), "region": _setting(invocation, "region")}


def _setting(invocation: Invocation, name: str) -> Any:
    """A setting, or None where the configuration cannot be read: that is reported already, or does not matter."""
    try:
        return invocation.settings.value(name)
    except AwsminiError:
        return None
