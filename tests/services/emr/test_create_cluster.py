"""`emr create-cluster`: the parameters that its options become, and what is refused."""

import json
from typing import Any

import pytest

from awsmini.commandline.handwritten import HandWritten
from awsmini.errors import AwsminiError
from awsmini.params.validate import validate
from awsmini.services.emr.create_cluster import cluster, command
from tests.terminal import modules_loaded_by

BASE = {"release_label": "emr-6.1.0", "instance_type": "m4.large"}
OLDER = {"ami_version": "3.11", "instance_type": "m4.large"}
RUNNER = "s3://eu-west-1.elasticmapreduce/libs/script-runner/script-runner.jar"


def made(**options: Any) -> dict[str, Any]:
    return cluster({**BASE, **options}, "eu-west-1")


def older(**options: Any) -> dict[str, Any]:
    return cluster({**OLDER, **options}, "eu-west-1")


def step(name: str, jar: str, *args: str, on_failure: str = "CONTINUE") -> dict[str, Any]:
    return {"Name": name, "ActionOnFailure": on_failure, "HadoopJarStep": {"Jar": jar, "Args": list(args)}}


def test_few_options_are_enough():
    group = {"InstanceType": "m4.large", "InstanceCount": 1, "InstanceRole": "MASTER", "Name": "MASTER"}
    assert made() == {
        "Name": "Development Cluster",
        "ReleaseLabel": "emr-6.1.0",
        "VisibleToAllUsers": True,
        "Tags": [],
        "Instances": {
            "InstanceGroups": [{**group, "Market": "ON_DEMAND"}],
            "KeepJobFlowAliveWhenNoSteps": True,
            "TerminationProtected": False,
        },
    }


def test_one_of_many_machines_is_the_master():
    groups = made(instance_count="4")["Instances"]["InstanceGroups"]
    assert [(group["InstanceRole"], group["InstanceCount"]) for group in groups] == [("MASTER", 1), ("CORE", 3)]


@pytest.mark.parametrize(
    ("bid", "sent"),
    [
        ({}, {"Market": "ON_DEMAND"}),
        ({"BidPrice": "0.5"}, {"Market": "SPOT", "BidPrice": "0.5"}),
        ({"BidPrice": "OnDemandPrice"}, {"Market": "SPOT"}),
    ],
)
def test_a_group_with_a_bid_is_bought_on_the_spot_market(bid, sent):
    group = {"InstanceGroupType": "core", "InstanceType": "m4", "InstanceCount": 2, **bid}
    params = cluster({"release_label": "emr-6", "instance_groups": [group]}, None)
    expected = {"Name": "core", "InstanceType": "m4", "InstanceCount": 2, "InstanceRole": "CORE", **sent}
    assert params["Instances"]["InstanceGroups"] == [expected]


def test_fleets_keep_what_they_have():
    fleet = {"InstanceFleetType": "CORE", "TargetSpotCapacity": 1, "LaunchSpecifications": {"SpotSpecification": {}}}
    params = cluster({"release_label": "emr-6", "instance_fleets": [fleet]}, None)
    assert params["Instances"]["InstanceFleets"] == [{"Name": "CORE", **fleet}]


@pytest.mark.parametrize(
    ("described", "on_release", "on_ami"),
    [
        (
            {"Type": "HIVE", "Args": ["-f", "q"]},
            step("Hive program", "command-runner.jar", "hive-script", "--run-hive-script", "--args", "-f", "q"),
            step(
                "Hive program",
                RUNNER,
                "s3://eu-west-1.elasticmapreduce/libs/hive/hive-script",
                "--run-hive-script",
                "--hive-versions",
                "latest",
                "--args",
                "-f",
                "q",
            ),
        ),
        (
            {"Type": "Spark", "Args": ["a"], "Name": "n", "ActionOnFailure": "CANCEL_AND_WAIT"},
            step("n", "command-runner.jar", "spark-submit", "a", on_failure="CANCEL_AND_WAIT"),
            step("n", RUNNER, "/home/hadoop/spark/bin/spark-submit", "a", on_failure="CANCEL_AND_WAIT"),
        ),
        (
            {"Type": "STREAMING", "Args": ["a"]},
            step("Streaming program", "command-runner.jar", "hadoop-streaming", "a"),
            step("Streaming program", "/home/hadoop/contrib/streaming/hadoop-streaming.jar", "a"),
        ),
        ({"Jar": "s3://j", "Args": ["a"]}, step("Custom JAR", "s3://j", "a"), step("Custom JAR", "s3://j", "a")),
    ],
)
def test_steps_run_as_the_cluster_runs_them(described, on_release, on_ami):
    applications = [{"Name": "Hive"}]
    assert made(steps=[described], applications=applications)["Steps"] == [on_release]
    assert older(steps=[described], applications=applications)["Steps"][1:] == [on_ami]  # after Hive is installed


