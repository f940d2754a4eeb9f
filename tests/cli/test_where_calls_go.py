"""Whole commands whose calls go elsewhere: another region of S3, a session with a directory bucket, no signature."""

import pytest

from tests.servers import answer

MALFORMED = (
    "<Error><Code>AuthorizationHeaderMalformed</Code><Message>wrong</Message><Region>eu-central-1</Region></Error>"
)
LISTED = "<ListBucketResult><Name>b</Name></ListBucketResult>"
SESSION = (
    "<CreateSessionResult><Credentials><SessionToken>session-token</SessionToken><SecretAccessKey>s</SecretAccessKey>"
    "<AccessKeyId>SESSIONKEY</AccessKeyId><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>"
)


def signed_for(request):
    """Key, region and service of a request's signature."""
    words = request.headers["Authorization"].split("Credential=")[1].split(",")[0].split("/")
    return words[0], words[2], words[3]


def test_a_bucket_in_another_region_is_asked_for_there(aws):
    aws.service.replies(400, MALFORMED)
    aws.service.replies(200, LISTED)
    assert aws("s3api list-objects-v2 --bucket b").code == 0
    assert [signed_for(request)[1] for request in aws.service.requests] == ["us-east-1", "eu-central-1"]


def test_where_the_answer_names_no_region_the_bucket_is_asked(aws):
    aws.service.replies(301, "<Error><Code>PermanentRedirect</Code></Error>")
    aws.service.replies(403, headers={"x-amz-bucket-region": "eu-central-1"})
    aws.service.replies(200, LISTED)
    assert aws("s3api list-objects-v2 --bucket b").code == 0
    methods = [(request.method, signed_for(request)[1]) for request in aws.service.requests]
    assert methods == [("GET", "us-east-1"), ("HEAD", "us-east-1"), ("GET", "eu-central-1")]


def test_answers_to_head_have_no_code(aws):
    aws.service.replies(400)
    aws.service.replies(400, headers={"x-amz-bucket-region": "eu-central-1"}, times=1)
    aws.service.replies(200, times=2)
    assert aws("s3api head-object --bucket b --key k").code == 0
    targets = [(request.path, signed_for(request)[1]) for request in aws.service.requests]
    assert targets == [("/b/k", "us-east-1"), ("/b", "us-east-1"), ("/b", "eu-central-1"), ("/b/k", "eu-central-1")]


def test_it_is_asked_for_elsewhere_once(aws):
    aws.service.replies(400, MALFORMED, times=2)
    assert "(AuthorizationHeaderMalformed)" in aws("s3api list-objects-v2 --bucket b").message


def test_a_body_is_sent_whole_elsewhere(aws):
    (aws.home / "body").write_bytes(b"all of it")
    aws.service.replies(400, MALFORMED)
    aws.service.replies(200)
    assert aws("s3api put-object --bucket b --key k --body body").code == 0
    assert [request.body for request in aws.service.requests] == [b"all of it", b"all of it"]


def test_asking_elsewhere_is_an_attempt_more(aws):
    aws.service.replies(400, MALFORMED, headers={"Date": "Sun, 06 Nov 1994 08:49:37 GMT"})
    aws.service.replies(503, "<Error><Code>SlowDown</Code><Message>wait</Message></Error>")
    outcome = aws("s3api list-objects-v2 --bucket b", env={"AWS_MAX_ATTEMPTS": "2"})
    assert outcome.message.endswith(
        "(SlowDown) when calling the ListObjectsV2 operation (reached max retries: 1): wait"
    )
    told = [request.headers["amz-sdk-request"] for request in aws.service.requests]
    assert told == ["attempt=1", "ttl=19941106T085037Z; attempt=2; max=2"]
    assert len({request.headers["amz-sdk-invocation-id"] for request in aws.service.requests}) == 1


def test_a_directory_bucket_is_read_with_a_session(aws):
    aws.service.replies(200, SESSION)
    aws.service.replies(200, LISTED)
    assert aws("s3api list-objects-v2 --bucket b--use1-az1--x-s3").code == 0
    session, listing = aws.service.requests
    assert "session" in session.query
    assert signed_for(session)[2] == "s3express"
    assert signed_for(listing) == ("SESSIONKEY", "us-east-1", "s3express")
    assert listing.headers["x-amz-s3session-token"] == "session-token"


