"""What the User-Agent of whole commands tells: the codes of the features that a call uses, as AWS CLI v2 sends them."""

import json
import re

import pytest

from awsmini.send.useragent import FEATURES
from awsmini.version import __version__

ALWAYS = {"ENDPOINT_OVERRIDE", "FLEXIBLE_CHECKSUMS_REQ_WHEN_SUPPORTED", "FLEXIBLE_CHECKSUMS_RES_WHEN_SUPPORTED"}
KEYS = {"CREDENTIALS_ENV_VARS"}
STANDARD = {"RETRY_MODE_STANDARD"}
METRICS = json.dumps([{"MetricName": f"m{number}", "Value": 1.0} for number in range(900)])
# command: environment, and the features beside ALWAYS
USED = {
    "sts get-caller-identity": ({}, KEYS | STANDARD),
    "s3api list-buckets": ({}, KEYS | STANDARD | {"PAGINATOR"}),
    "s3api list-buckets --no-paginate": ({}, KEYS | STANDARD),
    "ec2 wait instance-running": ({}, KEYS | STANDARD | {"WAITER"}),
    "dynamodb scan --table-name t": (
        {"AWS_RETRY_MODE": "adaptive"}, KEYS | {"RETRY_MODE_ADAPTIVE", "PAGINATOR", "ACCOUNT_ID_MODE_PREFERRED"}
    ),
    "dynamodb list-tables --no-sign-request": ({}, STANDARD | {"PAGINATOR", "ACCOUNT_ID_MODE_DISABLED"}),
    "dynamodb describe-limits": (
        {"AWS_ACCOUNT_ID": "123456789012"}, KEYS | STANDARD | {"ACCOUNT_ID_MODE_PREFERRED", "RESOLVED_ACCOUNT_ID"}
    ),
    f"cloudwatch put-metric-data --namespace n --metric-data '{METRICS}'": (
        {}, KEYS | STANDARD | {"GZIP_REQUEST_COMPRESSION"}
    ),
    "bedrock list-foundation-models": ({"AWS_BEARER_TOKEN_BEDROCK": "t"}, STANDARD | {"BEARER_SERVICE_ENV_VARS"}),
    "s3api put-object --bucket b --key k --content-encoding gzip --checksum-algorithm SHA1": (
        {}, KEYS | STANDARD | {"FLEXIBLE_CHECKSUMS_REQ_SHA1"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("command", USED)
def test_features(aws, command):
    env, features = USED[command]
    aws.service.replies(400)
    aws(command, env=env)
    codes = re.search(r" m/(\S+) ", aws.service.request.headers["User-Agent"])[1].split(",")
    names = {code: name for name, code in FEATURES.items()}
    assert {names[code] for code in codes} == ALWAYS | features


def test_the_whole_header(aws):
    aws.service.replies(400)
    aws("ec2 describe-regions", env={"AWS_EXECUTION_ENV": "Cloud Shell", "AWS_SDK_UA_APP_ID": "mine"})
    assert re.fullmatch(
        rf"awsmini/{re.escape(__version__)} ua/2\.1 os/\S+ md/arch#\S+ lang/python#\S+ md/pyimpl#\S+ "
        r"exec-env/Cloud-Shell m/\S+ cfg/retry-mode#standard app/mine sid/[0-9a-f]{12} "
        r"md/prompt#off md/command#ec2\.describe-regions",
        aws.service.request.headers["User-Agent"],
    )