def test_a_jar_step_has_properties_and_a_place_for_its_logs():
    described = {"Jar": "j", "MainClass": "M", "Properties": "k=v=w,l", "LogUri": "s3://l", "EncryptionKeyArn": "arn"}
    assert made(steps=[described])["Steps"] == [
        {
            "Name": "Custom JAR",
            "ActionOnFailure": "CONTINUE",
            "HadoopJarStep": {
                "Jar": "j",
                "MainClass": "M",
                "Properties": [{"Key": "k", "Value": "v=w"}, {"Key": "l", "Value": ""}],
            },
            "StepMonitoringConfiguration": {
                "S3MonitoringConfiguration": {"LogUri": "s3://l", "EncryptionKeyArn": "arn"}
            },
        }
    ]


def test_applications_are_installed_on_older_clusters():
    names = ("Hive", "Pig", "Ganglia", "Impala", "MapR")
    params = older(applications=[{"Name": name, "Args": ["--hive-site=s3://h"]} for name in names])
    assert [step["Name"] for step in params["Steps"]] == [
        "Install Hive",
        "Install Hive Site Configuration",
        "Install Pig",
    ]
    # the base path of the second is of the first region, wherever the cluster is
    assert params["Steps"][1]["HadoopJarStep"]["Args"][2] == "s3://us-east-1.elasticmapreduce/libs/hive"
    assert [action["Name"] for action in params["BootstrapActions"]] == ["Install Ganglia", "Install Impala"]
    assert params["NewSupportedProducts"] == [{"Name": "mapr", "Args": ["--hive-site=s3://h"]}]
    assert "Applications" not in params


@pytest.mark.parametrize(
    ("ami", "jar"), [("3.11", "/home/hadoop/lib/hbase.jar"), ("2.4", "/home/hadoop/lib/hbase-0.92.0.jar")]
)
def test_hbase_starts_from_the_jar_of_its_hadoop(ami, jar):
    params = older(ami_version=ami, applications=[{"Name": "HBase"}])
    assert params["Steps"][0]["HadoopJarStep"]["Jar"] == jar


def test_debugging_comes_before_all_other_steps():
    params = made(enable_debugging=True, log_uri="s3://l", steps=[{"Jar": "j"}])
    assert [step["Name"] for step in params["Steps"]] == ["Setup Hadoop Debugging", "Custom JAR"]


@pytest.mark.parametrize(
    ("emrfs", "properties"),
    [
        (
            {"Consistent": True, "RetryCount": 5, "RetryPeriod": 30},
            {
                "fs.s3.consistent": "true",
                "fs.s3.consistent.retryCount": "5",
                "fs.s3.consistent.retryPeriodSeconds": "30",
            },
        ),
        ({"SSE": False}, {"fs.s3.enableServerSideEncryption": "false"}),
        (
            {"Encryption": "ServerSide", "Args": ["a=b=c", "d"]},
            {"fs.s3.enableServerSideEncryption": "true", "a": "b=c", "d": ""},
        ),
        (
            {"Encryption": "ClientSide", "ProviderType": "KMS", "KMSKeyId": "k"},
            {
                "fs.s3.cse.enabled": "true",
                "fs.s3.cse.encryptionMaterialsProvider": "com.amazon.ws.emr.hadoop.fs.cse.KMSEncryptionMaterialsProvider",
                "fs.s3.cse.kms.keyId": "k",
            },
        ),
        (
            {
                "Encryption": "ClientSide",
                "ProviderType": "Custom",
                "CustomProviderLocation": "s3://x",
                "CustomProviderClass": "c",
            },
            {
                "fs.s3.cse.enabled": "true",
                "fs.s3.cse.encryptionMaterialsProvider": "c",
                "fs.s3.cse.encryptionMaterialsProvider.uri": "s3://x",
            },
        ),
    ],
)
def test_emrfs_is_a_configuration(emrfs, properties):
    assert made(emrfs=emrfs)["Configurations"] == [{"Classification": "emrfs-site", "Properties": properties}]


def test_emrfs_is_bootstrap_actions_of_older_clusters():
    emrfs = {
        "Encryption": "ClientSide",
        "ProviderType": "Custom",
        "CustomProviderLocation": "s3://x",
        "CustomProviderClass": "c",
        "Args": ["d"],
    }
    actions = older(emrfs=emrfs)["BootstrapActions"]
    assert [action["Name"] for action in actions] == ["S3 get", "Setup EMRFS"]
    assert actions[1]["ScriptBootstrapAction"]["Args"][-2:] == ["-e", "d"]


