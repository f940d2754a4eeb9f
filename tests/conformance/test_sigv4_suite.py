"""AWS's Signature Version 4 test suite, step by step: a failure says which step is wrong."""

import re
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from awsmini.records import Credentials, Request, Scope
from awsmini.sign import sigv4
from tests.conformance.conftest import botocore_sdist

NOW = datetime(2015, 8, 30, 12, 36, tzinfo=timezone.utc)
SCOPE = Scope(auth="v4", region="us-east-1", service="service")
KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def cases() -> list[Path]:
    suite = botocore_sdist() / "tests/unit/auth/aws4_testsuite"
    return sorted(path.with_suffix("") for path in suite.rglob("*.req"))


def read_request(text: str) -> Request:
    """A request as the suite writes it; repeated headers, which a Request cannot have, joined as on the wire."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.strip("\n").split("\n")
    method, target = first.split(" ", 1)
    headers: dict[str, str] = {}
    for line in "\n".join(lines).replace("\n ", " ").split("\n"):  # folded headers unfolded
        name, _, value = line.partition(":")
        headers[name] = f"{headers[name]},{value.strip()}" if name in headers else value
    path, joint, query = target.removesuffix(" HTTP/1.1").partition("?")
    url = f"https://{headers['Host']}{path}{joint}{quote(query, safe='&=%~')}"  # the suite's paths are encoded once
    return Request(method=method, url=url, headers=headers, body=body.encode())


def read(case: Path, suffix: str) -> str:
    return case.with_suffix(suffix).read_text().replace("\r", "")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    found = cases()
    metafunc.parametrize("case", found, ids=[case.name for case in found])


def test_every_step(case: Path):
    request = read_request(read(case, ".req"))
    canonical = read(case, ".creq")
    token = re.search(r"^x-amz-security-token:(.*)$", canonical, re.MULTILINE)
    url = urlsplit(request.url)
    headers = sigv4.headers_to_sign(request.headers, sigv4.host_of(url))
    if token:
        headers["x-amz-security-token"] = token[1]
    made = sigv4.canonical_request(
        request.method,
        sigv4.canonical_path(url.path, SCOPE),
        sigv4.canonical_query(url.query),
        headers,
        sigv4.body_hash(request.body),
    )
    assert made == canonical
    stamp = sigv4.timestamp(NOW)
    text = sigv4.string_to_sign(stamp, sigv4.credential_scope(stamp, SCOPE), made)
    assert text == read(case, ".sts")
    key = sigv4.signing_key(SECRET, stamp[:8], SCOPE.region, SCOPE.service)
    proof = sigv4.signature(key, text)
    authorization = read(case, ".authz")
    assert authorization.endswith(f"Signature={proof}")
    credentials = Credentials(access_key=KEY_ID, secret_key=SECRET, token=token and token[1])
    assert sigv4.sign(request, SCOPE, credentials, NOW).headers["Authorization"] == authorization
