"""Keys and values inside shorthand."""

import pytest

LINE = "aws ec2 run-instances --block-device-mappings "


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("", ["Ebs={", "NoDevice=", "DeviceName=", "VirtualName="]),
        ("N", ["NoDevice="]),
        ("NoDevice=x,", ["NoDevice=x,Ebs={", "NoDevice=x,DeviceName=", "NoDevice=x,VirtualName="]),
        ("DeviceName=a,Ebs={VolumeT", ["DeviceName=a,Ebs={VolumeType="]),
        ("Ebs={VolumeType=gp", ["Ebs={VolumeType=gp2", "Ebs={VolumeType=gp3"]),
        ("Ebs={VolumeType=gp2,Encr", ["Ebs={VolumeType=gp2,Encrypted="]),
        ("Ebs={Encrypted=", ["Ebs={Encrypted=true", "Ebs={Encrypted=false"]),
        ("Ebs={VolumeType=gp2},De", ["Ebs={VolumeType=gp2},DeviceName="]),
        ("Ebs={VolumeType=gp2},E", []),
        ("DeviceName=", []),
        ("Nope=", []),
        ("Nope={", []),
        ("'DeviceName=x y,Ebs={Iop", ["DeviceName=x y,Ebs={Iops="]),
        ("'DeviceName=\"a,b", []),
        ("'[{", []),
        ("a]}}=,", ["a]}}=,Ebs={", "a]}}=,NoDevice=", "a]}}=,DeviceName=", "a]}}=,VirtualName="]),
        ("DeviceName=x NoDevice=y,De", ["NoDevice=y,DeviceName="]),  # the next element
    ],
)
def test_structures(completed, text, candidates):
    assert sorted(completed(LINE + text)) == sorted(candidates)


@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        ("aws ec2 describe-instances --filters Name=a,V", ["Name=a,Values="]),
        ("aws ec2 run-instances --network-interfaces Gro", ["Groups="]),
        ("aws ec2 run-instances --network-interfaces PrivateIpAddresses", ["PrivateIpAddresses=["]),
        ("aws ec2 run-instances --network-interfaces PrivateIpAddresses=[{Pri",
         ["PrivateIpAddresses=[{Primary=", "PrivateIpAddresses=[{PrivateIpAddress="]),
        ("aws ec2 run-instances --network-interfaces PrivateIpAddresses=[{Primary=true},{Primary=t",
         ["PrivateIpAddresses=[{Primary=true},{Primary=true"]),
        ("aws sqs create-queue --attributes Pol", ["Policy="]),
        ("aws sqs create-queue --attributes Policy=x,MaximumMess", ["Policy=x,MaximumMessageSize="]),
        ("aws sqs create-queue --attributes Policy=x,Poli", []),
        ("aws dynamodb create-table --attribute-definitions AttributeName=a,AttributeType=",
         [f"AttributeName=a,AttributeType={kind}" for kind in "BNS"]),
        ("aws ecs register-task-definition --container-definitions mountPoi", ["mountPoints=["]),
        ("aws s3api put-bucket-cors --cors-configuration CORSRules=[{AllowedM",
         ["CORSRules=[{AllowedMethods="]),
        ("aws ec2 run-instances --cpu-options Core", ["CoreCount="]),
    ],
)  # fmt: skip
def test_of_other_shapes(completed, line, candidates):
    assert sorted(completed(line)) == sorted(candidates)


def test_a_list_of_enum_values_goes_on_after_a_comma(completed):
    offered = completed("aws s3api put-bucket-notification-configuration --notification-configuration "
                        "QueueConfigurations=[{Events=s3:ObjectCreated:Put,s3:ObjectRemoved:")  # fmt: skip
    assert all("Events=s3:ObjectCreated:Put,s3:ObjectRemoved:" in text for text in offered)
    assert offered
