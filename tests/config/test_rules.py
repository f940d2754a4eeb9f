"""The functions of the rules language, each by a table."""

from typing import Any

import pytest

from awsmini.config.context import find
from awsmini.config.rules import functions_for
from awsmini.errors import EndpointError
from awsmini.model.load import data

FUNCTIONS = functions_for(data("partitions.json"))
LABEL = "a" * 63

CASES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("isSet", (None,), False), ("isSet", ("",), True), ("isSet", (False,), True),
    ("not", (None,), True), ("not", (True,), False),
    ("stringEquals", ("a", "a"), True), ("stringEquals", ("a", "A"), False),
    ("booleanEquals", (False, False), True), ("booleanEquals", (True, False), False),
    ("getAttr", ({"a": {"b": 1}}, "a.b"), 1), ("getAttr", ({"a": [1, 2]}, "a[1]"), 2),
    ("getAttr", ({"a": [1, 2]}, "a[2]"), None), ("getAttr", (["x"], "[0]"), "x"), ("getAttr", ({}, "a.b"), None),
    ("getAttr", (None, "a[0]"), None), ("getAttr", ("text", "a"), None), ("getAttr", ({"a": [{"b": 3}]}, "a[0].b"), 3),
    ("substring", ("abcdef", 0, 4, False), "abcd"), ("substring", ("abcdef", 0, 4, True), "cdef"),
    ("substring", ("abcdef", 1, 3, True), "de"), ("substring", ("abc", 0, 4, False), None),
    ("substring", ("abc", 2, 2, False), None), ("substring", ("aé", 0, 1, False), None),
    ("uriEncode", (None,), None), ("uriEncode", ("a b/c~é",), "a%20b%2Fc~%C3%A9"),
    ("isValidHostLabel", ("a-b", False), True), ("isValidHostLabel", (LABEL, False), True),
    ("isValidHostLabel", (LABEL + "a", False), False), ("isValidHostLabel", ("-a", False), False),
    ("isValidHostLabel", ("a-", False), False), ("isValidHostLabel", ("", False), False),
    ("isValidHostLabel", ("a.b", False), False), ("isValidHostLabel", ("a.b", True), True),
    ("isValidHostLabel", ("a..b", True), False), ("isValidHostLabel", ("a_b", False), False),
    ("isValidHostLabel", ("é", False), False), ("isValidHostLabel", (None, False), False),
    ("aws.isVirtualHostableS3Bucket", ("abc", False), True), ("aws.isVirtualHostableS3Bucket", ("ab", False), False),
    ("aws.isVirtualHostableS3Bucket", ("aBc", False), False), ("aws.isVirtualHostableS3Bucket", ("1.2.3.4", True), False),
    ("aws.isVirtualHostableS3Bucket", ("abc.def", False), False),
    ("aws.isVirtualHostableS3Bucket", ("abc.def", True), True),
    ("aws.isVirtualHostableS3Bucket", ("abc.d", True), False),  # each part like a bucket: AWS CLI v2
    ("aws.isVirtualHostableS3Bucket", (None, False), False),
    ("split", ("a-b-c", "-", 0), ["a", "b", "c"]), ("split", ("a-b-c", "-", 2), ["a", "b-c"]), ("split", ("a-b", "-", 1), ["a-b"]),
    ("coalesce", (None, "x", "y"), "x"), ("coalesce", (None, None), None),
    ("ite", (True, 1, 2), 1), ("ite", (False, 1, 2), 2),
    ("parseURL", (None,), None), ("parseURL", ("ftp://h",), None), ("parseURL", ("http://h?q",), None),
    ("parseURL", ("http://h:port",), None), ("parseURL", ("http://[::1",), None),
    ("parseURL", ("https://h:8443/a/b",),
     {"scheme": "https", "authority": "h:8443", "path": "/a/b", "normalizedPath": "/a/b/", "isIp": False}),
    ("parseURL", ("http://127.0.0.1",),
     {"scheme": "http", "authority": "127.0.0.1", "path": "", "normalizedPath": "/", "isIp": True}),
    ("parseURL", ("http://[::1]/a/../b//c/",),
     {"scheme": "http", "authority": "[::1]", "path": "/a/../b//c/", "normalizedPath": "/b/c/", "isIp": True}),
    ("aws.parseArn", ("arn:aws:s3:us-east-1:123:accesspoint:a/b",),
     {"partition": "aws", "service": "s3", "region": "us-east-1", "accountId": "123", "resourceId": ["accesspoint", "a", "b"]}),
    ("aws.parseArn", ("arn:aws:s3:::bucket",),
     {"partition": "aws", "service": "s3", "region": "", "accountId": "", "resourceId": ["bucket"]}),
    ("aws.parseArn", ("arn:aws:s3:::",), None), ("aws.parseArn", ("arn:aws:s3",), None),
    ("aws.parseArn", ("urn:aws:s3:::b",), None), ("aws.parseArn", (None,), None), ("aws.parseArn", ("arn::s3:::b",), None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "answer"), CASES)
def test_functions(name: str, arguments: tuple[Any, ...], answer: Any) -> None:
    assert FUNCTIONS[name](*arguments) == answer


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("stringEquals", ("a", None)), ("booleanEquals", ("true", True)), ("substring", (None, 0, 1, False))],
)
def test_wrong_types(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(EndpointError):
        FUNCTIONS[name](*arguments)


@pytest.mark.parametrize(
    ("region", "name", "suffix"),
    [
        ("us-east-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-9", "aws-us-gov", "amazonaws.com"),
        ("us-iso-west-1", "aws-iso", "c2s.ic.gov"),
        ("aws-cn-global", "aws-cn", "amazonaws.com.cn"),
        ("nowhere", "aws", "amazonaws.com"),
        (None, "aws", "amazonaws.com"),
    ],
)
def test_partitions(region: str | None, name: str, suffix: str) -> None:
    found = FUNCTIONS["aws.partition"](region)
    assert (found["name"], found["dnsSuffix"]) == (name, suffix)


ITEMS = {"T": [{"Get": {"N": "a"}}, {"Put": {"N": "b"}}, {"Del": {"N": "c"}, "Get": {"N": "d"}}, {}]}


@pytest.mark.parametrize(
    "value", [ITEMS, {}, {"T": []}, {"T": "x"}, {"T": [1, None]}, {"R": {"x": 1}}, {"A": {"B": 2}}]
)
@pytest.mark.parametrize(
    "path", ["A.B", "R", "T[*].Get.N", "T[*].[Get.N, Put.N, Del.N][]", "T[*].Get", "T[*]", "T[0].Get.N", "T[?Get].Put"]
)
def test_paths_find_what_jmespath_finds(path: str, value: Any) -> None:
    jmespath = pytest.importorskip("jmespath")
    assert find(path, value) == jmespath.search(path, value)


def test_keys() -> None:
    assert find("keys(R)", {"R": {"x": 1, "y": 2}}) == ["x", "y"]
    assert find("keys(R)", {}) is None
