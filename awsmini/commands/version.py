"""`awsmini --version`."""

import os
import platform

from awsmini.commands.invocation import Invocation
from awsmini.version import __version__


def line(execution_env: str | None) -> str:
    """The version line, in the layout of AWS CLI v2: program, Python, system, how it was installed."""
    system = os.uname() if hasattr(os, "uname") else platform.uname()
    name = getattr(system, "sysname", None) or platform.system()
    environment = f" exec-env/{execution_env}" if execution_env is not None else ""
    return (
        f"awsmini/{__version__} Python/{platform.python_version()} {name}/{system.release}"
        f"{environment} pip/{system.machine}"
    )


def show(invocation: Invocation) -> int:
    """Print it on stdout."""
    invocation.app.stdout.write(line(invocation.app.env.get("AWS_EXECUTION_ENV")) + "\n")
    return 0
