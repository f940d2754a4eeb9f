"""Forms of the query protocol, and of EC2."""

import pytest

from tests.serialize.test_serialize import request


def form(service_name, name, params):
    body = request(service_name, name, params, token=lambda: "t").body.decode()
    _, _, fields = body.split("&", 2) if body.count("&") > 1 else (body, "", "")
    return fields


@pytest.mark.parametrize(
    ("service_name", "name", "params", "fields"),
    [
        ("iam", "CreateRole", {"RoleName": "r", "Tags": [{"Key": "a", "Value": "b"}]},
         "RoleName=r&Tags.member.1.Key=a&Tags.member.1.Value=b"),
        ("rds", "DescribeDBInstances", {"Filters": [{"Name": "n", "Values": ["x", "y"]}]},
         "Filters.Filter.1.Name=n&Filters.Filter.1.Values.Value.1=x&Filters.Filter.1.Values.Value.2=y"),
        ("sns", "CreateTopic", {"Name": "n", "Attributes": {"k": "v w"}},
         "Name=n&Attributes.entry.1.key=k&Attributes.entry.1.value=v+w"),
        ("sns", "Publish", {"Message": "m", "MessageAttributes": {"a": {"DataType": "Binary", "BinaryValue": b"\xff"}}},
         "Message=m&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=Binary"
         "&MessageAttributes.entry.1.Value.BinaryValue=%2Fw%3D%3D"),
        ("autoscaling", "DescribeAutoScalingGroups", {"AutoScalingGroupNames": []}, "AutoScalingGroupNames="),
        ("rds", "CreateDBInstance", {"MultiAZ": True, "AllocatedStorage": 5}, "MultiAZ=true&AllocatedStorage=5"),
        ("cloudformation", "DescribeStacks", {}, ""),
        ("ec2", "DescribeInstances", {"Filters": [{"Name": "a", "Values": ["b", "c"]}]},
         "Filter.1.Name=a&Filter.1.Value.1=b&Filter.1.Value.2=c"),
        ("ec2", "DescribeInstances", {"InstanceIds": []}, ""),
        ("ec2", "DescribeInstances", {"DryRun": False, "InstanceIds": ["i-1"]}, "DryRun=false&InstanceId.1=i-1"),
        ("ec2", "RunInstances", {"NetworkInterfaces": [{"DeviceIndex": 0, "Groups": ["g"]}]},
         "NetworkInterface.1.DeviceIndex=0&NetworkInterface.1.SecurityGroupId.1=g&ClientToken=t"),
        ("ec2", "DescribeSpotPriceHistory", {"StartTime": "2021-10-02"}, "StartTime=2021-10-02T00%3A00%3A00Z"),
    ],
)  # fmt: skip
def test_fields(service_name, name, params, fields):
    assert form(service_name, name, params) == fields


def test_nothing_is_not_sent():
    assert form("ec2", "DescribeInstances", {"DryRun": None, "MaxResults": 5}) == "MaxResults=5"


def test_special_floats():
    params = {"PolicyName": "p", "TargetTrackingConfiguration": {"TargetValue": float("-inf")}}
    assert form("autoscaling", "PutScalingPolicy", params) == (
        "PolicyName=p&TargetTrackingConfiguration.TargetValue=-Infinity"
    )
