"""`awsmini emr create-cluster`: many options to the one call that makes a cluster."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.params.arguments import Argument, flag, option
from awsmini.services.emr import options as described
from awsmini.services.emr.applications import install
from awsmini.services.emr.command import EmrCommand, ask_once, region
from awsmini.services.emr.emrfs import SITE, bootstrap_actions, configuration
from awsmini.services.emr.hbase import restore_step
from awsmini.services.emr.instances import (
    ExclusiveError,
    check_ec2_attributes,
    groups_of,
    instance_fleets,
    of_instances,
    whole_number,
)
from awsmini.services.emr.monitoring import check_monitoring
from awsmini.services.emr.options import structured
from awsmini.services.emr.steps import (
    COMMAND_RUNNER,
    TERMINATE_CLUSTER,
    Step,
    jar_step,
    pairs,
    script_runner,
    service_bucket,
    steps,
)

SERVICE_ROLE = "EMR_DefaultRole"
EC2_ROLE = "EMR_EC2_DefaultRole"
MAX_BOOTSTRAP_ACTIONS = 16
_ROLES_HINT = (
    " Either choose --use-default-roles or use both --service-role <roleName> and --ec2-attributes "
    "InstanceProfile=<profileName>."
)
_AMI_VERSION = re.compile(r"\d?\..*")
_NEEDS_ITSELF = ("hive", "pig", "impala")  # steps for which the application of that name has to be there
_AS_GIVEN = {  # options that are parameters as they are, unless they are empty
    "additional_info": "AdditionalInfo",
    "log_uri": "LogUri",
    "os_release_label": "OSReleaseLabel",
    "log_encryption_kms_key_id": "LogEncryptionKmsKeyId",
    "auto_scaling_role": "AutoScalingRole",
    "scale_down_behavior": "ScaleDownBehavior",
    "security_configuration": "SecurityConfiguration",
    "custom_ami_id": "CustomAmiId",
    "repo_upgrade_on_boot": "RepoUpgradeOnBoot",
    "kerberos_attributes": "KerberosAttributes",
    "step_execution_role_arn": "StepExecutionRoleArn",
    "managed_scaling_policy": "ManagedScalingPolicy",
    "placement_group_configs": "PlacementGroupConfigs",
    "auto_termination_policy": "AutoTerminationPolicy",
    "monitoring_configuration": "MonitoringConfiguration",
}
_NUMBERS = {
    "ebs_root_volume_size": "EbsRootVolumeSize",
    "ebs_root_volume_iops": "EbsRootVolumeIops",
    "ebs_root_volume_throughput": "EbsRootVolumeThroughput",
}

Params = dict[str, Any]


def run(invocation: Invocation, values: Values) -> int:
    return ask_once(invocation, "RunJobFlow", cluster(values, region(invocation)), _answer)


def _answer(output: Mapping[str, Any]) -> dict[str, Any]:
    if output.get("JobFlowId") is None:
        return {}
    return {"ClusterId": output["JobFlowId"], "ClusterArn": output.get("ClusterArn")}


def cluster(options: Values, region: str | None) -> Params:
    """The parameters of RunJobFlow. Of several contradictions, the one that AWS CLI v2 finds first is told."""
    _check_versions(options)
    roles = _roles(options)
    instances = _machines(options)
    params: Params = {"Name": options.get("name", "Development Cluster"), **_version(options), **roles}
    _check_auto_scaling(options)
    instances |= _switches(options)
    params["VisibleToAllUsers"] = _either(options, "visible_to_all_users", "no_visible_to_all_users") is not False
    params["Tags"] = pairs(options.get("tags") or ())
    check_ec2_attributes(options.get("ec2_attributes") or {})
    params["Instances"] = instances | of_instances(options.get("ec2_attributes") or {})
    _append(params, "Steps", _debugging(options, region))
    _add_applications(params, options, region)
    _append(params, "Steps", _restoring(options))
    _add_bootstrap_actions(params, options)
    _add_emrfs(params, options, region)
    _append(params, "Steps", steps(options.get("steps") or (), region, options.get("release_label")))
    params |= {name: options[dest] for dest, name in _AS_GIVEN.items() if options.get(dest)}
    params |= _further(options)
    check_monitoring(options.get("monitoring_configuration") or {}, options.get("log_uri"))
    _check_applications(options)
    return params


def _check_versions(options: Values) -> None:
    given = [name for name in ("ami_version", "release_label") if options.get(name) is not None]
    if len(given) == 2:
        raise ExclusiveError("--ami-version", "--release-label")
    if not given:
        raise ParamValidationError("Either --ami-version or --release-label is required.")


def _roles(options: Values) -> Params:
    """The role of the service, and the profile of the machines."""
    attributes = options.get("ec2_attributes") or {}
    if not options.get("use_default_roles"):
        found = {"ServiceRole": options.get("service_role"), "JobFlowRole": attributes.get("InstanceProfile")}
        return {name: role for name, role in found.items() if role}
    if options.get("service_role") is not None:
        raise ExclusiveError("--use-default-roles", "--service-role", _ROLES_HINT)
    if "InstanceProfile" in attributes:
        raise ExclusiveError("--use-default-roles", "--ec2-attributes InstanceProfile", _ROLES_HINT)
    return {"ServiceRole": SERVICE_ROLE, "JobFlowRole": EC2_ROLE}


def _machines(options: Values) -> Params:
    fleets = options.get("instance_fleets")
    if fleets is not None and options.get("instance_groups") is not None:
        raise ExclusiveError("--instance-groups", "--instance-fleets")
    if fleets is not None:
        return {"InstanceFleets": instance_fleets(fleets)}
    return {"InstanceGroups": groups_of(options)}


def _version(options: Values) -> Params:
    """What runs on the cluster: a release and its configurations, or the AMI of older ones."""
    if (release := options.get("release_label")) is not None:
        return {"ReleaseLabel": release, **_configurations(options.get("configurations"))}
    ami_version = options["ami_version"]
    if not _AMI_VERSION.match(ami_version):
        raise ParamValidationError(
            f'The supplied AMI version "{ami_version}" is invalid. Please see AMI Versions Supported in Amazon EMR in '
            "Amazon Elastic MapReduce Developer Guide: http://docs.aws.amazon.com/ElasticMapReduce/latest/"
            "DeveloperGuide/ami-versions-supported.html"
        )
    return {"AmiVersion": ami_version}


def _configurations(text: str | None) -> Params:
    if text is None:
        return {}
    try:
        return {"Configurations": json.loads(text)}
    except (ValueError, RecursionError):
        raise ParamValidationError("invalid json argument for option --configurations") from None


def _check_auto_scaling(options: Values) -> None:
    groups = options.get("instance_groups") or ()
    if any("AutoScalingPolicy" in group for group in groups) and options.get("auto_scaling_role") is None:
        raise ParamValidationError(
            "Must specify --auto-scaling-role when configuring an AutoScaling policy for an instance group."
        )


def _either(options: Values, yes: str, no: str) -> bool | None:
    """Which of two opposite flags is given; None without either."""
    if options.get(yes) and options.get(no):
        names = (f"--{dest.replace('_', '-')}" for dest in (yes, no))
        raise ParamValidationError(f"cannot use both {' and '.join(names)} options together.")
    return True if options.get(yes) else False if options.get(no) else None


def _switches(options: Values) -> Params:
    """What is on or off for the instances."""
    found: Params = {
        "KeepJobFlowAliveWhenNoSteps": _either(options, "no_auto_terminate", "auto_terminate") is not False,
        "TerminationProtected": _either(options, "termination_protected", "no_termination_protected") is True,
    }
    replacement = _either(options, "unhealthy_node_replacement", "no_unhealthy_node_replacement")
    return found if replacement is None else {**found, "UnhealthyNodeReplacement": replacement}


def _append(params: Params, key: str, values: Sequence[Any]) -> None:
    """Put values behind those that are there."""
    if values:
        params[key] = [*params.get(key, ()), *values]


def _debugging(options: Values, region: str | None) -> list[Step]:
    if not _either(options, "enable_debugging", "no_enable_debugging"):
        return []
    if options.get("log_uri") is None:
        raise ParamValidationError(
            "LogUri not specified. You must specify a logUri if you enable debugging when creating a cluster."
        )
    if options.get("release_label"):
        jar, args = COMMAND_RUNNER, ["state-pusher-script"]
    else:
        jar, args = script_runner(region), [service_bucket("/libs/state-pusher/0.1/fetch", region)]
    return [jar_step(jar, "Setup Hadoop Debugging", TERMINATE_CLUSTER, args)]


def _add_applications(params: Params, options: Values, region: str | None) -> None:
    applications = options.get("applications")
    if applications is None:
        return
    if options.get("release_label") is not None:
        params["Applications"] = list(applications)
        return
    installed = install(applications, region, options["ami_version"])
    _append(params, "NewSupportedProducts", installed.products)
    _append(params, "BootstrapActions", installed.bootstrap_actions)
    _append(params, "Steps", installed.steps)


def _restoring(options: Values) -> list[Step]:
    backup = options.get("restore_from_hbase_backup")
    return [] if backup is None else [restore_step(backup.get("Dir"), backup.get("BackupVersion"))]


def _add_bootstrap_actions(params: Params, options: Values) -> None:
    actions = options.get("bootstrap_actions") or ()
    if len(params.get("BootstrapActions", ())) + len(actions) > MAX_BOOTSTRAP_ACTIONS:
        raise ParamValidationError("maximum number of bootstrap actions for a cluster exceeded.")
    _append(params, "BootstrapActions", [_bootstrap_action(action) for action in actions])


def _bootstrap_action(action: Mapping[str, Any]) -> Params:
    script = {key: action[key] for key in ("Path", "Args") if action.get(key)}
    name = action.get("Name")
    return {
        "Name": "Bootstrap action" if name is None else name,
        **({"ScriptBootstrapAction": script} if script else {}),
    }


def _add_emrfs(params: Params, options: Values, region: str | None) -> None:
    emrfs = options.get("emrfs")
    if emrfs is None:
        return
    if not options.get("release_label"):
        _append(params, "BootstrapActions", bootstrap_actions(emrfs, region))
        return
    configurations = params.get("Configurations", [])
    if not isinstance(configurations, list):
        return  # no list can be made of it: the check of the call says so
    if any(isinstance(each, dict) and each.get("Classification") == SITE for each in configurations):
        raise ParamValidationError("EMRFS should be configured either using --configuration or --emrfs but not both")
    _append(params, "Configurations", [configuration(emrfs)])


def _further(options: Values) -> Params:
    """Numbers, and flags that are sent only when given."""
    found: Params = {
        name: whole_number(options[dest]) for dest, name in _NUMBERS.items() if options.get(dest) is not None
    }
    if options.get("step_concurrency_level") is not None:
        found["StepConcurrencyLevel"] = options["step_concurrency_level"]
    for dest, name in (("extended_support", "ExtendedSupport"), ("session_enabled", "SessionEnabled")):
        if (chosen := _either(options, dest, f"no_{dest}")) is not None:
            found[name] = chosen
    return {name: value for name, value in found.items() if value is not None}


def _check_applications(options: Values) -> None:
    """Raise where a step needs an application that the cluster is not to have."""
    there = {application["Name"].lower() for application in options.get("applications") or ()}
    kinds = [step["Type"] for step in options.get("steps") or () if step.get("Type") is not None]
    needed = [kind for kind in kinds if kind.lower() in _NEEDS_ITSELF]
    if options.get("restore_from_hbase_backup") is not None:
        needed.append("hbase")
    missing = dict.fromkeys(kind.title() for kind in needed if kind.lower() not in there)
    if missing:
        raise ParamValidationError(
            f"Some of the steps require the following applications to be installed: {', '.join(missing)}. "
            "Please install the applications using --applications."
        )


def _pair(name: str, doc: str) -> tuple[Argument, Argument]:
    """A flag and its opposite."""
    return flag(name, group=name, doc=doc), flag(f"no-{name}", group=name)


_STEPS_DOC = (
    "What the cluster is to do, in order. `Type` is `CUSTOM_JAR` (where it is not said), `STREAMING`, `HIVE`, `PIG`, "
    "`IMPALA` or `SPARK`; all but the first take `Args` alone, and are made the JAR steps that the cluster runs them as."
)

ARGUMENTS = (
    option("release-label", doc="The release of EMR, such as `emr-7.9.0`. This or --ami-version has to be given."),
    option("os-release-label", doc="The release of Amazon Linux to run, such as `2.0.20230727.0`."),
    option("ami-version", doc="The AMI of clusters before the releases, such as `3.11.0`."),
    structured(
        "instance-groups",
        described.INSTANCE_GROUPS,
        doc="The machines, a group for each part they play. With `BidPrice` they are bought on the spot market, and "
        "`BidPrice=OnDemandPrice` bids what they cost otherwise.",
    ),
    option("instance-type", doc="The type of all machines, in short for --instance-groups."),
    option("instance-count", doc="How many machines there are, one of them the master. Without it, that one."),
    flag(
        "auto-terminate",
        group="auto_terminate",
        doc="Whether the cluster ends when it has done its steps. It stays where nothing is said.",
    ),
    flag("no-auto-terminate", group="auto_terminate"),
    structured(
        "instance-fleets",
        described.INSTANCE_FLEETS,
        doc="The machines, a fleet of mixed types for each part they play, instead of --instance-groups.",
    ),
    option("name", doc="The name of the cluster. `Development Cluster` where none is given."),
    option("log-uri", doc="Where on S3 the logs go, such as `s3://my-bucket/logs`."),
    option("log-encryption-kms-key-id", doc="The KMS key that the logs are encrypted with."),
    option("service-role", doc="The IAM role that EMR acts in."),
    option("auto-scaling-role", doc="The IAM role that scales instance groups which have a policy for that."),
    flag(
        "use-default-roles",
        doc="Take the roles that `create-default-roles` makes: `EMR_DefaultRole`, and `EMR_EC2_DefaultRole` for the "
        "machines.",
    ),
    option(
        "configurations",
        doc="The configurations of the applications, as JSON: a list of `Classification` and `Properties`. `file://` "
        "before a path reads it from there.",
    ),
    structured(
        "ec2-attributes",
        described.EC2_ATTRIBUTES,
        doc="The key pair, the place, the instance profile and the security groups of the machines.",
    ),
    *_pair("termination-protected", "Whether the cluster can be ended only after this has been switched off."),
    *_pair("unhealthy-node-replacement", "Whether machines that fail are replaced while the cluster runs."),
    option(
        "scale-down-behavior",
        doc="When machines go as the cluster shrinks: `TERMINATE_AT_INSTANCE_HOUR` or `TERMINATE_AT_TASK_COMPLETION`.",
    ),
    *_pair("visible-to-all-users", "Whether all users of the account may see the cluster. So it is without a word."),
    *_pair("enable-debugging", "Whether the steps can be debugged on the console. It takes --log-uri."),
    structured("tags", [str], doc="Tags, each as `Key=Value`, or as `Key` alone."),
    structured(
        "bootstrap-actions",
        described.BOOTSTRAP_ACTIONS,
        doc="Scripts that each machine runs before the applications start, 16 at most.",
    ),
    structured("applications", described.APPLICATIONS, doc="The applications to install."),
    structured(
        "emrfs",
        described.EMRFS,
        doc="How the file system on S3 is to be consistent and encrypted. `Args` sets further properties, each as "
        "`key=value`.",
    ),
    structured("steps", described.STEPS, doc=_STEPS_DOC),
    option("additional-info", doc="What else the service is told, as JSON."),
    structured(
        "restore-from-hbase-backup",
        described.HBASE_BACKUP,
        doc="The backup on S3 that HBase starts with. For clusters of an AMI version.",
    ),
    option("security-configuration", doc="The name of a security configuration."),
    option("custom-ami-id", doc="An AMI of your own for the machines."),
    option("ebs-root-volume-size", doc="The size of the root volumes, in GiB."),
    option("ebs-root-volume-iops", doc="The IOPS of the root volumes."),
    option("ebs-root-volume-throughput", doc="The throughput of the root volumes, in MiB/s."),
    option("repo-upgrade-on-boot", doc="What is upgraded when a machine starts: `SECURITY` or `NONE`."),
    structured("kerberos-attributes", described.KERBEROS_ATTRIBUTES, doc="Realm and passwords of Kerberos."),
    structured("step-concurrency-level", int, doc="How many steps may run at a time."),
    option("step-execution-role-arn", doc="The IAM role that the steps run in."),
    structured(
        "managed-scaling-policy",
        described.MANAGED_SCALING_POLICY,
        doc="The limits between which EMR grows and shrinks the cluster by itself.",
    ),
    structured(
        "placement-group-configs",
        described.PLACEMENT_GROUP_CONFIGS,
        doc="How the machines that play a part are spread over hardware.",
    ),
    structured(
        "auto-termination-policy",
        described.AUTO_TERMINATION_POLICY,
        doc="After how many seconds without work the cluster ends: from 60 to 604800.",
    ),
    structured(
        "monitoring-configuration",
        described.MONITORING_CONFIGURATION,
        doc="What goes to CloudWatch Logs, and which kinds of logs go to S3 by whom: `emr-managed`, "
        "`on-customer-s3only` or `disabled`.",
    ),
    *_pair("extended-support", "Whether the cluster is supported longer than its release is, at a price."),
    *_pair("session-enabled", "Whether interactive sessions may be started on the cluster."),
)

command = EmrCommand(
    "create-cluster",
    run,
    doc="Make a cluster and start it. The roles, the key pair and the place for logs may stand in the profile, below "
    "`emr`.",
    arguments=ARGUMENTS,
)