def test_what_belongs_to_the_instances_stands_there():
    attributes = {"KeyName": "k", "InstanceProfile": "p", "SubnetIds": ["a"], "AdditionalSlaveSecurityGroups": ["s"]}
    params = made(ec2_attributes=attributes, auto_terminate=True, termination_protected=True)
    assert params["JobFlowRole"] == "p"
    assert (
        params["Instances"].items()
        >= {
            "Ec2KeyName": "k",
            "Ec2SubnetIds": ["a"],
            "AdditionalSlaveSecurityGroups": ["s"],
            "KeepJobFlowAliveWhenNoSteps": False,
            "TerminationProtected": True,
        }.items()
    )
    assert made(ec2_attributes={"AvailabilityZone": "z"})["Instances"]["Placement"] == {"AvailabilityZone": "z"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"release_label": None}, "Either --ami-version or --release-label is required."),
        ({"ami_version": "3.1"}, "You cannot specify both --ami-version and --release-label options together."),
        ({"release_label": None, "ami_version": "latest"}, 'The supplied AMI version "latest" is invalid.'),
        ({"instance_type": None}, "Must specify either --instance-groups or --instance-type"),
        ({"instance_groups": []}, "You may not specify --instance-type or --instance-count with --instance-groups"),
        (
            {"instance_groups": [], "instance_fleets": []},
            "You cannot specify both --instance-groups and --instance-fleets",
        ),
        (
            {"use_default_roles": True, "service_role": "r"},
            "You cannot specify both --use-default-roles and --service-role",
        ),
        ({"use_default_roles": True, "ec2_attributes": {"InstanceProfile": "p"}}, "--ec2-attributes InstanceProfile"),
        ({"configurations": "bad"}, "invalid json argument for option --configurations"),
        (
            {"auto_terminate": True, "no_auto_terminate": True},
            "cannot use both --no-auto-terminate and --auto-terminate",
        ),
        ({"ec2_attributes": {"SubnetId": "a", "AvailabilityZones": ["b"]}}, "You may not specify both a SubnetId"),
        ({"enable_debugging": True}, "LogUri not specified."),
        ({"bootstrap_actions": [{"Path": "p"}] * 17}, "maximum number of bootstrap actions"),
        ({"emrfs": {"Encryption": "ClientSide"}}, "missing for --emrfs Encryption=ClientSide: ProviderType."),
        (
            {"emrfs": {"RetryCount": 1, "RetryPeriod": 2}},
            "Consistent=true/false is not specified. Thus,  following parameters are invalid: RetryCount and RetryPeriod",
        ),
        ({"emrfs": {"SSE": True}, "configurations": '[{"Classification": "emrfs-site"}]'}, "but not both"),
        ({"steps": [{"Type": "PIG", "Args": ["a"]}]}, "applications to be installed: Pig. Please"),
        ({"steps": [{"Type": "IMPALA", "Args": ["a"]}]}, "The step type impala is not supported."),
        ({"steps": [{"Type": "HIVE", "Args": [" "]}]}, "The parameter Args cannot be an empty list."),
        ({"steps": [{"Args": ["a"]}]}, "missing for CustomJARStepConfig: Jar."),
        ({"instance_count": "x"}, "invalid literal for int() with base 10: 'x'"),
        ({"restore_from_hbase_backup": {"Dir": "d"}}, "applications to be installed: Hbase."),
    ],
)
def test_contradictions_are_refused(options, message):
    with pytest.raises(AwsminiError) as raised:
        made(**options)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("policies", "log_uri", "message"),
    [
        ({}, None, None),
        ({"system-logs": "disabled", "application-logs": "disabled"}, None, None),
        ({"system-logs": "disabled", "application-logs": "disabled"}, "s3://l", "LogUri must not be specified"),
        ({"system-logs": "disabled"}, "s3://l", None),
        ({"system-logs": "disabled"}, " ", "A valid S3 location (LogUri) is required"),
        ({"other-logs": "disabled"}, None, "Invalid log type"),
        ({"system-logs": "never"}, None, "Invalid policy specified"),
        ({"persistent-ui-logs": "on-customer-s3only"}, None, "Invalid policy for log type 'persistent-ui-logs'"),
    ],
)
def test_policies_for_logs_fit_the_place_for_logs(policies, log_uri, message):
    monitoring = {"S3LoggingConfiguration": {"LogTypeUploadPolicy": policies}}
    if message is None:
        assert made(monitoring_configuration=monitoring, log_uri=log_uri)["MonitoringConfiguration"] == monitoring
        return
    with pytest.raises(AwsminiError, match=message.split("(")[0]):
        made(monitoring_configuration=monitoring, log_uri=log_uri)


CREATE = "emr create-cluster --release-label emr-6.1.0"


