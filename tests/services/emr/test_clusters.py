"""Commands about clusters that are there: their steps, machines, attributes, applications, backups and description."""

import pytest

CLUSTER = {"Id": "j-1", "Status": {"State": "RUNNING"}}
ON_AMI = {"Cluster": CLUSTER}
ON_RELEASE = {"Cluster": {**CLUSTER, "ReleaseLabel": "emr-6.1.0"}}
ADDED = {"StepIds": ["s-1"]}
REFUSED = {"__type": "ValidationException", "message": "no"}
HBASE = "/home/hadoop/lib/hbase.jar"


def calls(aws):
    return [(request.headers["X-Amz-Target"].split(".")[-1], request.json) for request in aws.service.requests]


def answers(aws, *bodies):
    for body in bodies:
        aws.service.replies(400 if body is REFUSED else 200, body)


def test_steps_are_made_for_the_release_of_the_cluster(aws):
    answers(aws, ON_RELEASE, ADDED)
    role = "arn:aws:iam::123456789012:role/r"
    outcome = aws(f"emr add-steps --cluster-id j-1 --steps Type=SPARK,Args=a --execution-role-arn {role}")
    assert outcome.json == ADDED
    [_, (name, sent)] = calls(aws)
    assert name == "AddJobFlowSteps"
    assert sent == {
        "JobFlowId": "j-1",
        "Steps": [
            {
                "Name": "Spark application",
                "ActionOnFailure": "CONTINUE",
                "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit", "a"]},
            }
        ],
        "ExecutionRoleArn": role,
    }


def test_an_older_cluster_has_impala(aws):
    answers(aws, ON_AMI, ADDED)
    assert aws("emr add-steps --cluster-id j-1 --steps Type=IMPALA,Args=a --region eu-west-1").code == 0
    jar = calls(aws)[1][1]["Steps"][0]["HadoopJarStep"]["Jar"]
    assert jar == "s3://eu-west-1.elasticmapreduce/libs/script-runner/script-runner.jar"


def test_a_step_of_no_type_is_found_once_the_release_is_known(aws):
    answers(aws, ON_RELEASE)
    outcome = aws("emr add-steps --cluster-id j-1 --steps Type=Nope")
    assert outcome.code == 252
    assert "The step type nope is not supported." in outcome.message


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (
            {"JobFlowId": "j-1", "InstanceGroupIds": ["ig-1"]},
            '{\n    "ClusterId": "j-1",\n    "InstanceGroupIds": [\n        "ig-1"\n    ],\n    "ClusterArn": null\n}\n',
        ),
        ({"JobFlowId": "j-1"}, ""),
    ],
)
def test_groups_are_added(aws, answer, shown):
    answers(aws, answer)
    groups = "InstanceGroupType=task,InstanceType=m4,InstanceCount=2"
    assert aws(f"emr add-instance-groups --cluster-id j-1 --instance-groups {groups}").stdout == shown
    sent = aws.service.request.json
    assert sent["JobFlowId"] == "j-1"
    assert sent["InstanceGroups"][0]["InstanceRole"] == "TASK"


def test_clusters_are_ended(aws):
    answers(aws, {})
    assert aws("emr terminate-clusters --cluster-ids j-1 j-2").stdout == ""
    assert calls(aws) == [("TerminateJobFlows", {"JobFlowIds": ["j-1", "j-2"]})]


@pytest.mark.parametrize(
    ("flag", "operation", "member", "value"),
    [
        ("--visible-to-all-users", "SetVisibleToAllUsers", "VisibleToAllUsers", True),
        ("--no-visible-to-all-users", "SetVisibleToAllUsers", "VisibleToAllUsers", False),
        ("--termination-protected", "SetTerminationProtection", "TerminationProtected", True),
        ("--auto-terminate", "SetKeepJobFlowAliveWhenNoSteps", "KeepJobFlowAliveWhenNoSteps", False),
        ("--no-auto-terminate", "SetKeepJobFlowAliveWhenNoSteps", "KeepJobFlowAliveWhenNoSteps", True),
        ("--no-unhealthy-node-replacement", "SetUnhealthyNodeReplacement", "UnhealthyNodeReplacement", False),
    ],
)
def test_an_attribute_is_changed_by_a_call_of_its_own(aws, flag, operation, member, value):
    answers(aws, {})
    assert aws(f"emr modify-cluster-attributes --cluster-id j-1 {flag}").code == 0
    assert calls(aws) == [(operation, {"JobFlowIds": ["j-1"], member: value})]


