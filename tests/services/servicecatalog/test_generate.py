"""`servicecatalog generate`."""

from typing import Any

import pytest

from tests.terminal import Terminal

ARTIFACT = "--bucket-name bkt --provisioning-artifact-name pn --provisioning-artifact-description pd --provisioning-artifact-type CLOUD_FORMATION_TEMPLATE"
PRODUCT = f"servicecatalog generate product --product-name n --product-owner o --product-type CLOUD_FORMATION_TEMPLATE {ARTIFACT}"
VERSION = f"servicecatalog generate provisioning-artifact --product-id p-1 {ARTIFACT}"


def parameters(url: str) -> dict[str, Any]:
    return {
        "Name": "pn",
        "Description": "pd",
        "Info": {"LoadTemplateFromURL": url},
        "Type": "CLOUD_FORMATION_TEMPLATE",
    }


def test_a_product(aws: Terminal) -> None:
    aws.write("d/my t.json", "{}")
    aws.service.replies(200, "", {"ETag": '"e"'})
    aws.service.replies(
        200, {"ProductViewDetail": {"ProductViewSummary": {"Name": "né"}, "CreatedTime": 1.5}, "Tags": []}
    )
    options = "--file-path 'd/my t.json' --tags Key=a,Value=b --support-email e"
    outcome = aws(f"{PRODUCT} {options}")
    assert outcome.stdout == (
        '{\n  "ProductViewDetail": {\n    "ProductViewSummary": {\n      "Name": "né"\n    },\n'
        '    "CreatedTime": "1970-01-01T00:00:01.500000+00:00"\n  },\n  "Tags": []\n}'
    )
    assert outcome.stderr == "\rUploading to my t.json  2 / 2.0  (100.00%)"
    put, created = aws.service.requests
    assert (put.method, put.path) == ("PUT", "/bkt/my%20t.json")
    sent = created.json
    assert sent.pop("IdempotencyToken")
    assert sent == {
        "Name": "n",
        "Owner": "o",
        "ProductType": "CLOUD_FORMATION_TEMPLATE",
        "SupportEmail": "e",
        "Tags": [{"Key": "a", "Value": "b"}],
        "ProvisioningArtifactParameters": parameters("https://s3.amazonaws.com/bkt/my t.json"),
    }


def test_a_version(aws: Terminal) -> None:
    aws.write("t.json", "{}")
    aws.service.replies(200, "", {"ETag": '"e"'})
    aws.service.replies(200, {"Status": "CREATING"})
    assert aws(f"{VERSION} --file-path t.json --region eu-west-1").stdout == '{\n  "Status": "CREATING"\n}'
    sent = aws.service.requests[-1].json
    assert sent["ProductId"] == "p-1"
    assert sent["Parameters"] == parameters("https://s3-eu-west-1.amazonaws.com/bkt/t.json")


REFUSED = [
    (f"{PRODUCT} --file-path none", 255, "none cannot be found"),
    (f"{PRODUCT} --file-path t --region cn-north-1", 252, "An error occurred (InvalidParametersException) : Region cn-north-1 is not supported"),
    (f"{PRODUCT} --file-path t --tags Key", 255, "--tags takes words like Key=KEY,Value=VALUE, and 'Key' is none."),
    ("servicecatalog generate", 252, "awsmini: [ERROR]: too few arguments"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "message"), REFUSED)
def test_what_is_refused(aws: Terminal, line: str, code: int, message: str) -> None:
    outcome = aws(line)
    assert outcome.code == code
    assert outcome.message.endswith(message)
    assert aws.service.requests == []
