"""`cloudfront sign`: the signature is checked as CloudFront does."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from tests.rsa_keys import key

URL = "https://d.cloudfront.net/a.html"
LINE = "cloudfront sign --key-pair-id K1 --private-key file://key.pem --date-less-than 2026-02-01"
UNTIL = 1769904000


def decoded(text: str) -> bytes:
    return base64.b64decode(text.translate(str.maketrans("-_~", "+=/")))


@pytest.fixture
def signed(aws):
    """The query of a signed URL, after its signature was checked over a policy."""
    pem = key(1).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    aws.write("key.pem", pem)

    def sign(options: str, policy: dict) -> dict[str, list[str]]:
        outcome = aws(f"{LINE} {options}")
        assert (outcome.code, outcome.stderr) == (0, "")
        assert not outcome.stdout.endswith("\n")
        query = parse_qs(urlsplit(outcome.stdout).query)
        text = json.dumps(policy, separators=(",", ":")).encode()
        if "Policy" in query:
            assert decoded(query["Policy"][0]) == text
        key(1).public_key().verify(decoded(query["Signature"][0]), text, padding.PKCS1v15(), hashes.SHA1())
        assert query["Key-Pair-Id"] == ["K1"]
        return query

    return sign


def policy(url: str = URL, **more: dict) -> dict:
    return {"Statement": [{"Resource": url, "Condition": {"DateLessThan": {"AWS:EpochTime": UNTIL}, **more}}]}


@pytest.mark.parametrize("url", [URL, f"{URL}?x=1&y=z", "https://d/é"])
def test_a_canned_policy_is_not_in_the_url(signed, url):
    query = signed(f"--url '{url}'", policy(url))
    assert query["Expires"] == [str(UNTIL)]
    assert "Policy" not in query


@pytest.mark.parametrize(
    ("options", "conditions"),
    [
        ("--ip-address 10.0.0.1", {"IpAddress": {"AWS:SourceIp": "10.0.0.1/32"}}),
        ("--ip-address 10.0.0.0/8", {"IpAddress": {"AWS:SourceIp": "10.0.0.0/8"}}),
        ("--ip-address=", {}),
        ("--date-greater-than 2026-01-31", {"DateGreaterThan": {"AWS:EpochTime": UNTIL - 86400}}),
        (
            "--date-greater-than 2026-01-31T00:00:00-01:00 --ip-address 1.2.3.4",
            {"IpAddress": {"AWS:SourceIp": "1.2.3.4/32"}, "DateGreaterThan": {"AWS:EpochTime": UNTIL - 82800}},
        ),
    ],
)
def test_a_custom_policy_is(signed, options, conditions):
    query = signed(f"--url {URL} {options}", policy(**conditions))
    assert "Policy" in query
    assert "Expires" not in query


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (LINE, 252, "the following arguments are required: --url"),
        (f"{LINE} --url {URL}", 252, "Unable to load paramfile file://key.pem"),
        (f"{LINE} --url {URL} --private-key x", 255, "no RSA private key in PEM form"),
        (
            f"{LINE} --url {URL} --private-key '-----BEGIN RSA PRIVATE KEY-----AAAA-----END RSA PRIVATE KEY-----'",
            255,
            "The RSA private key cannot be read",
        ),
    ],
)
def test_bad_input(aws, line, code, message):
    outcome = aws(line)
    assert outcome.code == code
    assert message in outcome.message


def test_no_date(signed, aws):
    outcome = aws(f"{LINE} --url {URL} --date-greater-than never")
    assert outcome.code == 255
    assert outcome.message == 'awsmini: [ERROR]: Invalid timestamp "never": Unknown string format: never'
