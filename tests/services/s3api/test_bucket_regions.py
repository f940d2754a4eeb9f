"""Which of S3's answers send a call to another region, and to which."""

from typing import Any

import pytest

from awsmini.config.regions import InvalidRegionError
from awsmini.services.s3api.bucket_regions import BucketRegions, is_redirect


def answer(code: str | None, status: int = 400, region: str | None = None, **error: str) -> dict[str, Any]:
    headers = {"x-amz-bucket-region": region} if region else {}
    return {
        "Error": {"Code": code, **error} if code else {},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": headers},
    }


@pytest.mark.parametrize(
    ("operation", "given", "elsewhere"),
    [
        ("ListObjectsV2", answer("PermanentRedirect", 301), True),
        ("ListObjectsV2", answer("TemporaryRedirect", 307), True),
        ("ListObjectsV2", answer("Whatever", 302), True),
        ("ListObjectsV2", answer("AuthorizationHeaderMalformed", Region="eu-west-1"), True),
        ("ListObjectsV2", answer("AuthorizationHeaderMalformed"), False),
        ("PutObject", answer("IllegalLocationConstraintException"), True),
        ("CreateBucket", answer("IllegalLocationConstraintException"), False),
        ("HeadObject", answer("400"), True),
        ("HeadObject", answer("404", 404), False),
        ("HeadBucket", answer("400"), False),
        ("HeadBucket", answer("400", region="eu-west-1"), True),
        ("HeadBucket", answer("301", 301), True),
        ("GetObject", answer("400"), False),
        ("GetObject", answer("NoSuchKey", 404), False),
        ("GetObject", {}, False),
    ],
)
def test_redirects(operation: str, given: dict[str, Any], elsewhere: bool) -> None:
    assert is_redirect(operation, given) is elsewhere


def regions(head: dict[str, Any] | None = None) -> tuple[BucketRegions, list[str]]:
    asked: list[str] = []

    def head_bucket(bucket: str) -> dict[str, Any]:
        asked.append(bucket)
        return head or {}

    return BucketRegions(head_bucket), asked


def test_the_answer_names_the_region() -> None:
    known, asked = regions()
    assert known.learn("GetObject", "b", answer("PermanentRedirect", 301, "ap-south-1")) == "ap-south-1"
    assert known.learn("GetObject", "c", answer("AuthorizationHeaderMalformed", Region="eu-west-1")) == "eu-west-1"
    assert (known.get("b"), known.get("c"), known.get("d"), known.get(None)) == ("ap-south-1", "eu-west-1", None, None)
    assert not asked


def test_else_the_bucket_is_asked() -> None:
    known, asked = regions(answer("403", 403, "sa-east-1"))
    assert known.learn("GetObject", "b", answer("PermanentRedirect", 301)) == "sa-east-1"
    assert asked == ["b"]
    nobody, _ = regions()
    assert nobody.learn("GetObject", "b", answer("PermanentRedirect", 301)) is None
    assert nobody.get("b") is None


def test_a_service_that_redirects_every_question_is_asked_once() -> None:
    asked: list[str] = []

    def head_bucket(bucket: str) -> dict[str, Any]:
        asked.append(bucket)
        assert known.learn("HeadBucket", bucket, answer("301", 301)) is None
        return answer("301", 301)

    known = BucketRegions(head_bucket)
    assert known.learn("HeadBucket", "b", answer("301", 301)) is None
    assert known.learn("GetObject", "b", answer("PermanentRedirect", 301)) is None
    assert asked == ["b"]


@pytest.mark.parametrize("bucket", [None, "arn:aws:s3:us-east-1:123456789012:accesspoint:ap"])
def test_nothing_is_learnt_of_arns(bucket: str | None) -> None:
    known, asked = regions(answer("403", 403, "sa-east-1"))
    assert known.learn("GetObject", bucket, answer("PermanentRedirect", 301, "ap-south-1")) is None
    assert not asked


def test_a_region_that_is_none() -> None:
    known, _ = regions()
    with pytest.raises(InvalidRegionError):
        known.learn("GetObject", "b", answer("PermanentRedirect", 301, "evil.example.com/"))
    assert known.get("b") is None
