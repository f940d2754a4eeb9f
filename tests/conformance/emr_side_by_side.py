"""The hand-written commands of emr and emr-containers beside AWS CLI v2: a table for `side_by_side.py`.

python tests/conformance/emr_side_by_side.py --aws /path/to/aws
"""

import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.conformance.side_by_side import Reply, Scenario, main

RELEASE = {"Id": "j-1", "ReleaseLabel": "emr-6.1.0", "Status": {"State": "RUNNING"}, "MasterPublicDnsName": "m.example"}
AMI = {name: value for name, value in RELEASE.items() if name != "ReleaseLabel"}
STEPS_ADDED: Reply = (200, {"StepIds": ["s-1"]})
MADE: Reply = (200, {"JobFlowId": "j-1", "ClusterArn": "arn:aws:elasticmapreduce:us-east-1:1:cluster/j-1"})
REFUSED: Reply = (400, {"__type": "ValidationException", "message": "no"})


def described(**more: Any) -> Reply:
    """The answer to DescribeCluster."""
    return 200, {"Cluster": {**AMI, **more}}


ON_AMI, ON_RELEASE = described(), (200, {"Cluster": RELEASE})

# create-cluster ---------------------------------------------------------------------------------------------------

CREATE = "emr create-cluster --release-label emr-6.1.0 --instance-type m4.large"
OLDER = "emr create-cluster --ami-version 3.11 --instance-type m4.large"
FLEET = json.dumps(
    [
        {
            "InstanceFleetType": "MASTER",
            "TargetOnDemandCapacity": 1,
            "InstanceTypeConfigs": [
                {
                    "InstanceType": "m4",
                    "WeightedCapacity": 1,
                    "BidPriceAsPercentageOfOnDemandPrice": 80,
                    "Priority": 1.5,
                    "EbsConfiguration": {
                        "EbsOptimized": True,
                        "EbsBlockDeviceConfigs": [{"VolumeSpecification": {"VolumeType": "gp2", "SizeInGB": 10}}],
                    },
                    "Configurations": [{"Classification": "c", "Properties": {"a": "b"}}],
                }
            ],
            "LaunchSpecifications": {
                "SpotSpecification": {"TimeoutDurationMinutes": 20, "TimeoutAction": "TERMINATE_CLUSTER"},
                "OnDemandSpecification": {"AllocationStrategy": "lowest-price"},
            },
            "ResizeSpecifications": {"SpotResizeSpecification": {"TimeoutDurationMinutes": 20}},
            "Context": "x",
        },
        {"Name": "mine", "InstanceFleetType": "CORE", "TargetSpotCapacity": 2},
    ]
)
GROUPS = json.dumps(
    [
        {
            "InstanceGroupType": "CORE",
            "InstanceType": "m4",
            "InstanceCount": 2,
            "AutoScalingPolicy": {
                "Constraints": {"MinCapacity": 1, "MaxCapacity": 3},
                "Rules": [
                    {
                        "Name": "r",
                        "Action": {
                            "SimpleScalingPolicyConfiguration": {
                                "AdjustmentType": "CHANGE_IN_CAPACITY",
                                "ScalingAdjustment": 1,
                                "CoolDown": 300,
                            }
                        },
                        "Trigger": {
                            "CloudWatchAlarmDefinition": {
                                "ComparisonOperator": "GREATER_THAN",
                                "MetricName": "m",
                                "Period": 300,
                                "Threshold": 0.5,
                            }
                        },
                    }
                ],
            },
            "CustomAmiId": "ami-1",
            "Configurations": [{"Classification": "c", "Properties": {"a": "b"}, "Configurations": []}],
        }
    ]
)
KINDS = (
    "Type=HIVE,Name=n,ActionOnFailure=CANCEL_AND_WAIT,Args=[-f,s3://q]",
    "Type=pig,Args=[-f,s3://p]",
    "Type=STREAMING,Args=[-files,x]",
    "Type=SPARK,Args=[--class,x],LogUri=s3://l,EncryptionKeyArn=arn:k",
    'Jar=s3://j,Args=a,MainClass=M,Properties="k1=v1,k2"',
)
ALL_APPLICATIONS = "Name=HIVE,Args=[--hive-site=s3://h] Name=PIG Name=GANGLIA Name=IMPALA,Args=[a,b] Name=MapR,Args=x"
CONFIG = """[default]
emr =
  service_role = role
  instance_profile = profile
  log_uri = s3://logs
  key_name = key
  key_pair_file = mine.pem
  enable_debugging = {debug}
"""


def created(name: str, line: str, **more: Any) -> Scenario:
    """A cluster that is made."""
    return Scenario(f"create-cluster {name}", (line,), answers=(MADE,), **more)


def not_created(name: str, line: str, **more: Any) -> Scenario:
    """A command line that is refused before anything is sent."""
    return Scenario(f"create-cluster refuses {name}", (line,), **more)


def config(debug: str = "true") -> dict[str, str]:
    return {".aws/config": CONFIG.format(debug=debug)}


def monitoring(**policies: str) -> str:
    document = {"S3LoggingConfiguration": {"LogTypeUploadPolicy": policies}}
    return f"--monitoring-configuration {shlex.quote(json.dumps(document))}"


