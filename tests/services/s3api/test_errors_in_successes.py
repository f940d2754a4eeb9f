"""S3 may begin a long answer with 200 and end it with an error: that counts as a 500, and is asked for again."""

import pytest

ERROR = "<Error><Code>{}</Code><Message>We made a mistake.</Message></Error>"
COPIED = '<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>'
COPY = "s3api copy-object --bucket b --key k --copy-source b/other"


@pytest.mark.parametrize("code", ["InternalError", "SlowDown", "AnythingElse"])
def test_it_is_asked_again(aws, code):
    aws.service.replies(200, ERROR.format(code))
    aws.service.replies(200, COPIED)
    assert aws(COPY).json == {"CopyObjectResult": {"ETag": '"e"'}}
    assert [request.headers["amz-sdk-request"] for request in aws.service.requests] == [
        "attempt=1",
        "attempt=2; max=3",
    ]


def test_a_body_that_breaks_off_is_asked_for_again(aws):
    aws.service.replies(200, COPIED[:20])
    aws.service.replies(200, COPIED)
    assert aws(COPY).code == 0


def test_the_last_error_is_told(aws):
    aws.env["AWS_MAX_ATTEMPTS"] = "2"
    aws.service.replies(200, ERROR.format("InternalError"), times=2)
    outcome = aws(COPY)
    assert outcome.code == 254
    assert outcome.message == (
        "awsmini: [ERROR]: An error occurred (InternalError) when calling the CopyObject operation "
        "(reached max retries: 1): We made a mistake."
    )


def test_an_object_that_looks_like_an_error_is_an_object(aws):
    aws.service.replies(200, ERROR.format("InternalError"))
    assert aws(["s3api", "get-object", "--bucket", "b", "--key", "k", str(aws.home / "out")]).code == 0
    assert (aws.home / "out").read_text() == ERROR.format("InternalError")
