"""Refusals that mend themselves: a clock that is off, credentials that have run out, a download that broke off."""

import json
import stat
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from tests.servers import answer

NOW = datetime.now(timezone.utc)
LATE = format_datetime(NOW + timedelta(hours=3), usegmt=True)
ON_TIME = "on time"  # stands for the time at which the test runs, which may be long after this
ABOUT = timedelta(hours=1)  # that long, at most
S3_ERROR = "<Error><Code>{}</Code><Message>no</Message></Error>"
EC2_ERROR = "<Response><Errors><Error><Code>{}</Code><Message>no</Message></Error></Errors></Response>"
JSON_ERROR = '{{"__type": "{}", "message": "no"}}'
BUCKETS = "<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name></Bucket></Buckets></ListAllMyBucketsResult>"

CLOCKS = {
    "s3": ("s3api list-buckets", S3_ERROR.format("RequestTimeTooSkewed"), BUCKETS),
    "s3 head": ("s3api head-object --bucket b --key k", "", ""),
    "s3 engine": ("s3 rm s3://b/k", S3_ERROR.format("RequestTimeTooSkewed"), ""),
    "json": ("dynamodb list-tables", JSON_ERROR.format("com.amazon#InvalidSignatureException"), "{}"),
    "rest-json": ("lambda list-functions", JSON_ERROR.format("InvalidSignatureException"), "{}"),
    "ec2": (
        "ec2 describe-volumes",
        EC2_ERROR.format("RequestExpired"),
        "<DescribeVolumesResponse><volumeSet/></DescribeVolumesResponse>",
    ),
    "query": (
        "sts get-caller-identity",
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error></ErrorResponse>",
        "<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>",
    ),
}


def signed_at(request):
    return datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%S%z")


@pytest.mark.parametrize(("command", "error", "good"), CLOCKS.values(), ids=CLOCKS)
def test_a_clock_that_is_off_is_set_right(aws, command, error, good):
    aws.service.replies(403, error, {"Date": LATE})
    aws.service.replies(200, good, {"ETag": '"e"'})
    done = aws(command)
    assert (done.code, done.stderr) == (0, "")
    first, second = aws.service.requests
    assert abs(signed_at(first) - NOW) < ABOUT
    assert abs(signed_at(second) - NOW - timedelta(hours=3)) < ABOUT


@pytest.mark.parametrize(("command", "error", "good"), CLOCKS.values(), ids=CLOCKS)
@pytest.mark.parametrize("date", [ON_TIME, "yesterday", None])
def test_a_clock_that_is_right_stays(aws, command, error, good, date):
    date = format_datetime(datetime.now(timezone.utc), usegmt=True) if date == ON_TIME else date
    aws.service.replies(403, error, {"Date": date} if date else {})
    assert aws(command).code in (1, 254)


def test_a_clock_is_set_once_and_the_error_told(aws):
    aws.service.replies(403, CLOCKS["s3"][1], {"Date": LATE}, times=2)
    assert "RequestTimeTooSkewed" in aws("s3api list-buckets").stderr


def test_the_next_page_goes_by_the_right_clock_at_once(aws):
    aws.service.replies(400, CLOCKS["json"][1], {"Date": LATE})
    aws.service.replies(200, {"TableNames": ["aaa"], "LastEvaluatedTableName": "aaa"})
    aws.service.replies(200, {"TableNames": ["bbb"]})
    assert aws("dynamodb list-tables").json == {"TableNames": ["aaa", "bbb"]}
    assert signed_at(aws.service.requests[2]) - NOW > timedelta(hours=2)


def test_no_attempt_too_many(aws):
    aws.env["AWS_MAX_ATTEMPTS"] = "1"
    aws.service.replies(403, CLOCKS["s3"][1], {"Date": LATE})
    assert aws("s3api list-buckets").code == 254


# Credentials ---------------------------------------------------------------------------------------------------