def test_or_without_one_where_that_is_wanted(aws):
    aws.service.replies(200, LISTED)
    outcome = aws(
        "s3api list-objects-v2 --bucket b--use1-az1--x-s3", env={"AWS_S3_DISABLE_EXPRESS_SESSION_AUTH": "true"}
    )
    assert outcome.code == 0
    assert signed_for(aws.service.request) == ("AKIDEXAMPLE", "us-east-1", "s3express")


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("sts assume-role-with-web-identity --role-arn arn:aws:iam::123456789012:role/r --role-session-name name"
         " --web-identity-token token", "<R><AssumeRoleWithWebIdentityResult/></R>"),
        ("cognito-idp initiate-auth --client-id c --auth-flow USER_PASSWORD_AUTH", "{}"),
        ("sts get-caller-identity --no-sign-request", "<R><GetCallerIdentityResult/></R>"),
    ],
)  # fmt: skip
def test_no_signature(aws, command, body):
    aws.service.replies(200, body)
    assert aws(command).code == 0
    assert "Authorization" not in aws.service.request.headers


def test_bedrock_prefers_the_token_of_its_variable(aws):
    aws.service.replies(200, "{}")
    assert aws("bedrock list-foundation-models", env={"AWS_BEARER_TOKEN_BEDROCK": "the-token"}).code == 0
    assert aws.service.request.headers["Authorization"] == "Bearer the-token"


@pytest.mark.parametrize(
    ("command", "env", "code", "message"),
    [
        ("dynamodb list-tables", {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "required", "AWS_ENDPOINT_URL": ""}, 255,
         "awsmini: [ERROR]: AccountIdEndpointMode is required but no AccountID was provided or able to be loaded"),
        ("dynamodb list-tables", {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "x"}, 255,
         "awsmini: [ERROR]: The configured value 'x' for 'account_id_endpoint_mode' is invalid. "
         "Valid values are: ('preferred', 'disabled', 'required')."),
        ("dynamodb list-tables", {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "required", "AWS_ENDPOINT_URL": "",
                                  "AWS_ACCESS_KEY_ID": "", "BOTO_CONFIG": ""}, 255,
         "awsmini: [ERROR]: AccountIdEndpointMode is required but no AccountID was provided or able to be loaded"),
        ("sts get-caller-identity --region 'a b'", {}, 255,
         "awsmini: [ERROR]: Provided region_name 'a b' doesn't match a supported format."),
        ("sts get-caller-identity --ca-bundle ''", {"AWS_CA_BUNDLE": "/there"}, 255,
         "awsmini: [ERROR]: Invalid CA bundle: the configured value (ca_bundle, AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or "
         "verify) resolved to an empty or whitespace-only string. Provide a valid path to a CA bundle file."),
        ("sts get-caller-identity", {"AWS_ENDPOINT_URL": "localhost:5"}, 255,
         "awsmini: [ERROR]: Invalid endpoint: localhost:5"),
        ("timestream-query list-scheduled-queries", {"AWS_ENDPOINT_DISCOVERY_ENABLED": "false", "AWS_ENDPOINT_URL": ""},
         255, "awsmini: [ERROR]: Endpoint Discovery is not enabled but this operation requires it."),
        ("timestream-query list-scheduled-queries", {"AWS_ENDPOINT_DISCOVERY_ENABLED": "foo", "AWS_ENDPOINT_URL": ""}, 255,
         "awsmini: [ERROR]: Unsupported configuration value for endpoint_discovery_enabled. "
         'Expected one of ("true", "false", "auto") but got foo.'),
    ],
)  # fmt: skip
def test_refusals(aws, command, env, code, message):
    outcome = aws(command, env=env)
    assert (outcome.message, outcome.code) == (message, code)


def test_a_custom_endpoint_does_not_do_without_a_region(aws):
    del aws.env["AWS_DEFAULT_REGION"]
    outcome = aws("dynamodb list-tables")
    assert outcome.code == 253
    assert outcome.message == (
        "awsmini: [ERROR]: An error occurred (NoRegion): You must specify a region. "
        'You can also configure your region by running "awsmini configure".'
    )


def test_a_custom_endpoint_is_content_with_an_empty_region(aws):
    aws.service.replies(200, {"TableNames": []})
    assert aws(["dynamodb", "list-tables", "--region", ""]).code == 0
    assert signed_for(aws.service.request) == ("AKIDEXAMPLE", "", "dynamodb")


@pytest.mark.parametrize(
    ("flag", "asked"),
    [("", ["DescribeEndpoints", "ListScheduledQueries"]), (" --endpoint-url {}", ["ListScheduledQueries"])],
)
def test_a_configured_endpoint_is_asked_for_others_but_one_of_the_command_line_is_the_endpoint(aws, flag, asked):
    told = {"Endpoints": [{"Address": f"{aws.service.url}/cell", "CachePeriodInMinutes": 5}]}
    aws.service.always(
        lambda request: answer(200, told if "DescribeEndpoints" in request.headers["X-Amz-Target"] else {})
    )
    assert aws("timestream-query list-scheduled-queries" + flag.format(aws.service.url)).code == 0
    assert [request.headers["X-Amz-Target"].partition(".")[2] for request in aws.service.requests] == asked
    assert aws.service.requests[-1].path == ("/" if flag else "/cell")
