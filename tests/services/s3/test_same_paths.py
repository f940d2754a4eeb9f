"""Moves that would end where they begin, behind access points and aliases."""

import io
from types import SimpleNamespace

import pytest

from awsmini.errors import ParamValidationError
from awsmini.services.s3.job import job, same_path
from awsmini.services.s3.same_paths import Resolver, check_same_paths, is_alias

POINT = "arn:aws:s3:us-west-2:123456789012:accesspoint/my-point"
OUTPOST = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/my-point"
MANY = "arn:aws:s3::123456789012:accesspoint/abc.mrap"


@pytest.mark.parametrize(
    ("source", "target", "many", "same"),
    [
        ("s3://b/k", "s3://b/k", False, True),
        ("s3://b/k", "s3://b/", False, True),
        ("s3://b/d/k", "s3://b/d/", False, True),
        ("s3://b/d/k", "s3://b/", False, False),
        ("s3://b/k", "s3://b/k/", False, False),
        ("s3://b/d", "s3://b/d/", True, True),
        ("s3://b/d/", "s3://b/d", True, True),
        ("s3://b/d", "s3://b/e", True, False),
        ("s3://b/", "s3://c/", True, False),
    ],
)
def test_same_path(source, target, many, same):
    assert same_path(source, target, many=many) is same


@pytest.mark.parametrize(
    ("bucket", "alias"),
    [(POINT, True), (OUTPOST, True), (MANY, True), ("b-s3alias", True), ("b--op-s3", True), ("bucket", False)],
)
def test_aliases(bucket, alias):
    assert is_alias(bucket) is alias


class Account:
    """A session whose clients know one access point, and one of many regions on the second page."""

    def __init__(self):
        self.asked = []

    def client(self, service, region_name=None):
        self.asked.append((service, region_name))
        return self

    def _make_api_call(self, operation, params):
        assert (operation, params) == ("GetCallerIdentity", {})
        return {"Account": "123456789012"}

    def get_access_point(self, **params):
        assert params["AccountId"] == "123456789012"
        assert params["Name"] in ("my-point", "my-point-s3alias", OUTPOST)
        return {"Bucket": "bucket"}

    def list_multi_region_access_points(self, **params):
        if "NextToken" not in params:
            return {"AccessPoints": [{"Alias": "x.mrap", "Regions": []}], "NextToken": "more"}
        regions = [{"Bucket": "other"}, {"Bucket": "bucket"}]
        return {"AccessPoints": [{"Alias": "abc.mrap", "Regions": regions}]}


@pytest.mark.parametrize(
    ("source", "behind"),
    [
        (POINT, ["s3://bucket/k"]),
        (OUTPOST, ["s3://bucket/k"]),
        (MANY, ["s3://other/k", "s3://bucket/k"]),
        ("my-point-s3alias", ["s3://bucket/k"]),
        ("plain", ["s3://plain/k"]),
    ],
)
def test_the_buckets_behind(source, behind):
    account = Account()
    resolver = Resolver(SimpleNamespace(session=account))
    assert resolver.paths(f"s3://{source}/k", "eu-west-1") == behind
    assert {region for service, region in account.asked if service == "s3control"} <= {"eu-west-1"}


def test_a_point_of_many_regions_that_is_not_there():
    with pytest.raises(ParamValidationError, match="multi-region access point with alias none"):
        Resolver(SimpleNamespace(session=Account())).paths(f"s3://{MANY.replace('abc', 'none')}/k", None)


@pytest.mark.parametrize("by", ["flag", "variable", "neither"])
def test_a_move_onto_the_bucket_behind_is_refused(by):
    words = {
        "paths": [f"s3://{POINT}/k", "s3://bucket/k"],
        **({"validate_same_s3_paths": True} if by == "flag" else {}),
    }
    told = io.StringIO()
    env = {"AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS": "true"} if by == "variable" else {}
    invocation = SimpleNamespace(session=Account(), app=SimpleNamespace(env=env, stderr=told))
    if by == "neither":
        check_same_paths(job("mv", words), invocation)
        assert told.getvalue().startswith("warning: Provided s3 paths may resolve")
        return
    with pytest.raises(ParamValidationError, match="Cannot mv a file onto itself"):
        check_same_paths(job("mv", words), invocation)


def test_without_that_there_is_a_warning(aws_s3, s3):
    s3.put("b-s3alias", "k", b"x")
    done = aws_s3("s3 mv s3://b-s3alias/k s3://b/k --no-progress")
    assert done.code == 0
    assert done.stderr.startswith("warning: Provided s3 paths may resolve to same underlying s3 object(s)")


def test_an_alias_of_an_outpost_cannot_be_asked_for(aws_s3, s3):
    done = aws_s3("s3 mv s3://b--op-s3/k s3://b/k --validate-same-s3-paths")
    assert done.code == 252
    assert "Can't resolve underlying bucket name of s3 outposts access point alias." in done.stderr
