"""`awsmini emr create-hbase-backup` and its kin: steps that make the HBase of an older cluster back up, or restore."""

from collections.abc import Callable
from typing import Any

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.params.arguments import flag, option
from awsmini.services.emr.applications import HBASE_JAR, HBASE_MAIN
from awsmini.services.emr.command import EmrCommand, call_and_show, refuse_releases
from awsmini.services.emr.options import CLUSTER_ID
from awsmini.services.emr.steps import CANCEL_AND_WAIT, Step, Words, jar_step

TYPES = ("full", "incremental")
UNITS = ("minutes", "hours", "days")
SCHEDULE = "Modify Backup Schedule"
_OLDER_ONLY = "Only for clusters of an AMI version (2.x and 3.x), not of a release."


def _step(name: str, args: Words) -> Step:
    return jar_step(HBASE_JAR, name, CANCEL_AND_WAIT, [HBASE_MAIN, *args])


def restore_step(folder: Any, version: str | None) -> Step:
    """The step that brings a backup back. A folder that is not told is for the API's own check to find."""
    args = ["--restore", "--backup-dir", folder]
    if version is not None:
        args += ["--backup-version", version]
    return _step("Restore HBase", args)


def backup_step(values: Values) -> Step:
    consistent = ["--consistent"] if values.get("consistent") else []
    return _step("Backup HBase", ["--backup", "--backup-dir", values["dir"], *consistent])


def schedule_step(values: Values) -> Step:
    """The step that sets a schedule. Raises ParamValidationError."""
    kind, unit = values["type"].lower(), values["unit"].lower()
    if kind not in TYPES:
        raise ParamValidationError("invalid type. type should be either full or incremental.")
    if unit not in UNITS:
        raise ParamValidationError("invalid unit. unit should be one of the following values: minutes, hours or days.")
    consistent = ["--consistent"] if values.get("consistent") else []
    interval = [f"--{kind}-backup-time-interval", values["interval"], f"--{kind}-backup-time-unit", unit]
    start = ["--start-time", values.get("start_time", "now")]
    return _step(
        SCHEDULE, ["--set-scheduled-backup", "true", "--backup-dir", values["dir"], *consistent, *interval, *start]
    )


def disable_step(values: Values) -> Step:
    """The step that ends a schedule. Raises ParamValidationError."""
    kinds = [kind for kind in TYPES if values.get(kind)]
    if not kinds:
        raise ParamValidationError("Should specify at least one of --full and --incremental.")
    return _step(SCHEDULE, ["--set-scheduled-backup", "false", *(f"--disable-{kind}-backups" for kind in kinds)])


def _add_step(invocation: Invocation, name: str, cluster_id: str, step: Callable[[], Step]) -> int:
    """Add a step to a cluster that is no release's."""
    refuse_releases(invocation, name, cluster_id)
    return call_and_show(invocation, "AddJobFlowSteps", {"JobFlowId": cluster_id, "Steps": [step()]})


def run_create(invocation: Invocation, values: Values) -> int:
    return _add_step(invocation, "create-hbase-backup", values["cluster_id"], lambda: backup_step(values))


def run_restore(invocation: Invocation, values: Values) -> int:
    def step() -> Step:
        return restore_step(values["dir"], values.get("backup_version"))

    return _add_step(invocation, "restore-from-hbase-backup", values["cluster_id"], step)


def run_schedule(invocation: Invocation, values: Values) -> int:
    return _add_step(invocation, "schedule-hbase-backup", values["cluster_id"], lambda: schedule_step(values))


def run_disable(invocation: Invocation, values: Values) -> int:
    return _add_step(invocation, "disable-hbase-backups", values["cluster_id"], lambda: disable_step(values))


_DIR = option("dir", required=True, doc="The place of the backup on S3, such as `s3://my-bucket/backups/c1`.")
_CONSISTENT = flag("consistent", doc="Hold all writes to HBase back while the backup is made.")

create = EmrCommand(
    "create-hbase-backup",
    run_create,
    doc=f"Back the HBase of a cluster up to S3, once. {_OLDER_ONLY}",
    arguments=(CLUSTER_ID, _DIR, _CONSISTENT),
)
restore = EmrCommand(
    "restore-from-hbase-backup",
    run_restore,
    doc=f"Bring the HBase of a cluster back from a backup on S3. {_OLDER_ONLY}",
    arguments=(
        CLUSTER_ID,
        _DIR,
        option("backup-version", doc="Which backup to take, such as `20250209T182856Z`. Without it, the latest."),
    ),
)
schedule = EmrCommand(
    "schedule-hbase-backup",
    run_schedule,
    doc=f"Let the HBase of a cluster be backed up to S3 again and again. {_OLDER_ONLY}",
    arguments=(
        CLUSTER_ID,
        option("type", required=True, doc="`full` for all the data, or `incremental` for what has changed."),
        _DIR,
        option("interval", required=True, doc="How many units of time lie between two backups."),
        option("unit", required=True, doc="The unit of the interval: `minutes`, `hours` or `days`."),
        option("start-time", doc="When the first backup begins, such as `2030-01-31T12:00:00Z`. Without it, at once."),
        _CONSISTENT,
    ),
)
disable = EmrCommand(
    "disable-hbase-backups",
    run_disable,
    doc=f"End the backups that were scheduled for the HBase of a cluster. {_OLDER_ONLY}",
    arguments=(
        CLUSTER_ID,
        flag("full", doc="End the full backups."),
        flag("incremental", doc="End the incremental backups."),
    ),
)