def create_cluster() -> Iterator[Scenario]:
    yield created("small", CREATE)
    yield created("table", f"{CREATE} --instance-count 3 --use-default-roles --output table")
    yield created("text", f"{CREATE} --output text")
    yield created("query", f"{CREATE} --query ClusterId --output yaml")
    yield Scenario("create-cluster answered without an ID", (CREATE,), answers=((200, {}),))
    yield Scenario("create-cluster refused by the service", (CREATE,), answers=(REFUSED,))
    yield created("one machine", f"{CREATE} --instance-count 1")
    yield created(
        "groups by shorthand",
        "emr create-cluster --release-label emr-6 --instance-groups "
        "Name=m,InstanceGroupType=master,InstanceCount=1,InstanceType=m4,BidPrice=OnDemandPrice "
        "InstanceGroupType=CORE,InstanceCount=2,InstanceType=m4,BidPrice=0.5,"
        "EbsConfiguration={EbsOptimized=true,EbsBlockDeviceConfigs="
        "[{VolumeSpecification={VolumeType=gp2,SizeInGB=10,Iops=3},VolumesPerInstance=2}]}",
    )
    yield created(
        "groups by JSON",
        f"emr create-cluster --release-label emr-6 --auto-scaling-role r --instance-groups {shlex.quote(GROUPS)}",
    )
    yield created("fleets", f"emr create-cluster --release-label emr-6 --instance-fleets {shlex.quote(FLEET)}")
    yield created("steps", f"{CREATE} --applications Name=Hive Name=Pig --steps {shlex.join(KINDS)}")
    yield created(
        "older, steps",
        f"{OLDER} --applications Name=Hive Name=Pig Name=Impala --steps Type=IMPALA,Args=[a,b] {shlex.join(KINDS)}",
    )
    yield created("older, applications", f"{OLDER} --applications {ALL_APPLICATIONS} --region eu-west-1")
    yield created("older, HBase", f"{OLDER} --applications Name=HBase --restore-from-hbase-backup Dir=s3://d")
    yield created("old, HBase", OLDER.replace("3.11", "2.2") + " --applications Name=HBASE")
    yield created(
        "HBase of a version",
        f"{CREATE} --applications Name=HBase,Args=x --restore-from-hbase-backup Dir=s3://d,BackupVersion=v",
    )
    yield created(
        "bootstrap actions",
        f"{OLDER} --applications Name=Ganglia --bootstrap-actions Path=s3://a Path=s3://b,Name=n,Args=[x,y]",
    )
    yield created(
        "EC2 attributes",
        f"{CREATE} --ec2-attributes KeyName=k,SubnetId=s,InstanceProfile=p,EmrManagedMasterSecurityGroup=m,"
        "EmrManagedSlaveSecurityGroup=s,ServiceAccessSecurityGroup=a,AdditionalMasterSecurityGroups=[b,c],"
        "AdditionalSlaveSecurityGroups=d --service-role r",
    )
    yield created("zones", f"{CREATE} --ec2-attributes AvailabilityZones=[a,b]")
    yield created("zone", f"{CREATE} --ec2-attributes AvailabilityZone=a")
    yield created(
        "EC2 attributes from a file",
        f"{CREATE} --ec2-attributes file://ec2.json --steps file://steps.json --configurations file://conf.json",
        files={
            "ec2.json": '{"KeyName": "k", "SubnetIds": ["a", "b"]}',
            "steps.json": '[{"Type": "SPARK", "Args": ["a"]}]',
            "conf.json": '[{"Classification": "x", "Properties": {"a": "b"}}]',
        },
    )
    yield created("tags", f"{CREATE} --tags a b=c d=e=f ''")
    yield created("tags as JSON", f"{CREATE} --tags '[\"a=b\"]'")
    yield created(
        "everything else",
        f"{CREATE} --name n --log-uri s3://l --log-encryption-kms-key-id k --os-release-label 2.0 --additional-info i "
        "--scale-down-behavior TERMINATE_AT_TASK_COMPLETION --security-configuration s --custom-ami-id ami "
        "--ebs-root-volume-size 10 --ebs-root-volume-iops 3000 --ebs-root-volume-throughput 125 "
        "--repo-upgrade-on-boot NONE --kerberos-attributes Realm=R,KdcAdminPassword=p --step-concurrency-level 4 "
        "--managed-scaling-policy ComputeLimits={MinimumCapacityUnits=1,MaximumCapacityUnits=2,UnitType=Instances} "
        "--placement-group-configs InstanceRole=MASTER,PlacementStrategy=SPREAD --auto-termination-policy "
        "IdleTimeout=60 --monitoring-configuration CloudWatchLogConfiguration={Enabled=true,LogTypes={STEP_LOGS=[STDOUT]}} "
        "--step-execution-role-arn arn:aws:iam::123456789012:role/r",
    )
    yield created(
        "switches on",
        f"{CREATE} --auto-terminate --termination-protected --unhealthy-node-replacement --visible-to-all-users "
        "--extended-support --session-enabled --enable-debugging --log-uri s3://l",
    )
    yield created(
        "switches off",
        f"{CREATE} --no-auto-terminate --no-termination-protected --no-unhealthy-node-replacement "
        "--no-visible-to-all-users --no-extended-support --no-session-enabled --no-enable-debugging",
    )
    yield created("older, debugging", f"{OLDER} --enable-debugging --log-uri s3://l")
    yield created("older, EMRFS", f"{OLDER} --emrfs Consistent=true,RetryCount=5,RetryPeriod=30,Args=[a=b,c]")
    yield created("EMRFS", f"{CREATE} --emrfs SSE=true,Consistent=false,Args=[a=b,c]")
    yield created("EMRFS, encrypted there", f"{CREATE} --emrfs Encryption=ServerSide,Args=a=b")
    yield created("EMRFS, KMS", f"{CREATE} --emrfs Encryption=ClientSide,ProviderType=KMS,KMSKeyId=k")
    custom = "Encryption=ClientSide,ProviderType=Custom,CustomProviderLocation=s3://x,CustomProviderClass=c"
    yield created("EMRFS, own provider", f"{CREATE} --emrfs {custom}")
    yield created("older, EMRFS, own provider", f"{OLDER} --emrfs {custom}")
    yield created("profile", CREATE, files=config())
    yield created("profile, no debugging", f"{CREATE} --ec2-attributes KeyName=other", files=config("False"))
    yield created("profile, default roles", f"{CREATE} --use-default-roles --no-enable-debugging", files=config())
    yield created(
        "logs disabled", f"{CREATE} {monitoring(**{'system-logs': 'disabled', 'application-logs': 'disabled'})}"
    )
    yield created("logs", f"{CREATE} --log-uri s3://l {monitoring(**{'persistent-ui-logs': 'disabled'})}")
    yield created("no policies", f"{CREATE} {monitoring()}")
    yield created("empty values", f"{CREATE} --name '' --log-uri '' --service-role '' --custom-ami-id ''")
    yield from not_create_cluster()
    yield from odd()