def from_process(aws, *keys):
    """Credentials of a program that gives others each time; the last again and again."""
    for at, key in enumerate(keys):
        expires = format(NOW + timedelta(hours=5), "%Y-%m-%dT%H:%M:%SZ")
        kept = {"Version": 1, "AccessKeyId": key, "SecretAccessKey": "s", "SessionToken": f"of {key}"}
        aws.write(f"keys{at}.json", json.dumps({**kept, "Expiration": expires}))
    program = aws.write(
        "program",
        f"#!/bin/sh\ncd {aws.home}\nn=$(cat count 2>/dev/null || echo 0)\necho $((n + 1)) > count\n"
        f"[ $n -gt {len(keys) - 1} ] && n={len(keys) - 1}\ncat keys$n.json\n",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    aws.write(".aws/config", f"[default]\ncredential_process = {program}\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        aws.env.pop(name)


EXPIRED = {
    "s3": ("s3api list-buckets", S3_ERROR.format("ExpiredToken"), BUCKETS),
    "s3 engine": ("s3 rm s3://b/k", S3_ERROR.format("ExpiredToken"), ""),
    "json": ("dynamodb list-tables", JSON_ERROR.format("ExpiredTokenException"), "{}"),
    "ec2": CLOCKS["ec2"],
}


@pytest.mark.parametrize(("command", "error", "good"), EXPIRED.values(), ids=EXPIRED)
def test_an_expired_token_is_renewed(aws, command, error, good):
    from_process(aws, "AKIDONE", "AKIDTWO")
    aws.service.replies(400, error, {"Date": ON_TIME})
    aws.service.replies(200, good)
    done = aws(command)
    assert (done.code, done.stderr) == (0, "")
    assert [request.headers["x-amz-security-token"] for request in aws.service.requests] == ["of AKIDONE", "of AKIDTWO"]
    assert "AKIDTWO" in aws.service.requests[1].headers["authorization"]


@pytest.mark.parametrize(("command", "error", "good"), EXPIRED.values(), ids=EXPIRED)
def test_where_the_provider_has_no_others_the_error_is_told(aws, command, error, good):
    from_process(aws, "AKIDONE")
    aws.service.replies(400, error)
    assert aws(command).code in (1, 254)


def test_keys_of_the_environment_are_not_renewed(aws):
    aws.service.replies(400, EXPIRED["json"][1])
    assert aws("dynamodb list-tables").code == 254


def test_a_role_is_assumed_anew_whatever_the_cache_says(aws):
    aws.write(".aws/config", "[profile r]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = Environment\n")
    assumed = []

    def respond(request):
        if b"AssumeRole" in request.body:
            assumed.append(f"of role {len(assumed)}")
            return answer(
                200,
                "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>s"
                f"</SecretAccessKey><SessionToken>{assumed[-1]}</SessionToken><Expiration>"
                f"{NOW + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
            )
        expired = request.headers["x-amz-security-token"] == "of role 0"
        return answer(400, EXPIRED["json"][1]) if expired else answer(200, {"TableNames": []})

    aws.service.always(respond)
    assert aws("dynamodb list-tables --profile r").code == 0
    assert assumed == ["of role 0", "of role 1"]
    assert aws("dynamodb list-tables --profile r").code == 0  # what is kept is the new one
    assert len(assumed) == 2


# Downloads -----------------------------------------------------------------------------------------------------

CONTENT = bytes(range(256)) * 40
GET = "s3api get-object --bucket b --key k"


def cut(status, body, **headers):
    return answer(status, body, {"ETag": '"e"', "Content-Length": str(headers.pop("length", len(body))), **headers})


def test_a_download_goes_on_from_where_it_broke(aws):
    aws.service.always(lambda _: cut(200, CONTENT[:100], length=len(CONTENT), Connection="close"))
    aws.env["AWS_MAX_ATTEMPTS"] = "1"
    aws.write("out", "old")
    assert aws([*GET.split(), "out"]).code == 255
    assert (aws.home / "out").read_text() == "old"


def ranged(content, at_a_time, etags=('"e"',) * 9):
    """Answers that break off after so many bytes."""
    asked = []

    def respond(request):
        start, end = 0, len(content) - 1
        wish = request.headers.get("Range")
        if wish:
            start, end = (int(number) for number in wish.partition("=")[2].split("-"))
        asked.append(wish)
        headers = {"ETag": etags[len(asked) - 1], "Content-Length": str(end + 1 - start), "Connection": "close"}
        if wish:
            headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        return answer(206 if wish else 200, content[start : min(start + at_a_time, end + 1)], headers)

    return respond, asked


def test_a_range_goes_on_within_itself(aws):
    respond, asked = ranged(CONTENT, 400)
    aws.service.always(respond)
    assert aws([*GET.split(), "out", "--range", "bytes=1000-1999"]).code == 0
    assert (aws.home / "out").read_bytes() == CONTENT[1000:2000]
    assert asked == ["bytes=1000-1999", "bytes=1400-1999", "bytes=1800-1999"]
    assert [request.headers.get("If-Match") for request in aws.service.requests] == [None, '"e"', '"e"']
    assert [request.headers["amz-sdk-request"] for request in aws.service.requests][1] == "attempt=2; max=3"


@pytest.mark.parametrize("etags", [('"e"', '"f"', '"f"'), ('"e"', "", "")])
def test_another_object_is_not_sewn_on(aws, etags):
    respond, asked = ranged(CONTENT, 6000, etags)
    aws.service.always(respond)
    done = aws([*GET.split(), "out"])
    assert (done.code, len(asked)) == (255, 2)
    assert not (aws.home / "out").exists()


def test_where_ranges_are_not_known_the_break_is_told(aws):
    aws.service.always(lambda _: cut(200, CONTENT[:100], length=len(CONTENT), Connection="close"))
    done = aws([*GET.split(), "out"])
    assert (done.code, len(aws.service.requests)) == (255, 2)
    assert "IncompleteRead" in done.stderr
    assert not (aws.home / "out").exists()


def test_a_stream_without_its_end_event(aws, tmp_path):
    from tests.faults.commands import SELECT, event

    aws.service.replies(200, event("Records", b"a\n") + event("Stats"))
    done = aws(f"{SELECT} out")
    assert done.code == 255
    assert "without its event End" in done.stderr
    assert not (aws.home / "out").exists()