def test_an_error_half_way_tells_what_is_changed_already(aws):
    answers(aws, {}, REFUSED)
    outcome = aws("emr modify-cluster-attributes --cluster-id j-1 --visible-to-all-users --termination-protected")
    assert outcome.code == 254
    assert outcome.stderr == (
        "Changed already: visible-to-all-users.\n\nawsmini: [ERROR]: An error occurred (ValidationException) when "
        "calling the SetTerminationProtection operation: no\n"
    )


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("", "Must specify one of the following boolean options: --visible-to-all-users|--no-visible-to-all-users, "),
        (
            "--auto-terminate --no-auto-terminate",
            "You cannot specify both --auto-terminate and --no-auto-terminate options together.",
        ),
    ],
)
def test_attributes_that_say_nothing_or_contradict(aws, flags, message):
    outcome = aws(f"emr modify-cluster-attributes --cluster-id j-1 {flags}")
    assert outcome.code == 252
    assert message in outcome.message


def test_applications_come_onto_a_cluster_that_runs(aws):
    answers(aws, ON_AMI, ADDED)
    outcome = aws("emr install-applications --cluster-id j-1 --applications Name=HIVE,Args=--hive-site=x Name=Pig")
    assert outcome.json == ADDED
    names = [step["Name"] for step in calls(aws)[1][1]["Steps"]]
    assert names == ["Install Hive", "Install Hive Site Configuration", "Install Pig"]


@pytest.mark.parametrize(
    ("cluster", "application", "message"),
    [
        (ON_RELEASE, "HIVE", "install-applications is not supported with 'emr-6.1.0' release."),
        (ON_AMI, "HBASE", "HBASE cannot be installed on a running cluster. 'Name' should be one of"),
        (ON_AMI, "xx", "Unknown application: xx. 'Name' should be one of the following: HIVE, PIG, HBASE"),
    ],
)
def test_applications_that_cannot_come(aws, cluster, application, message):
    answers(aws, cluster)
    outcome = aws(f"emr install-applications --cluster-id j-1 --applications Name={application}")
    assert outcome.code == 252
    assert message in outcome.message


BACKUPS = {
    "create-hbase-backup --dir s3://d --consistent": ("Backup HBase", "--backup --backup-dir s3://d --consistent"),
    "restore-from-hbase-backup --dir s3://d --backup-version 2": (
        "Restore HBase",
        "--restore --backup-dir s3://d --backup-version 2",
    ),
    "schedule-hbase-backup --dir s3://d --type FULL --interval 1 --unit Days": (
        "Modify Backup Schedule",
        "--set-scheduled-backup true --backup-dir s3://d --full-backup-time-interval 1 --full-backup-time-unit days "
        "--start-time now",
    ),
    "disable-hbase-backups --full --incremental": (
        "Modify Backup Schedule",
        "--set-scheduled-backup false --disable-full-backups --disable-incremental-backups",
    ),
}


@pytest.mark.parametrize(("line", "name", "args"), [(line, *step) for line, step in BACKUPS.items()])
def test_backups_are_steps(aws, line, name, args):
    answers(aws, ON_AMI, ADDED)
    assert aws(f"emr {line} --cluster-id j-1").json == ADDED
    assert calls(aws)[1][1]["Steps"] == [
        {
            "Name": name,
            "ActionOnFailure": "CANCEL_AND_WAIT",
            "HadoopJarStep": {"Jar": HBASE, "Args": ["emr.hbase.backup.Main", *args.split()]},
        }
    ]


@pytest.mark.parametrize("line", BACKUPS)
def test_releases_have_no_such_backups(aws, line):
    answers(aws, ON_RELEASE)
    outcome = aws(f"emr {line} --cluster-id j-1")
    assert f"{line.split()[0]} is not supported with 'emr-6.1.0' release." in outcome.message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("schedule-hbase-backup --dir d --interval 1 --type x --unit y", "type should be either full or incremental."),
        ("schedule-hbase-backup --dir d --interval 1 --type full --unit y", "minutes, hours or days."),
        ("disable-hbase-backups", "Should specify at least one of --full and --incremental."),
    ],
)
def test_backups_that_make_no_sense(aws, line, message):
    answers(aws, ON_AMI)
    outcome = aws(f"emr {line} --cluster-id j-1")
    assert outcome.code == 252
    assert message in outcome.message


