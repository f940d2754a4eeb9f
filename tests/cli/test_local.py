"""`--local` and `awsmini local`, as a person types them."""

import pytest

from awsmini.sandbox import control

REAL_KEY = "AKIAREALREALREALREAL"


@pytest.fixture
def aws(aws):
    """A terminal with nothing configured, whose sandbox is stopped in the end."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        del aws.env[name]
    yield aws
    control.stop(aws.env)


def test_the_first_call_starts_it_and_everything_works_in_it(aws):
    status = aws("local status")
    assert (status.code, status.stdout) == (1, "The local sandbox is not running.\n")
    assert aws("--local kinesisvideo list-streams").stdout == '{\n    "StreamInfoList": []\n}\n'
    assert aws("--local kinesisvideo create-stream --stream-name demo").json["StreamARN"]
    names = aws("kinesisvideo list-streams --local --query StreamInfoList[].StreamName --output text")
    assert names.stdout == "demo\n"
    assert (
        aws("kinesisvideo list-streams", env={"AWSMINI_LOCAL": "1"}).json["StreamInfoList"][0]["StreamName"] == "demo"
    )
    assert "runs at http://127.0.0.1:" in aws("local status").stdout
    assert "runs at http://127.0.0.1:" in aws("local start").stdout
    assert aws("local reset").stdout == "The local sandbox is empty.\n"
    assert aws("--local kinesisvideo list-streams").json == {"StreamInfoList": []}
    assert aws("local stop").stdout == "The local sandbox has stopped.\n"
    assert aws("local stop").stdout == "The local sandbox was not running.\n"
    assert aws("local status").code == 1


def test_reset_of_none_says_how_to_start_it(aws):
    outcome = aws("local reset")
    assert outcome.code == 255
    assert outcome.message == "awsmini: [ERROR]: The local sandbox is not running. Start it with: awsmini local start"


def test_a_missing_extra_is_one_line(aws, monkeypatch):
    monkeypatch.setattr(control, "_NEEDED", ("no_such_module",))
    outcome = aws("--local kinesisvideo list-streams")
    assert outcome.code == 255
    assert outcome.message == (
        "awsmini: [ERROR]: The local sandbox needs moto's server. Install it with: pip install 'awsmini[local]'"
    )


def test_real_credentials_proxies_and_endpoints_are_not_used(aws):
    """A call to the sandbox whose environment would lead it elsewhere, or be refused, at every turn."""
    aws.write(".aws/credentials", f"[default]\naws_access_key_id = {REAL_KEY}\naws_secret_access_key = s\n")
    aws.write(".aws/config", "[default]\ns3 =\n  use_accelerate_endpoint = true\n  addressing_style = virtual\n")
    env = {
        "AWS_ACCESS_KEY_ID": REAL_KEY,
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_SESSION_TOKEN": "t",
        "AWS_BEARER_TOKEN_BEDROCK": "real-token",
        "AWS_ENDPOINT_URL": aws.service.url,
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "HTTP_PROXY": aws.service.url,
        "http_proxy": aws.service.url,
    }
    for command in (
        "kinesisvideo list-streams",
        "s3api create-bucket --bucket demo",
        "s3api list-objects-v2 --bucket demo",
        "bedrock list-guardrails",
        "sts get-caller-identity",
        "s3control get-public-access-block --account-id 123456789012",
    ):
        outcome = aws(f"--local --debug {command}", env=env)
        assert outcome.code in (0, 254), outcome.stderr
        assert REAL_KEY not in outcome.stderr
        assert "real-token" not in outcome.stderr
    assert aws("local reset", env=env).code == 0
    assert aws.service.requests == []


@pytest.mark.parametrize(
    "command",
    [
        "servicediscovery discover-instances --namespace-name n --service-name s",
        "s3control list-access-points --account-id 123456789012",
        "lakeformation list-resources",
        "stepfunctions list-state-machines",
        "cognito-idp list-user-pools --max-results 1",
        "route53 list-hosted-zones",
        "iot-data get-thing-shadow --thing-name t out",
    ],
)
def test_services_with_a_host_of_their_own_are_found_there_too(aws, command):
    outcome = aws(f"--local {command}")
    assert outcome.code in (0, 254), outcome.stderr


def test_an_endpoint_given_by_hand_wins_and_gets_no_real_credentials(aws):
    aws.service.replies(200, {"StreamInfoList": []})
    env = {"AWS_ACCESS_KEY_ID": REAL_KEY, "AWS_SECRET_ACCESS_KEY": "s"}
    assert aws(f"--local --endpoint-url {aws.service.url} kinesisvideo list-streams", env=env).code == 0
    assert REAL_KEY not in aws.service.request.headers["authorization"]


@pytest.mark.parametrize("words", ["local", "local nosuch", "local start --port x", "local start extra"])
def test_bad_words_are_usage_errors(aws, words):
    outcome = aws(words)
    assert outcome.code == 252
    assert "Traceback" not in outcome.stderr