def test_the_whole_command(aws):
    aws.service.replies(200, {"JobFlowId": "j-1", "ClusterArn": "arn"})
    aws.write("steps.json", json.dumps([{"Type": "SPARK", "Args": ["a"]}]))
    outcome = aws(
        f"{CREATE} --steps file://steps.json --tags a=b c --step-concurrency-level 3 --instance-groups "
        "InstanceGroupType=MASTER,InstanceCount=1,InstanceType=m4,EbsConfiguration={EbsOptimized=true}"
    )
    assert outcome.json == {"ClusterId": "j-1", "ClusterArn": "arn"}
    sent = aws.service.request.json
    assert sent["Steps"][0]["HadoopJarStep"]["Args"] == ["spark-submit", "a"]
    assert sent["Tags"] == [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": ""}]
    assert sent["StepConcurrencyLevel"] == 3
    assert sent["Instances"]["InstanceGroups"][0]["EbsConfiguration"] == {"EbsOptimized": True}


PROFILE = """[default]
emr =
  service_role = role
  instance_profile = profile
  log_uri = s3://logs
  key_name = key
  enable_debugging = TRUE
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ("role", "profile", "key", "s3://logs", 1)),
        ("--service-role r --ec2-attributes KeyName=k --no-enable-debugging", ("r", "profile", "k", "s3://logs", 0)),
        ("--use-default-roles", ("EMR_DefaultRole", "EMR_EC2_DefaultRole", "key", "s3://logs", 1)),
    ],
)
def test_the_profile_fills_in(aws, more, expected):
    aws.service.replies(200, {"JobFlowId": "j-1"})
    aws.write(".aws/config", PROFILE)
    assert aws(f"{CREATE} --instance-type m4 {more}").code == 0
    sent = aws.service.request.json
    found = (sent["ServiceRole"], sent["JobFlowRole"], sent["Instances"]["Ec2KeyName"], sent["LogUri"])
    assert (*found, len(sent.get("Steps", ()))) == expected


def test_a_wrong_value_of_the_profile_is_told_with_its_cure(aws):
    aws.write(".aws/config", PROFILE.replace("[default]", "[profile p]").replace("TRUE", "maybe"))
    outcome = aws(f"{CREATE} --instance-type m4", env={"AWS_PROFILE": "p"})
    assert outcome.code == 252
    assert "'awsmini configure set profile.p.emr.enable_debugging <value>'" in outcome.message


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ("--applications Foo=1", 252, 'Missing required parameter in [0]: "Name"\nUnknown parameter in [0]: "Foo"'),
        ("--emrfs Consistent=xyz", 252, "Invalid type for parameter Consistent, value: xyz"),
        (
            "--steps file://nope.json",
            252,
            "Error parsing parameter '--steps': Unable to load paramfile file://nope.json",
        ),
        ("--step-concurrency-level x", 255, "invalid literal for int() with base 10: 'x'"),
        ("--ec2-attributes KeyName", 252, "Error parsing parameter '--ec2-attributes': Expected: '='"),
        ("--nope x", 252, "Unknown options: --nope, x"),
    ],
)
def test_options_that_cannot_be_read(aws, options, code, message):
    outcome = aws(f"{CREATE} --instance-type m4 {options}")
    assert outcome.code == code
    assert message in outcome.message


def test_no_cluster_is_made_where_a_request_is_to_be_printed(aws):
    outcome = aws(f"{CREATE} --instance-type m4 --print-request http")
    assert outcome.code == 252
    assert "--print-request" in outcome.message


def test_passwords_are_not_in_the_log(aws):
    aws.service.replies(200, {"JobFlowId": "j-1"})
    outcome = aws(f"{CREATE} --instance-type m4 --debug --kerberos-attributes Realm=R,KdcAdminPassword=geheim")
    assert outcome.code == 0
    assert aws.service.request.json["KerberosAttributes"]["KdcAdminPassword"] == "geheim"
    assert "geheim" not in outcome.stderr


def test_every_option_is_described():
    assert isinstance(command, HandWritten)
    undescribed = [each.cli_name for each in command.arguments if not each.doc and not each.cli_name.startswith("no-")]
    assert undescribed == []


def test_shapes_check_what_they_describe():
    groups = next(argument.shape for argument in command.arguments if argument.cli_name == "instance-groups")
    value: Any = [{"InstanceGroupType": "CORE", "InstanceType": "m4", "InstanceCount": 1}]
    validate(groups, value)
    with pytest.raises(AwsminiError, match="InstanceCount"):
        validate(groups, [{**value[0], "InstanceCount": "1"}])  # type: ignore[arg-type]


def test_a_wrong_command_line_costs_no_more_than_reading_it():
    loaded = modules_loaded_by("emr create-cluster", {"AWS_DEFAULT_REGION": "us-east-1"})
    assert not loaded & {"requests", "rich", "jmespath"}
