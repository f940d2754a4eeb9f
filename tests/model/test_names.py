"""The spellings of names; botocore's `xform_name` is the oracle for everything but the few words that are one."""

import botocore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmini.model.load import ModelFinder
from awsmini.model.names import member_cli_name, operation_cli_name, operation_py_name


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("ListStreams", "list-streams"),
        ("DBInstanceIdentifier", "db-instance-identifier"),
        ("describeCACertificate", "describe-ca-certificate"),
        ("ListVPCs", "list-vpcs"),
        ("ACLs", "-acls"),
        ("S3Bucket", "s3-bucket"),
        ("EC2InstanceIDs", "ec2-instance-ids"),
        ("x-amz-id", "x-amz-id"),
        ("Foo_BarBAZ", "foo_-bar-baz"),
    ],
)
def test_member(name, spelled):
    assert member_cli_name(name) == spelled == botocore.xform_name(name, "-")


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("CreateCachediSCSIVolume", "create-cached-iscsi-volume"),
        ("ExecutePartiQLStatement", "execute-partiql-statement"),
    ],
)
def test_words_with_capitals_inside(name, spelled):
    assert operation_cli_name(name) == spelled


@given(st.text("ABCDEabcdesS019_:.", min_size=1, max_size=20))
def test_any_name(name):
    assert member_cli_name(name) == botocore.xform_name(name, "-")


@pytest.mark.parametrize("service", ["ec2", "iam", "s3", "storagegateway", "dynamodb", "cloudfront"])
def test_operations(service):
    for name in ModelFinder({}).lines(service).names("operation"):
        assert operation_py_name(name) == botocore.xform_name(name)
