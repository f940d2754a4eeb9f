"""Which call lists what a parameter names: read off the models, or stated in `data/listings.json`."""

import pytest

from awsmini.completion.account import search
from awsmini.completion.resources import FILE, Listing, kind, listing, singular, split_name
from awsmini.model.cli_names import visible_operations
from awsmini.model.load import ModelFinder, data
from awsmini.model.shapes import ListShape, OperationModel, ServiceModel, Shape, StructureShape


def operation(service: str, name: str) -> OperationModel:
    return ServiceModel(ModelFinder({}).lines(service)).operation_model(name)


@pytest.mark.parametrize(
    ("service", "name", "member", "call", "path"),
    [
        # Read off the models
        ("dynamodb", "DescribeTable", "TableName", "ListTables", "TableNames[]"),
        ("lambda", "Invoke", "FunctionName", "ListFunctions", "Functions[].FunctionName"),
        ("kinesis", "DescribeStream", "StreamName", "ListStreams", "StreamNames[]"),
        ("iam", "GetRole", "RoleName", "ListRoles", "Roles[].RoleName"),
        ("iam", "GetPolicy", "PolicyArn", "ListPolicies", "Policies[].Arn"),
        ("sqs", "SendMessage", "QueueUrl", "ListQueues", "QueueUrls[]"),
        ("sns", "Publish", "TopicArn", "ListTopics", "Topics[].TopicArn"),
        ("ecs", "ListServices", "cluster", "ListClusters", "clusterArns[]"),
        ("eks", "DescribeCluster", "name", "ListClusters", "clusters[]"),
        ("rds", "RebootDBInstance", "DBInstanceIdentifier", "DescribeDBInstances", "DBInstances[].DBInstanceIdentifier"),
        ("logs", "DescribeLogStreams", "logGroupName", "DescribeLogGroups", "logGroups[].logGroupName"),
        ("ec2", "DescribeVpcs", "VpcIds", "DescribeVpcs", "Vpcs[].VpcId"),
        ("ec2", "DeleteVolume", "VolumeId", "DescribeVolumes", "Volumes[].VolumeId"),
        ("cloudwatch", "DeleteAlarms", "AlarmNames", "DescribeAlarms", "MetricAlarms[].AlarmName"),
        ("apigateway", "GetStages", "restApiId", "GetRestApis", "items[].id"),
        ("apigatewayv2", "GetStages", "ApiId", "GetApis", "Items[].ApiId"),
        ("stepfunctions", "StartExecution", "stateMachineArn", "ListStateMachines", "stateMachines[].stateMachineArn"),
        ("codepipeline", "GetPipeline", "name", "ListPipelines", "pipelines[].name"),
        ("elbv2", "DescribeListeners", "LoadBalancerArn", "DescribeLoadBalancers", "LoadBalancers[].LoadBalancerArn"),
        ("events", "DeleteRule", "Name", "ListRules", "Rules[].Name"),
        ("opensearch", "DescribeDomain", "DomainName", "ListDomainNames", "DomainNames[].DomainName"),
        ("kendra", "DescribeIndex", "Id", "ListIndices", "IndexConfigurationSummaryItems[].Id"),
        ("cloudfront", "GetDistribution", "Id", "ListDistributions", "DistributionList.Items[].Id"),
        # Stated
        ("ec2", "StartInstances", "InstanceIds", "DescribeInstances", "Reservations[].Instances[].InstanceId"),
        ("s3", "GetObject", "Bucket", "ListBuckets", "Buckets[].Name"),
        ("secretsmanager", "GetSecretValue", "SecretId", "ListSecrets", "SecretList[].Name"),
        ("cloudformation", "DeleteStack", "StackName", "DescribeStacks", "Stacks[].StackName"),
    ],
)  # fmt: skip
def test_of_the_service_itself(service, name, member, call, path):
    assert listing(operation(service, name), member, {}) == Listing(service, call, path)


