"""`cp`, `mv`, `rm` and `sync` as far as their words: only what is right with them loads the engine."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.services.s3.job import is_careful, job

READ = "awsmini.services.s3.given:read"  # the model: few give metadata or keys
TRANSFER = "awsmini.services.s3.transfer:run"
CAREFUL = "awsmini.services.s3.careful_sync:run"
BEGIN = "awsmini.cluster.local:begin"
SHARD = "awsmini.services.s3.shard"
CLUSTERED = "awsmini.services.s3.clustered:run"
PLANNING = "awsmini.services.s3.planning:run"
SEVERAL = "awsmini.services.s3.several_sources:run"
_SIGNS = set("*?[")
_PLAN = {"plan", "plan_format"}
_TO_BE_READ = {"metadata", "sse_c_key", "sse_c_copy_source_key"}


def cp(invocation: Invocation, values: Mapping[str, Any]) -> int:
    return run("cp", invocation, values)


def mv(invocation: Invocation, values: Mapping[str, Any]) -> int:
    return run("mv", invocation, values)


def rm(invocation: Invocation, values: Mapping[str, Any]) -> int:
    return run("rm", invocation, values)


def sync(invocation: Invocation, values: Mapping[str, Any]) -> int:
    return run("sync", invocation, values)


def _are_several(command: str, values: Mapping[str, Any]) -> bool:
    """Whether there is more than one source, or one that may stand for several."""
    words: list[str] = values["paths"]
    sources = words if command == "rm" else words[:-1]
    return len(sources) != 1 or "from_file" in values or not _SIGNS.isdisjoint(sources[0])


def run(command: str, invocation: Invocation, values: Mapping[str, Any]) -> int:
    """The exit code of a command. Raises ParamValidationError."""
    if not _TO_BE_READ.isdisjoint(values):
        values = resolve_name(READ)(invocation, values)
    check_cluster_options(values)
    if "cluster" in values:
        clustered: int = resolve_name(CLUSTERED)(command, invocation, values)
        return clustered
    if command != "sync" and (_are_several(command, values) or "null" in values):
        several: int = resolve_name(SEVERAL)(command, invocation, values)
        return several
    made = job(command, values)
    careful = command == "sync" and is_careful(values)
    planned = command == "sync" and not _PLAN.isdisjoint(values)
    code: int = resolve_name(PLANNING if planned else CAREFUL if careful else TRANSFER)(made, invocation)
    return code


def check_cluster_options(values: Mapping[str, Any]) -> None:
    """Workers of this machine are begun to be loaded.

    Raises ParamValidationError where options of a cluster are given without one, or a journal has no name.
    """
    if "cluster" in values:
        resolve_name(BEGIN)(values["cluster"], SHARD)
    for name in ("shared_paths", "send_credentials", "journal"):
        if name in values and "cluster" not in values:
            raise ParamValidationError(f"--{name.replace('_', '-')} needs --cluster.")
    if values.get("journal") == "":
        raise ParamValidationError("--journal needs the name of a file.")