def odd() -> Iterator[Scenario]:
    """Command lines that few would write."""
    yield created("name from a file", f"{CREATE} --name file://name.txt", files={"name.txt": "mine\n"})
    yield created("given twice", f"{CREATE} --steps Jar=a --steps Jar=b --name x --name y")
    yield created("abbreviated", f"{CREATE} --instance-c 2 --auto-term --tag a=b")
    yield created("joined", "emr create-cluster --release-label=emr-6 --instance-type=m4 --tags=a=b")
    yield created("JSON objects", f'{CREATE} --steps \'{{"Jar": "j"}}\' \'{{"Jar": "k"}}\'')
    yield created("a file in shorthand", f"{CREATE} --steps Jar@=file://jar.txt", files={"jar.txt": "s3://j"})
    yield created("an unknown application", f"{CREATE} --applications Name=Whatever,Args=[]")
    yield created("words beyond ASCII", f"{CREATE} --name 'Größe ☃' --tags 'ü=é'")
    yield created("an unknown region", f"{CREATE} --region mars-1")
    yield created("an endpoint", f"{CREATE} --endpoint-url {{url}}", env={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    yield created("a service's endpoint", CREATE, env={"AWS_ENDPOINT_URL": None, "AWS_ENDPOINT_URL_EMR": "{url}"})
    yield created("no pager, no color", f"{CREATE} --no-cli-pager --color off --output yaml-stream")
    yield created("Kerberos by JSON", f'{CREATE} --kerberos-attributes \'{{"Realm": "R", "KdcAdminPassword": "p"}}\'')
    yield created("empty lists", f"{CREATE} --steps '[]' --applications '[]' --bootstrap-actions '[]' --tags '[]'")
    yield created("empty EMRFS", f"{CREATE} --emrfs '{{}}'")
    yield created("empty attributes", f"{CREATE} --ec2-attributes '{{}}' --kerberos-attributes '{{}}'")
    yield created("empty steps' names", f"{CREATE} --steps Jar=j,Name=,ActionOnFailure=,Args=[]")
    yield created("profile's map without values", CREATE, files={".aws/config": "[default]\nemr =\n"})
    yield created("numbers with blanks", f"{CREATE} --instance-count ' 3 ' --ebs-root-volume-size 1_0")
    yield created("a negative count", f"{CREATE} --instance-count -3")
    yield created("a later AMI", OLDER.replace("3.11", "3.0.4") + " --applications Name=HBASE --emrfs SSE=true")
    yield not_created("an ambiguous option", f"{CREATE} --ebs 1")
    yield not_created("a skeleton", f"{CREATE} --generate-cli-skeleton")
    yield not_created("a word too many", f"{CREATE} more")
    yield not_created("no shorthand at all", f"{CREATE} --steps ''")
    yield not_created("an empty structure", f"{CREATE} --ec2-attributes ''")
    yield not_created("shorthand for a list", f"{CREATE} --instance-groups InstanceGroupType=MASTER")
    yield not_created("a text for a flag", f'{CREATE} --emrfs \'{{"SSE": "true"}}\'')
    yield not_created("a float for a number", f'{CREATE} --emrfs \'{{"Consistent": true, "RetryCount": 1.5}}\'')
    yield not_created("configurations that are no list", f"{CREATE} --configurations '{{\"a\": 1}}'")
    yield not_created("configurations of numbers", f"{CREATE} --configurations '[1, null]'")
    yield not_created(
        "a long field that is no number", f"{CREATE} --managed-scaling-policy UtilizationPerformanceIndex=a"
    )
    yield not_created("an enormous number", f"{CREATE} --step-concurrency-level 1e3")
    yield not_created("a bad region", f"{CREATE} --region 'a b'")
    yield not_created("a bad output", f"{CREATE} --output xml")
    yield not_created("half credentials", CREATE, env={"AWS_SECRET_ACCESS_KEY": None})
    yield not_created("a profile that is not there", f"{CREATE} --profile nope")


def not_create_cluster() -> Iterator[Scenario]:
    yield not_created("no version", "emr create-cluster")
    yield not_created("two versions", f"{CREATE} --ami-version 3.1")
    yield not_created("a bad AMI version", "emr create-cluster --ami-version latest --instance-type m4")
    yield not_created("no machines", "emr create-cluster --release-label emr-6")
    yield not_created("groups and a type", f"{CREATE} --instance-groups {shlex.quote(GROUPS)}")
    yield not_created("groups and fleets", f"{CREATE} --instance-groups {shlex.quote(GROUPS)} --instance-fleets '[]'")
    yield not_created(
        "scaling without a role", CREATE.replace("--instance-type m4.large", f"--instance-groups {shlex.quote(GROUPS)}")
    )
    yield not_created("two roles", f"{CREATE} --use-default-roles --service-role r")
    yield not_created("two profiles", f"{CREATE} --use-default-roles --ec2-attributes InstanceProfile=p")
    yield not_created("two subnets", f"{CREATE} --ec2-attributes SubnetId=a,SubnetIds=[b,c]")
    yield not_created("two zones", f"{CREATE} --ec2-attributes AvailabilityZone=a,AvailabilityZones=[b,c]")
    yield not_created("subnet and zone", f"{CREATE} --ec2-attributes SubnetId=a,AvailabilityZone=b")
    for first, second in (
        ("auto-terminate", "no-auto-terminate"),
        ("termination-protected", "no-termination-protected"),
        ("unhealthy-node-replacement", "no-unhealthy-node-replacement"),
        ("visible-to-all-users", "no-visible-to-all-users"),
        ("enable-debugging", "no-enable-debugging"),
        ("extended-support", "no-extended-support"),
        ("session-enabled", "no-session-enabled"),
    ):
        yield not_created(f"{first} and its opposite", f"{CREATE} --{first} --{second}")
    yield not_created("debugging without logs", f"{CREATE} --enable-debugging")
    yield not_created("bad configurations", f"{CREATE} --configurations bad")
    yield not_created("configurations from the web", f"{CREATE} --configurations https://example.com/c.json")
    yield not_created("seventeen actions", f"{CREATE} --bootstrap-actions {' '.join(['Path=p'] * 17)}")
    yield not_created("an action without a path", f"{CREATE} --bootstrap-actions Name=n")
    yield not_created("HBase on an early AMI", OLDER.replace("3.11", "2.0") + " --applications Name=HBASE")
    yield not_created("HBase's backup without HBase", f"{CREATE} --restore-from-hbase-backup Dir=s3://d")
    yield not_created(
        "HBase's backup nowhere", f"{CREATE} --applications Name=HBase --restore-from-hbase-backup BackupVersion=v"
    )
    yield not_created("a step without its application", f"{CREATE} --steps Type=HIVE,Args=a")
    yield not_created("Impala on a release", f"{CREATE} --steps Type=IMPALA,Args=a")
    yield not_created("a step of no type", f"{CREATE} --steps Type=Nope")
    yield not_created("a JAR step without one", f"{CREATE} --steps Args=a")
    for kind in ("HIVE", "STREAMING", "SPARK", "PIG"):
        yield not_created(f"a {kind} step without arguments", f"{CREATE} --steps Type={kind}")
    yield not_created("a step with a blank argument", f"{CREATE} --steps 'Type=HIVE,Args=[\" \"]'")
    yield not_created("an application without a name", f"{CREATE} --applications Foo=1")
    yield not_created("a number that is none", f"{CREATE} --step-concurrency-level abc")
    yield not_created("a size that is none", f"{CREATE} --ebs-root-volume-size abc")
    yield not_created("a count that is none", f"{CREATE} --instance-count abc")
    yield not_created("a time that is none", f"{CREATE} --auto-termination-policy IdleTimeout=x")
    yield not_created("a flag that is none", f"{CREATE} --emrfs Consistent=xyz")
    yield not_created("no unit", f"{CREATE} --managed-scaling-policy ComputeLimits={{MinimumCapacityUnits=1}}")
    yield not_created("bad shorthand", f"{CREATE} --ec2-attributes KeyName")
    yield not_created("bad JSON", f"{CREATE} --ec2-attributes '{{bad'")
    yield not_created("a list for a structure", f"{CREATE} --ec2-attributes '[1]'")
    yield not_created("a file that is missing", f"{CREATE} --steps file://nope.json")
    yield not_created("an unknown option", f"{CREATE} --nope x")
    yield not_created("an option without its value", f"{CREATE} --name")
    yield not_created(
        "EMRFS twice", f'{CREATE} --emrfs SSE=true --configurations \'[{{"Classification": "emrfs-site"}}]\''
    )
    for name, emrfs in (
        ("two encryptions", "SSE=true,Encryption=ServerSide"),
        ("an unknown encryption", "Encryption=x"),
        ("no provider", "Encryption=ClientSide"),
        ("an unknown provider", "Encryption=ClientSide,ProviderType=x"),
        ("no key", "Encryption=ClientSide,ProviderType=KMS"),
        ("no class", "Encryption=ClientSide,ProviderType=Custom"),
        ("retries of nothing", "RetryCount=1,RetryPeriod=2"),
        ("a key for nothing", "KMSKeyId=k"),
        ("a class for nothing", "CustomProviderClass=c,CustomProviderLocation=l"),
    ):
        yield not_created(f"EMRFS with {name}", f"{CREATE} --emrfs {emrfs}")
    yield not_created("logs of no kind", f"{CREATE} {monitoring(x='disabled')}")
    yield not_created("a policy that is none", f"{CREATE} {monitoring(**{'system-logs': 'x'})}")
    yield not_created("UI logs only there", f"{CREATE} {monitoring(**{'persistent-ui-logs': 'on-customer-s3only'})}")
    yield not_created("logs without a place", f"{CREATE} {monitoring(**{'system-logs': 'emr-managed'})}")
    disabled = monitoring(**{"system-logs": "disabled", "application-logs": "disabled"})
    yield not_created("a place without logs", f"{CREATE} --log-uri s3://l {disabled}")
    yield not_created("a profile that is wrong", CREATE, files=config("maybe"))
    yield not_created(
        "another profile that is wrong",
        CREATE,
        files={".aws/config": CONFIG.format(debug="maybe").replace("[default]", "[profile p]")},
        env={"AWS_PROFILE": "p"},
    )
    yield not_created("no region", CREATE, env={"AWS_DEFAULT_REGION": None})
    yield not_created("no credentials", CREATE, env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None})
    yield not_created("a bad query", f"{CREATE} --query '['")


# Clusters that are there ------------------------------------------------------------------------------------------

ADD = "emr add-steps --cluster-id j-1 --steps"
GROUP = "InstanceGroupType=task,InstanceType=m4,InstanceCount=2,BidPrice=0.1"
SCHEDULE = "emr schedule-hbase-backup --cluster-id j-1 --dir s3://d --interval 1"


def clusters() -> Iterator[Scenario]:
    yield Scenario("add-steps", (f"{ADD} {shlex.join(KINDS)}",), answers=(ON_RELEASE, STEPS_ADDED))
    yield Scenario(
        "add-steps, older", (f"{ADD} Type=IMPALA,Args=[a,b] {shlex.join(KINDS)}",), answers=(ON_AMI, STEPS_ADDED)
    )
    role = "--execution-role-arn arn:aws:iam::123456789012:role/r"
    yield Scenario("add-steps, role", (f"{ADD} Jar=j {role} --output table",), answers=(ON_RELEASE, STEPS_ADDED))
    yield Scenario("add-steps, short role", (f"{ADD} Jar=j --execution-role-arn r",), answers=(ON_RELEASE,))
    yield Scenario("add-steps, no such cluster", (f"{ADD} Jar=j",), answers=(REFUSED,))
    yield Scenario("add-steps, refused", (f"{ADD} Jar=j",), answers=(ON_RELEASE, REFUSED))
    yield Scenario("add-steps, no such type", (f"{ADD} Type=nope",), answers=(ON_RELEASE,))
    yield Scenario("add-steps, Impala", (f"{ADD} Type=IMPALA,Args=a",), answers=(ON_RELEASE,))
    yield Scenario("add-steps, Impala without arguments", (f"{ADD} Type=IMPALA",), answers=(ON_AMI,))
    yield Scenario("add-steps, no steps", ("emr add-steps --cluster-id j-1",))
    yield Scenario(
        "add-steps, empty", ("emr add-steps --cluster-id j-1 --steps '[]'",), answers=(ON_RELEASE, STEPS_ADDED)
    )
    answer = {"JobFlowId": "j-1", "InstanceGroupIds": ["ig-1"], "ClusterArn": "arn"}
    add = f"emr add-instance-groups --cluster-id j-1 --instance-groups {GROUP}"
    yield Scenario("add-instance-groups", (add,), answers=((200, answer),))
    yield Scenario("add-instance-groups, no ARN", (add,), answers=((200, {**answer, "ClusterArn": None}),))
    yield Scenario("add-instance-groups, no IDs", (add,), answers=((200, {"JobFlowId": "j-1"}),))
    yield Scenario("add-instance-groups, refused", (add,), answers=(REFUSED,))
    yield Scenario("add-instance-groups, table", (f"{add} --output table",), answers=((200, answer),))
    yield Scenario(
        "add-instance-groups, incomplete", ("emr add-instance-groups --cluster-id j --instance-groups Name=x",)
    )
    yield Scenario("terminate-clusters", ("emr terminate-clusters --cluster-ids j-1 j-2",), answers=((200, {}),))
    yield Scenario(
        "terminate-clusters, JSON", ("emr terminate-clusters --cluster-ids '[\"j-1\"]'",), answers=((200, {}),)
    )
    yield Scenario("terminate-clusters, refused", ("emr terminate-clusters --cluster-ids j-1",), answers=(REFUSED,))
    yield Scenario("terminate-clusters, none", ("emr terminate-clusters",))
    yield from attributes()
    yield from installing()
    yield from hbase()
    yield from describing()


def attributes() -> Iterator[Scenario]:
    modify = "emr modify-cluster-attributes --cluster-id j-1"
    flags = ("visible-to-all-users", "termination-protected", "auto-terminate", "unhealthy-node-replacement")
    for name in flags:
        for flag in (name, f"no-{name}"):
            yield Scenario(f"modify-cluster-attributes {flag}", (f"{modify} --{flag}",), answers=((200, {}),))
        yield Scenario(f"modify-cluster-attributes {name} and its opposite", (f"{modify} --{name} --no-{name}",))
    every = " ".join(f"--{name}" for name in flags)
    yield Scenario("modify-cluster-attributes, all", (f"{modify} {every}",), answers=((200, {}),) * 4)
    yield Scenario("modify-cluster-attributes, none", (modify,))
    yield Scenario("modify-cluster-attributes, refused", (f"{modify} --auto-terminate",), answers=(REFUSED,))
    yield Scenario(
        "modify-cluster-attributes, half",
        (f"{modify} {every}",),
        answers=((200, {}), (200, {}), REFUSED),
        differs="stderr says which attributes were changed before the error",
    )


def installing() -> Iterator[Scenario]:
    install = "emr install-applications --cluster-id j-1 --applications"
    both = f"{install} Name=HIVE,Args=--hive-site=s3://x Name=Pig"
    yield Scenario("install-applications", (both,), answers=(ON_AMI, STEPS_ADDED))
    yield Scenario("install-applications elsewhere", (f"{both} --region eu-west-1",), answers=(ON_AMI, STEPS_ADDED))
    yield Scenario("install-applications on a release", (both,), answers=(ON_RELEASE,))
    yield Scenario("install-applications HBASE", (f"{install} Name=HBASE",), answers=(ON_AMI,))
    yield Scenario("install-applications unknown", (f"{install} Name=xx",), answers=(ON_AMI,))
    yield Scenario("install-applications nameless", (f"{install} Args=xx",))


def hbase() -> Iterator[Scenario]:
    lines = {
        "create-hbase-backup": "emr create-hbase-backup --cluster-id j-1 --dir s3://d",
        "create-hbase-backup, consistent": "emr create-hbase-backup --cluster-id j-1 --dir s3://d --consistent",
        "restore-from-hbase-backup": "emr restore-from-hbase-backup --cluster-id j-1 --dir s3://d",
        "restore-from-hbase-backup, version": "emr restore-from-hbase-backup --cluster-id j --dir d --backup-version 2",
        "schedule-hbase-backup": f"{SCHEDULE} --type FULL --unit Days --consistent",
        "schedule-hbase-backup, later": f"{SCHEDULE} --type incremental --unit minutes --start-time 2014",
        "disable-hbase-backups": "emr disable-hbase-backups --cluster-id j-1 --full --incremental",
        "disable-hbase-backups, one": "emr disable-hbase-backups --cluster-id j-1 --incremental --output text",
    }
    for name, line in lines.items():
        yield Scenario(name, (line,), answers=(ON_AMI, STEPS_ADDED))
        yield Scenario(f"{name}, on a release", (line,), answers=(ON_RELEASE,))
    yield Scenario("schedule-hbase-backup, bad type", (f"{SCHEDULE} --type x --unit y",), answers=(ON_AMI,))
    yield Scenario("schedule-hbase-backup, bad unit", (f"{SCHEDULE} --type full --unit y",), answers=(ON_AMI,))
    yield Scenario("schedule-hbase-backup, nothing", ("emr schedule-hbase-backup",))
    yield Scenario("disable-hbase-backups, none", ("emr disable-hbase-backups --cluster-id j-1",), answers=(ON_AMI,))
    yield Scenario("create-hbase-backup, no such cluster", (lines["create-hbase-backup"],), answers=(REFUSED,))


def describing() -> Iterator[Scenario]:
    line = "emr describe-cluster --cluster-id j-1"
    groups = (200, {"InstanceGroups": [{"Id": "ig", "Market": "SPOT"}]})
    fleets = (200, {"InstanceFleets": [{"Id": "if"}]})
    actions = (200, {"BootstrapActions": [{"Name": "b", "ScriptPath": "s3://x", "Args": ["a"]}]})
    timed = described(Status={"State": "RUNNING", "Timeline": {"CreationDateTime": 1.6e9}})
    for output in ("json", "text", "table", "yaml", "yaml-stream"):
        yield Scenario(f"describe-cluster {output}", (f"{line} --output {output}",), answers=(timed, groups, actions))
    of_fleets = described(InstanceCollectionType="INSTANCE_FLEET")
    yield Scenario("describe-cluster, fleets", (line,), answers=(of_fleets, fleets, (200, {})))
    yield Scenario("describe-cluster, bare", (line,), answers=(ON_AMI, (200, {}), (200, {})))
    yield Scenario(
        "describe-cluster, query",
        (f"{line} --query Cluster.InstanceGroups[].Id --output text",),
        answers=(timed, groups, actions),
    )
    yield Scenario(
        "describe-cluster, wire times",
        (line,),
        answers=(timed, groups, actions),
        files={".aws/config": "[default]\ncli_timestamp_format = wire\n"},
    )
    yield Scenario("describe-cluster, no such cluster", (line,), answers=(REFUSED,))
    yield Scenario("describe-cluster, half", (line,), answers=(timed, REFUSED))
    yield Scenario("describe-cluster, no ID", ("emr describe-cluster",))
    yield Scenario(
        "describe-cluster, unsigned and without credentials",
        (f"{line} --no-sign-request",),
        env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
    )
    yield Scenario(
        "describe-cluster, neither region nor credentials",
        (line,),
        env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_DEFAULT_REGION": None},
    )
    pages = ((200, {**groups[1], "Marker": "m"}), (200, {"InstanceGroups": [{"Id": "ig2"}]}))
    yield Scenario(
        "describe-cluster, many groups",
        (line,),
        answers=(timed, *pages, actions),
        differs="all pages of the groups are read, where AWS CLI v2 shows the first alone",
    )
    for flag in ("", "--active", "--failed", "--terminated", "--cluster-states RUNNING WAITING", "--active --failed"):
        yield Scenario(f"list-clusters {flag}", (f"emr list-clusters {flag}",), answers=((200, {"Clusters": []}),))
    dates = "--created-after 2026-01-01 --created-before 2026-02-01T00:00:00Z"
    yield Scenario("list-clusters, dates", (f"emr list-clusters {dates}",), answers=((200, {"Clusters": []}),))
    pages = ((200, {"Clusters": [{"Id": "a"}], "Marker": "m"}), (200, {"Clusters": [{"Id": "b"}]}))
    yield Scenario("list-clusters, pages", ("emr list-clusters --output text",), answers=pages)
    yield Scenario("add-tags", ("emr add-tags --resource-id j-1 --tags a=b c",), answers=((200, {}),))
    yield Scenario(
        "list-instances", ("emr list-instances --cluster-id j",), answers=((200, {"Instances": [{"Id": "i"}]}),)
    )


# Remote -----------------------------------------------------------------------------------------------------------

TOOL = """
{ echo "$(basename "$0")"; for word in "$@"; do echo "argument: $word"; done
  env | grep -E '^(AWS_(ACCESS|SECRET|DEFAULT)|HOME)' | sort; } >> "$HOME/ran"
echo "stand-in's output"; echo "stand-in's errors" >&2
test "$1" = "-G" && exit ${G_CODE:-0}
exit ${CODE:-0}
"""
TOOLS = {"ssh": TOOL, "scp": TOOL}
NO_PROGRAM = {"PATH": "{home}/../bin"}
REMOTE = {
    "ssh": "emr ssh --cluster-id j-1 --key-pair-file k.pem",
    "ssh, command": "emr ssh --cluster-id j-1 --key-pair-file k.pem --command 'ls -l \"a b\"'",
    "ssh, options": "emr ssh --cluster-id j-1 --key-pair-file k.pem --ssh-options A=b C=d",
    "ssh, host keys": "emr ssh --cluster-id j-1 --key-pair-file k.pem --ssh-options A=b stricthostkeychecking=yes",
    "socks": "emr socks --cluster-id j-1 --key-pair-file k.pem",
    "socks, options": "emr socks --cluster-id j-1 --key-pair-file k.pem --ssh-options A=b",
    "put": "emr put --cluster-id j-1 --key-pair-file k.pem --src a/b/c.txt",
    "put, elsewhere": "emr put --cluster-id j-1 --key-pair-file k.pem --src a/b/c.txt --dest /tmp/x",
    "put, options": "emr put --cluster-id j-1 --key-pair-file k.pem --src a --ssh-options A=b",
    "get": "emr get --cluster-id j-1 --key-pair-file k.pem --src a/b/c.txt",
    "get, elsewhere": "emr get --cluster-id j-1 --key-pair-file k.pem --src a/b/c.txt --dest /tmp/x",
    "get, options": "emr get --cluster-id j-1 --key-pair-file k.pem --src a --ssh-options A=b",
}


def remote() -> Iterator[Scenario]:
    for name, line in REMOTE.items():
        yield Scenario(name, (line,), answers=(ON_AMI,) * 3, tools=TOOLS)
        yield Scenario(
            f"{name}, failing", (line,), answers=(ON_AMI,) * 3, tools=TOOLS, env={"CODE": "3", "G_CODE": "1"}
        )
    line = REMOTE["ssh"]
    yield Scenario(
        "ssh, key of the profile", ("emr ssh --cluster-id j-1",), answers=(ON_AMI,) * 3, tools=TOOLS, files=config()
    )
    yield Scenario("ssh, no key", ("emr ssh --cluster-id j-1",), tools=TOOLS)
    for name in ("ssh", "put", "socks", "get"):
        yield Scenario(f"{name}, no program", (REMOTE[name],), answers=(ON_AMI,) * 3, env=NO_PROGRAM, stop_clock=False)
    for state in ("TERMINATED", "TERMINATING", "TERMINATED_WITH_ERRORS"):
        yield Scenario(f"ssh, {state}", (line,), answers=(described(Status={"State": state}),), tools=TOOLS)
    starting = described(Status={"State": "STARTING"})
    yield Scenario("ssh, starting", (line,), answers=(starting, ON_AMI, ON_AMI), tools=TOOLS)
    yield Scenario(
        "ssh, not starting", (line,), answers=(starting, described(Status={"State": "TERMINATED"})), tools=TOOLS
    )
    yield Scenario("ssh, no such cluster", (line,), answers=(REFUSED,), tools=TOOLS)
    nameless = (200, {"Cluster": {"Id": "j-1", "Status": {"State": "RUNNING"}}})
    yield Scenario(
        "ssh, no name",
        (line,),
        answers=(nameless,) * 3,
        tools=TOOLS,
        differs="where the master has no public name, that is said, and no Python key",
    )
    yield from putty()


def putty() -> Iterator[Scenario]:
    tools = dict.fromkeys(("putty", "pscp"), 'for word in "$@"; do echo "argument: $word"; done; exit 4\n')
    tools |= {"putty.exe": "", "pscp.exe": ""}
    for name in ("ssh", "socks", "put", "get"):
        with_ppk = REMOTE[name].replace("k.pem", "k.ppk")
        shared: dict[str, Any] = {"answers": (ON_AMI,) * 3, "env": NO_PROGRAM, "stop_clock": False}
        yield Scenario(f"{name}, PuTTY", (f"{with_ppk} --ssh-options A=b",), tools=tools, **shared)
        yield Scenario(f"{name}, PuTTY and a wrong key", (REMOTE[name],), tools=tools, **shared)
    yield Scenario(
        "ssh, PuTTY and a command",
        (REMOTE["ssh, command"].replace("k.pem", "k.ppk"),),
        tools=tools,
        differs="PuTTY gets the command in a file, where AWS CLI v2 stops on it",
        **shared,
    )


# Roles ------------------------------------------------------------------------------------------------------------

IAM = "https://iam.amazonaws.com/doc/2010-05-08/"
DOCUMENT = quote('{"Version":"2012-10-17","Statement":[]}')


def role(document: str = DOCUMENT) -> str:
    return (
        "<Role><Path>/</Path><RoleName>R</RoleName><RoleId>AROA</RoleId><Arn>arn:aws:iam::1:role/R</Arn>"
        f"<CreateDate>2020-01-02T03:04:05Z</CreateDate><AssumeRolePolicyDocument>{document}</AssumeRolePolicyDocument>"
        "</Role>"
    )


def iam(operation: str, result: str = "") -> Reply:
    body = (
        f"<{operation}Result>{result}</{operation}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
    )
    return 200, f'<{operation}Response xmlns="{IAM}">{body}</{operation}Response>'


def iam_error(code: str) -> Reply:
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>"
    return 404 if code == "NoSuchEntity" else 403, f'<ErrorResponse xmlns="{IAM}">{error}</ErrorResponse>'


NOT_THERE, DENIED = iam_error("NoSuchEntity"), iam_error("AccessDenied")
MAKE_ROLE = (
    iam("CreateRole", role()),
    iam("AttachRolePolicy"),
    iam("GetPolicy", "<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>"),
    iam("GetPolicyVersion", f"<PolicyVersion><Document>{DOCUMENT}</Document></PolicyVersion>"),
)
ROLE_THERE = iam("GetRole", role())
PROFILE_THERE = iam("GetInstanceProfile", "<InstanceProfile><Path>/</Path></InstanceProfile>")
MAKE_PROFILE = (NOT_THERE, iam("CreateInstanceProfile", "<InstanceProfile/>"), iam("AddRoleToInstanceProfile"))
MAKE_ALL = (NOT_THERE, *MAKE_ROLE, *MAKE_PROFILE, NOT_THERE, *MAKE_ROLE, NOT_THERE, *MAKE_ROLE)
ALL_THERE = (ROLE_THERE, PROFILE_THERE, ROLE_THERE, ROLE_THERE)
IAM_ONLY = {"AWS_ENDPOINT_URL": None, "AWS_ENDPOINT_URL_IAM": "{url}"}
ROLES = "emr create-default-roles"
HALF = "stderr says what was made before the error"
HIDDEN = "the roles go into [default]: AWS CLI v2 adds [profile default], which hides all that stood there"


def roles() -> Iterator[Scenario]:
    for output in ("json", "text", "table", "yaml"):
        line = f"{ROLES} --iam-endpoint {{url}} --output {output}"
        yield Scenario(f"create-default-roles {output}", (line,), answers=MAKE_ALL, env={"AWS_ENDPOINT_URL": None})
    for region in ("cn-north-1", "us-gov-west-1", "mars-1"):
        line = f"{ROLES} --region {region}"
        yield Scenario(f"create-default-roles {region}", (line,), answers=MAKE_ALL, env=IAM_ONLY)
    endpoints = (
        "elasticmapreduce.ap-1.example.org",
        "ap-1.elasticmapreduce.example.org",
        "cn-north-1.elasticmapreduce.x",
    )
    for endpoint in endpoints:
        line = f"{ROLES} --endpoint-url https://{endpoint}/x"
        yield Scenario(f"create-default-roles {endpoint}", (line,), answers=MAKE_ALL, env=IAM_ONLY)
    fips = {**IAM_ONLY, "AWS_USE_FIPS_ENDPOINT": "true"}
    yield Scenario("create-default-roles FIPS", (ROLES,), answers=MAKE_ALL, env=fips)
    profile = "[profile p]\nregion = eu-west-1\nemr =\n    log_uri = X\n"
    for name, text, env in (
        ("none", None, {}),
        ("default", "[default]\nregion = eu-west-1\n", {"AWS_PROFILE": "default"}),
        ("own", profile, {"AWS_PROFILE": "p"}),
        ("another", profile, {}),
        ("role", "[default]\nemr =\n    service_role = X\n", {}),
        ("instance profile", "[default]\nemr =\n    instance_profile = X\n", {}),
    ):
        files = {} if text is None else {".aws/config": text}
        yield Scenario(
            f"create-default-roles there, {name}",
            (ROLES,),
            answers=ALL_THERE,
            env={**IAM_ONLY, **env},
            files=files,
            differs=HIDDEN if name == "default" else None,
        )
    own_file = {**IAM_ONLY, "AWS_CONFIG_FILE": "{home}/conf"}
    yield Scenario("create-default-roles, own file", (ROLES,), answers=ALL_THERE, env=own_file)
    yield Scenario("create-default-roles denied", (ROLES,), answers=(DENIED,), env=IAM_ONLY)
    half = (NOT_THERE, *MAKE_ROLE, *MAKE_PROFILE, NOT_THERE, DENIED)
    yield Scenario("create-default-roles half", (ROLES,), answers=half, env=IAM_ONLY, differs=HALF)
    endless = (NOT_THERE, *MAKE_ROLE, *MAKE_PROFILE, NOT_THERE)
    yield Scenario("create-default-roles, unknown endpoint", (ROLES,), answers=endless, differs=HALF)
    yield Scenario("create-default-roles, no region", (ROLES,), env={"AWS_DEFAULT_REGION": None})
    yield Scenario(
        "create-default-roles, no credentials", (ROLES,), env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    )


# emr-containers ---------------------------------------------------------------------------------------------------

CLUSTER = {
    "name": "c1",
    "arn": "arn:aws:eks:us-east-1:123456789012:cluster/c1",
    "identity": {"oidc": {"issuer": "https://oidc.eks.us-east-1.amazonaws.com/id/ABC"}},
}
THE_CLUSTER: Reply = (200, {"cluster": CLUSTER})
WHICH = "--cluster-name c1 --namespace ns --role-name my-role"
TOKEN = ((r'"clientRequestToken": "[^"]+"', '"clientRequestToken": "TOKEN"'),)
ASSOCIATION: Reply = (200, {"association": {"clusterName": "c1", "associationId": "a-1", "createdAt": 1.6e9}})
FOUND: Reply = (200, {"associations": [{"associationId": "a-1"}, {"associationId": "a-2"}]})
NONE_FOUND: Reply = (200, {"associations": []})
TYPES = ("start_job_run", "interactive_endpoint", "spark_operator", "flink_operator", "livy")


def eks_error(code: str) -> Reply:
    return 400, {"message": "no"}, {"x-amzn-ErrorType": code}


def containers() -> Iterator[Scenario]:
    update = f"emr-containers update-role-trust-policy {WHICH}"
    there = (THE_CLUSTER, ROLE_THERE)
    updated = iam("UpdateAssumeRolePolicy")
    yield Scenario("update-role-trust-policy", (update,), answers=(*there, updated))
    yield Scenario("update-role-trust-policy dry", (f"{update} --dry-run",), answers=there)
    yield Scenario("update-role-trust-policy cn", (f"{update} --region cn-north-1 --dry-run",), answers=there)
    yield Scenario("update-role-trust-policy gov", (f"{update} --region us-gov-east-1 --dry-run",), answers=there)
    yield Scenario(
        "update-role-trust-policy endpoint",
        (f"{update} --iam-endpoint {{url}} --endpoint-url http://127.0.0.1:9",),
        answers=(*there, updated),
        env={"AWS_ENDPOINT_URL": None, "AWS_ENDPOINT_URL_EKS": "{url}"},
    )
    subject = "system:serviceaccount:ns:emr-containers-sa-*-*-123456789012-8fenk3zlrad"
    provider = "oidc.eks.us-east-1.amazonaws.com/id/ABC"
    trusted = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{provider}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {f"{provider}:sub": subject}},
    }
    for name, statements in (
        ("trusted", [trusted]),
        ("other", [{**trusted, "Action": "x"}]),
        ("more", [{**trusted, "Sid": "s"}]),
    ):
        policy = quote(json.dumps({"Version": "2012-10-17", "Statement": statements}))
        answers: Sequence[Reply] = (THE_CLUSTER, iam("GetRole", role(policy)), updated)
        yield Scenario(f"update-role-trust-policy {name}", (update,), answers=answers[: 2 if name == "trusted" else 3])
    bare = quote('{"Version":"2012-10-17"}')
    yield Scenario(
        "update-role-trust-policy bare", (f"{update} --dry-run",), answers=(THE_CLUSTER, iam("GetRole", role(bare)))
    )
    yield Scenario("update-role-trust-policy no cluster", (update,), answers=(eks_error("ResourceNotFoundException"),))
    yield Scenario("update-role-trust-policy no role", (update,), answers=(THE_CLUSTER, NOT_THERE))
    yield Scenario("update-role-trust-policy denied", (update,), answers=(*there, DENIED))
    yield Scenario("update-role-trust-policy nothing", ("emr-containers update-role-trust-policy",))
    yield Scenario("update-role-trust-policy no region", (update,), env={"AWS_DEFAULT_REGION": None})
    yield Scenario(
        "update-role-trust-policy no issuer",
        (update,),
        answers=((200, {"cluster": {**CLUSTER, "identity": {}}}),),
        differs="says what the cluster lacks, where AWS CLI v2 shows Python's words",
    )
    yield from associations()


