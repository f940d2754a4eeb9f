"""Applications on clusters of an AMI version, which are installed by steps and bootstrap actions."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from awsmini.errors import ParamValidationError
from awsmini.services.emr.steps import (
    CANCEL_AND_WAIT,
    LATEST,
    TERMINATE_CLUSTER,
    MissingParametersError,
    Step,
    jar_step,
    script_runner,
    service_bucket,
)

KNOWN = ("HIVE", "PIG", "HBASE", "GANGLIA", "IMPALA", "SPARK", "MAPR", "MAPR_M3", "MAPR_M5", "MAPR_M7")
HBASE_JAR = "/home/hadoop/lib/hbase.jar"
HBASE_JAR_OF_HADOOP_1 = "/home/hadoop/lib/hbase-0.92.0.jar"
HBASE_MAIN = "emr.hbase.backup.Main"


class Installed(NamedTuple):
    """What makes the cluster have the applications."""

    products: list[dict[str, Any]]
    bootstrap_actions: list[dict[str, Any]]
    steps: list[Step]


def bootstrap_action(name: str, path: str | None, args: Sequence[str] | None = None) -> dict[str, Any]:
    """A bootstrap action in the API's terms; what is empty is left out."""
    if path is None:
        raise MissingParametersError("ScriptBootstrapActionConfig", "Path")
    script: dict[str, Any] = {"Path": path}
    if args:
        script["Args"] = list(args)
    return {"Name": name, "ScriptBootstrapAction": script}


def install(applications: Sequence[Mapping[str, Any]], region: str | None, ami_version: str | None = None) -> Installed:
    """How applications come onto a cluster; `ami_version` is needed for HBase alone."""
    installed = Installed([], [], [])
    for application in applications:
        name, args = application["Name"].lower(), application.get("Args")
        if name == "hive":
            installed.steps.extend(_hive(region, args or ()))
        elif name == "pig":
            installed.steps.append(_script_step("pig", region))
        elif name == "ganglia":
            path = service_bucket("/bootstrap-actions/install-ganglia", region)
            installed.bootstrap_actions.append(bootstrap_action("Install Ganglia", path))
        elif name == "hbase":
            path = service_bucket("/bootstrap-actions/setup-hbase", region)
            installed.bootstrap_actions.append(bootstrap_action("Install HBase", path))
            installed.steps.append(_start_hbase(ami_version or ""))
        elif name == "impala":
            installed.bootstrap_actions.append(_impala(region, args))
        else:
            installed.products.append({"Name": name, "Args": args or []})
    return installed


def _script_step(application: str, region: str | None) -> Step:
    """Install Hive or Pig with the script of it."""
    args = [
        service_bucket(f"/libs/{application}/{application}-script", region),
        f"--install-{application}",
        "--base-path",
        service_bucket(f"/libs/{application}", region),
        f"--{application}-versions",
        LATEST,
    ]
    return jar_step(script_runner(region), f"Install {application.title()}", TERMINATE_CLUSTER, args)


def _hive(region: str | None, args: Sequence[str]) -> list[Step]:
    steps = [_script_step("hive", region)]
    site = next((arg for arg in args if "--hive-site" in arg), None)
    if site is not None:
        words = [
            service_bucket("/libs/hive/hive-script", region),
            "--base-path",
            service_bucket("/libs/hive", None),  # of the first region, wherever the cluster is, as in AWS CLI v2
            "--install-hive-site",
            site,
            "--hive-versions",
            LATEST,
        ]
        steps.append(jar_step(script_runner(region), "Install Hive Site Configuration", CANCEL_AND_WAIT, words))
    return steps


def _start_hbase(ami_version: str) -> Step:
    if ami_version < "2.1":  # compared as texts, as in AWS CLI v2
        raise ParamValidationError(f"AMI version {ami_version} is not compatible with HBase.")
    jar = HBASE_JAR if ami_version >= "3.0" else HBASE_JAR_OF_HADOOP_1
    return jar_step(jar, "Start HBase", TERMINATE_CLUSTER, [HBASE_MAIN, "--start-master"])


def _impala(region: str | None, args: Sequence[str] | None) -> dict[str, Any]:
    words = ["--base-path", service_bucket("", region), "--impala-version", LATEST]
    if args is not None:
        words += ["--impala-conf", ",".join(args)]
    return bootstrap_action("Install Impala", service_bucket("/libs/impala/setup-impala", region), words)