@pytest.mark.parametrize(
    ("service", "name", "member", "expected"),
    [
        ("lambda", "CreateFunction", "Role", None),
        ("ecs", "RegisterTaskDefinition", "executionRoleArn", Listing("iam", "ListRoles", "Roles[].Arn")),
        ("glue", "CreateDevEndpoint", "SubnetId", Listing("ec2", "DescribeSubnets", "Subnets[].SubnetId")),
        ("ec2", "RunInstances", "ImageId",
         Listing("ec2", "DescribeImages", "Images[].ImageId", {"Owners": ["self"]})),
    ],
)  # fmt: skip
def test_of_other_services(service, name, member, expected):
    assert listing(operation(service, name), member, {}) == expected


def test_what_is_made_has_no_name_yet():
    assert listing(operation("dynamodb", "CreateTable"), "TableName", {}) is None
    assert listing(operation("dynamodb", "CreateBackup"), "TableName", {}) is not None


def test_what_a_listing_needs_is_taken_from_the_line():
    describe = operation("eks", "DescribeNodegroup")
    assert listing(describe, "nodegroupName", {}) is None
    expected = Listing("eks", "ListNodegroups", "nodegroups[]", {"clusterName": "c"})
    assert listing(describe, "nodegroupName", {"clusterName": "c", "nodegroupName": "x"}) == expected
    services = listing(operation("ecs", "UpdateService"), "service", {"cluster": "c"})
    assert services == Listing("ecs", "ListServices", "serviceArns[]", {"cluster": "c"})


@pytest.mark.parametrize(
    ("service", "name", "member"),
    [
        ("lambda", "CreateFunction", "Description"),
        ("dynamodb", "Query", "KeyConditionExpression"),
        ("ec2", "RunInstances", "ClientToken"),
        ("sqs", "SendMessage", "MessageBody"),
    ],
)
def test_what_names_nothing(service, name, member):
    assert listing(operation(service, name), member, {}) is None


def test_names_taken_apart():
    assert split_name("TableName") == ("table", "name")
    assert split_name("instanceIds") == ("instance", "id")
    assert split_name("DBInstanceIdentifier") == ("dbinstance", "identifier")
    assert split_name("Arn") == ("", "arn")
    assert split_name("Bucket") == ("bucket", "")
    assert kind("DescribeDBInstances") == "dbinstance"
    assert [singular(word) for word in ("policies", "apis", "aliases", "status", "addresses", "analysis", "indices")] == [
        "policy", "api", "aliase", "status", "address", "analysis", "index",
    ]  # fmt: skip


def test_paths():
    answer = {"A": [{"B": [{"C": "1"}, {"C": 2}, {}]}, {"B": None}], "D": {"E": ["x", None]}}
    assert list(search("A[].B[].C", answer)) == ["1"]
    assert list(search("D.E[]", answer)) == ["x"]
    assert list(search("N[].M", answer)) == []
    assert list(search("A[].Id", {"A": [{"Id": "/hostedzone/Z1"}]})) == ["Z1"]


def stated() -> list[tuple[str, str, str]]:
    facts = data(FILE)
    tables = [facts["anywhere"], *facts["services"].values()]
    return sorted({(entry[0], entry[1], entry[2]) for table in tables for entry in table.values()})


@pytest.mark.parametrize(("service", "name", "path"), stated())
def test_what_is_stated_is_so(service, name, path):
    shape: Shape | None = operation(service, name).output_shape
    for step in path.split("."):
        assert isinstance(shape, StructureShape)
        shape = shape.members[step.removesuffix("[]")]
        if step.endswith("[]"):
            assert isinstance(shape, ListShape)
            shape = shape.member
    assert shape is not None
    assert shape.type_name == "string"


def test_every_member_of_many_services_can_be_asked_about():
    """Nothing in the models makes it stumble, and what it finds is there."""
    for service in ("iam", "glue", "route53"):
        model = ServiceModel(ModelFinder({}).lines(service))
        for api_name in visible_operations(model).values():
            each = model.operation_model(api_name)
            for member in each.input_shape.members if each.input_shape else ():
                found = listing(each, member, {})
                assert found is None or found.service != service or found.operation in model.operation_names