def associations() -> Iterator[Scenario]:
    create = f"emr-containers create-role-associations {WHICH}"
    delete = f"emr-containers delete-role-associations {WHICH}"
    for kind in TYPES:
        count = 2 if kind == "livy" else 3
        line = f"{create} --type {kind} --operator-namespace op"
        yield Scenario(f"{line}", (line,), answers=(THE_CLUSTER, *(ASSOCIATION,) * count), blur=TOKEN)
        line = f"{delete} --type {kind}"
        yield Scenario(f"{line}", (line,), answers=(THE_CLUSTER, *(FOUND, ASSOCIATION) * count))
    one = "--service-account-name sa"
    yield Scenario("create-role-associations one", (f"{create} {one}",), answers=(THE_CLUSTER, ASSOCIATION), blur=TOKEN)
    yield Scenario(
        "create-role-associations cn",
        (f"{create} {one} --region cn-north-1 --output text",),
        answers=(THE_CLUSTER, ASSOCIATION),
        blur=TOKEN,
    )
    yield Scenario("delete-role-associations one", (f"{delete} {one}",), answers=(THE_CLUSTER, FOUND, ASSOCIATION))
    yield Scenario("delete-role-associations none", (delete,), answers=(THE_CLUSTER, *(NONE_FOUND,) * 3))
    yield Scenario("delete-role-associations denied", (delete,), answers=(THE_CLUSTER, eks_error("AccessDenied")))
    yield Scenario(
        "delete-role-associations half",
        (delete,),
        answers=(THE_CLUSTER, FOUND, ASSOCIATION, FOUND, eks_error("AccessDenied")),
        differs="stderr says which associations were deleted before the error",
    )
    taken = eks_error("ResourceInUseException")
    yield Scenario("create-role-associations taken", (create,), answers=(THE_CLUSTER, *(taken,) * 3), blur=TOKEN)
    yield Scenario(
        "create-role-associations rolled back",
        (create,),
        answers=(THE_CLUSTER, ASSOCIATION, taken, eks_error("AccessDenied"), (200, {})),
        blur=TOKEN,
    )
    yield Scenario("create-role-associations no cluster", (create,), answers=(eks_error("ResourceNotFoundException"),))
    yield Scenario("create-role-associations bad type", (f"{create} --type x",))
    yield Scenario("create-role-associations nothing", ("emr-containers create-role-associations",))
    yield Scenario("delete-role-associations nothing", ("emr-containers delete-role-associations --namespace x",))
    yield Scenario("create-role-associations no region", (create,), env={"AWS_DEFAULT_REGION": None})


# The clock runs: nothing here tells the time.
SCENARIOS = tuple(
    replace(each, stop_clock=False) for each in (*create_cluster(), *clusters(), *remote(), *roles(), *containers())
)

if __name__ == "__main__":
    main(SCENARIOS)