def test_a_cluster_is_described_with_all_its_groups(aws):
    cluster = {**CLUSTER, "Status": {"State": "RUNNING", "Timeline": {"CreationDateTime": 1.6e9}}}
    answers(
        aws,
        {"Cluster": cluster},
        {"InstanceGroups": [{"Id": "ig-1"}], "Marker": "m"},
        {"InstanceGroups": [{"Id": "ig-2"}]},
        {"BootstrapActions": [{"Name": "b"}]},
    )
    found = aws("emr describe-cluster --cluster-id j-1").json["Cluster"]
    assert found["Status"]["Timeline"]["CreationDateTime"].startswith("2020-09-13T")
    assert [group["Id"] for group in found["InstanceGroups"]] == ["ig-1", "ig-2"]
    assert found["BootstrapActions"] == [{"Name": "b"}]
    assert calls(aws)[2] == ("ListInstanceGroups", {"ClusterId": "j-1", "Marker": "m"})


def test_a_marker_that_comes_again_ends_the_listing(aws):
    answers(aws, ON_AMI, *[{"InstanceGroups": [{"Id": "ig-1"}], "Marker": "m"}] * 2, {})
    assert aws("emr describe-cluster --cluster-id j-1").code == 0


def test_fleets_in_the_place_of_groups(aws):
    answers(aws, {"Cluster": {"InstanceCollectionType": "INSTANCE_FLEET"}}, {"InstanceFleets": [{"Id": "if-1"}]}, {})
    outcome = aws("emr describe-cluster --cluster-id j-1 --output table")
    lines = [line.strip("|").strip() for line in outcome.stdout.splitlines()]
    assert lines[1] == "describe_cluster"
    assert lines[-2] == "if-1"
    assert [name for name, _ in calls(aws)] == ["DescribeCluster", "ListInstanceFleets", "ListBootstrapActions"]


def test_a_description_needs_credentials_even_unsigned(aws):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del aws.env[name]
    outcome = aws("emr describe-cluster --cluster-id j-1 --no-sign-request")
    assert outcome.code == 253
    assert "Unable to locate credentials." in outcome.message


def test_a_cluster_of_motos(aws_moto):
    made = aws_moto(
        "emr create-cluster --release-label emr-6.1.0 --instance-type m4.large --instance-count 3 --use-default-roles "
        "--steps Type=SPARK,Args=[a,b] --tags team=a --log-uri s3://logs --applications Name=Spark"
    ).json
    cluster_id = made["ClusterId"]
    added = aws_moto(f"emr add-steps --cluster-id {cluster_id} --steps Jar=s3://j,Name=later").json
    group = "InstanceGroupType=TASK,InstanceType=m4.large,InstanceCount=1"
    assert aws_moto(f"emr add-instance-groups --cluster-id {cluster_id} --instance-groups {group}").code == 0
    assert aws_moto(f"emr modify-cluster-attributes --cluster-id {cluster_id} --termination-protected").code == 0
    found = aws_moto(f"emr describe-cluster --cluster-id {cluster_id}").json["Cluster"]
    assert found["TerminationProtected"] is True
    assert found["Tags"] == [{"Key": "team", "Value": "a"}]
    assert {group["InstanceGroupType"] for group in found["InstanceGroups"]} == {"MASTER", "CORE", "TASK"}
    steps = aws_moto(f"emr list-steps --cluster-id {cluster_id}").json["Steps"]
    assert {step["Name"] for step in steps} == {"Spark application", "later"}
    assert added["StepIds"][0] in {step["Id"] for step in steps}
    assert aws_moto(f"emr modify-cluster-attributes --cluster-id {cluster_id} --no-termination-protected").code == 0
    assert aws_moto(f"emr terminate-clusters --cluster-ids {cluster_id}").code == 0
    state = aws_moto(
        f"emr describe-cluster --cluster-id {cluster_id} --query Cluster.Status.State --output text"
    ).stdout
    assert state == "TERMINATED\n"
