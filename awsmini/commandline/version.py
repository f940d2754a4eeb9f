"""`awsmini --version`."""

import os
import sys
from collections.abc import Mapping

from awsmini.commandline.invocation import Invocation
from awsmini.version import __version__


def line(env: Mapping[str, str]) -> str:
    """The version line, in the layout of AWS CLI v2: program, Python, system, how it was installed."""
    name, release, machine = _system()
    execution_env = env.get("AWS_EXECUTION_ENV")
    environment = "" if execution_env is None else f" exec-env/{execution_env}"
    python = sys.version.split()[0]
    return f"awsmini/{__version__} Python/{python} {name}/{release}{environment} pip/{machine}"


def show(invocation: Invocation) -> int:
    """Print it on stdout."""
    invocation.app.stdout.write(line(invocation.app.env) + "\n")
    return 0


def _system() -> tuple[str, str, str]:
    """Name, release, machine."""
    if hasattr(os, "uname"):
        uname = os.uname()
        return uname.sysname, uname.release, uname.machine
    version = sys.getwindowsversion()  # type: ignore[attr-defined]
    return "Windows", str(version.major), os.environ.get("PROCESSOR_ARCHITECTURE", "")
