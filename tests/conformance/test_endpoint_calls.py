"""AWS's endpoint cases through the whole path: settings as a user writes them, and the request that would be sent.

`test_endpoint_rules.py` asks the rules alone. Here each case becomes a call of a Session whose region, endpoint,
switches and account come from flags, the environment or a config file in turn; what is looked at is the URL, the
headers and the signature that reach the sender.
"""

import io
import json
import re
from collections import Counter
from datetime import datetime, timezone
from functools import partial
from hashlib import sha1
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import pytest

from awsmini.app import App
from awsmini.client import Client
from awsmini.config.builtins import GLOBAL_PREFIXES
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.records import Reply, Request
from awsmini.session import Session
from tests.conformance.endpoint_calls import PLACES, SSO_SESSION, Asked, calls, settings_of
from tests.conformance.test_endpoint_rules import SERVICES, cases, expected
from tests.oracle import takes_every

SESSION_TOKEN, BEARER_TOKEN = "of-the-bucket", "of-the-user"
SHARE = 8  # one case in so many, unless all are asked for
CLASSES: dict[str, type[Client]] = {}

AS_IT_SAYS = "as it says"
NO_OPERATION = "no operation's input comes to such parameters"
NOT_ALLOWED = "the operation's input allows no such parameters"
TURNED_OFF = "a custom endpoint turns FIPS and dual-stack off"

OUTCOMES = {
    AS_IT_SAYS: 12_897,
    TURNED_OFF: 769,
    "a region is needed, and not by services with one endpoint for all": 559,
    NO_OPERATION: 259,
    "the global endpoints of S3 and STS are never used": 51,
    NOT_ALLOWED: 30,
    "an empty account id is none": 9,
    "a custom endpoint has a scheme": 6,
    "ARNs turn path style off": 4,
    "accelerated endpoints turn path style off": 3,
    "account ids in endpoints are preferred unless something else is asked for": 1,
    "a region has no dots": 1,
}  # 14,589 cases


class Sent(Exception):
    """The request that would have gone out."""

    def __init__(self, request: Request) -> None:
        self.request = request


def send(request: Request, asked: Asked) -> Reply:
    """A sender that answers for the sessions of directory buckets alone."""
    if asked.operation.name == "CreateSession" or not request.url.endswith("?session"):
        raise Sent(request)
    credentials = (
        f"<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>{SESSION_TOKEN}"
        "</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
    )
    body = f"<CreateSessionResult><Credentials>{credentials}</Credentials></CreateSessionResult>"
    return Reply(status=200, reason="OK", headers={}, body=body.encode())


@pytest.fixture(scope="module")
def suites(botocore_sdist: Path) -> Path:
    return botocore_sdist / "tests" / "functional" / "endpoint-rules"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a token for bearer authentication."""
    home = tmp_path_factory.mktemp("home")
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    token = {"startUrl": "https://corp.awsapps.com/start", "region": "us-east-1", "accessToken": BEARER_TOKEN}
    text = json.dumps({**token, "expiresAt": "2099-01-01T00:00:00Z"})
    (cache / f"{sha1(SSO_SESSION.encode()).hexdigest()}.json").write_text(text)
    return home


def ask(asked: Asked, place: str, home: Path) -> Request | AwsminiError:
    """The request that a call sends, or why it sends none."""
    written = settings_of(asked.built_ins, place)
    (home / ".aws" / "config").write_text(written.config)
    app = App(
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        env={
            "HOME": str(home),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            **written.env,
        },
        now=lambda: datetime(2030, 1, 2, tzinfo=timezone.utc),
        open_sender=lambda options: partial(send, asked=asked),
    )
    session = Session(app=app, flags=written.flags)
    session._classes = CLASSES  # each takes a while to make
    try:
        session.client_for(asked.operation.service_model)._make_api_call(asked.operation.name, asked.params)
    except Sent as sent:
        return sent.request
    except AwsminiError as error:
        return error
    raise AssertionError("nothing was sent, and no error was raised")


def overruled(asked: Asked, want: Any) -> str | None:
    """Why no settings of AWS CLI v2 can bring about what a case is about; None where they can."""
    built_ins = asked.built_ins
    custom, region = built_ins.get("SDK::Endpoint"), built_ins.get("AWS::Region")
    bucket = str(asked.params.get("Bucket", ""))
    if built_ins.get("AWS::STS::UseGlobalEndpoint") or built_ins.get("AWS::S3::UseGlobalEndpoint"):
        return "the global endpoints of S3 and STS are never used"
    is_global = asked.operation.service_model.endpoint_prefix in GLOBAL_PREFIXES
    if region is None and (custom or is_global or not isinstance(want, str)):
        return "a region is needed, and not by services with one endpoint for all"
    if "." in (region or ""):
        return "a region has no dots"
    if custom and "://" not in custom:
        return "a custom endpoint has a scheme"
    if custom and region and (built_ins.get("AWS::UseFIPS") or built_ins.get("AWS::UseDualStack")):
        return TURNED_OFF
    if built_ins.get("AWS::Auth::AccountId") == "":
        return "an empty account id is none"
    if built_ins.get("AWS::S3::ForcePathStyle"):
        if built_ins.get("AWS::S3::Accelerate"):
            return "accelerated endpoints turn path style off"
        if bucket.startswith("arn:"):
            return "ARNs turn path style off"
    if built_ins.get("AWS::Auth::AccountId") and "AWS::Auth::AccountIdEndpointMode" not in built_ins:
        return "account ids in endpoints are preferred unless something else is asked for"
    return None


def outcome(asked: Asked, want: Any, place: str, home: Path) -> str:
    """AS_IT_SAYS; or else why settings cannot bring it about; or else what is wrong."""
    answer = ask(asked, place, home)
    reason = overruled(asked, want)
    if isinstance(answer, ParamValidationError) and (reason == TURNED_OFF or not isinstance(want, str)):
        return NOT_ALLOWED
    if reason == TURNED_OFF and not _goes_to(answer, asked.built_ins["SDK::Endpoint"]):
        return f"not sent to the custom endpoint: {answer}"
    if reason:
        return reason
    if isinstance(answer, AwsminiError):
        return AS_IT_SAYS if isinstance(want, str) else f"refused: {answer}"
    if isinstance(want, str):
        return f"sent to {answer.url}"
    return mismatch(answer, want, asked) or AS_IT_SAYS


def _goes_to(answer: Request | AwsminiError, custom: str) -> bool:
    """Whether a request goes to a custom endpoint, a bucket's name before it perhaps."""
    return isinstance(answer, Request) and str(urlsplit(answer.url).hostname).endswith(str(urlsplit(custom).hostname))


def mismatch(request: Request, want: Any, asked: Asked) -> str | None:
    """What of a request is not as the case says."""
    url, headers, properties = want
    rest = request.url[len(url.rstrip("/")) :]
    if not request.url.startswith(url.rstrip("/")) or (rest and rest[0] not in "/?"):
        return f"sent to {request.url}"
    for name, values in headers.items():
        if request.headers.get(name) != ",".join(values):
            return f"{name}: {request.headers.get(name)}"
    has, wants = signature(request), expected_signature(properties.get("authSchemes"), asked)
    wrong = {name: (has[name], value) for name, value in wants.items() if has[name] != value}
    return f"signature: {wrong}" if wrong else None


Signature = dict[str, str | None]


def signature(request: Request) -> Signature:
    """What a request is signed with, for which region and service, and in which session."""
    header = request.headers.get("Authorization")
    found = _V4.match(header or "")
    algorithm, region, service = found.groups() if found else (header and header.split()[0], None, None)
    if isinstance(request.body, bytes) and b"&SignatureVersion=2" in request.body:
        algorithm = "v2"
    return {
        "algorithm": algorithm,
        "region": request.headers.get("X-Amz-Region-Set", region),
        "service": service,
        "session": request.headers.get("x-amz-s3session-token"),
    }


_V4 = re.compile(r"(AWS4-\S+) Credential=\w+/\d+/(?:([^/]+)/)?([^/]+)/aws4_request, ")
_ALGORITHMS = {"v2": "v2", "bearer": "Bearer", "none": None, "sigv4a": "AWS4-ECDSA-P256-SHA256"}


def expected_signature(schemes: list[dict[str, Any]] | None, asked: Asked) -> Signature:
    """What an endpoint says of it; where it says nothing, the model does, for the region that was asked for."""
    operation, service = asked.operation, asked.operation.service_model
    if schemes:
        (scheme, *_others) = schemes
        name = scheme["name"].rpartition("#")[2]
    else:
        scheme = {}
        name = operation.auth_type or service.signature_version
        if service.endpoint_prefix == "importexport":  # whatever its model says
            scheme, name = {"signingName": "IngestionService"}, "v4"
    algorithm = _ALGORITHMS.get(name, "AWS4-HMAC-SHA256")
    wants: Signature = {"algorithm": algorithm, "session": SESSION_TOKEN if name == "sigv4-s3express" else None}
    if str(algorithm).startswith("AWS4"):
        wants["service"] = scheme.get("signingName") or service.signing_name
        region = scheme.get("signingRegion") or ",".join(scheme.get("signingRegionSet", ()))
        asked_for = asked.built_ins.get("AWS::Region")
        if not region and service.endpoint_prefix not in GLOBAL_PREFIXES:
            region = asked_for or ""
        if region:
            wants["region"] = region
    return wants


def tally(suites: Path, home: Path, share: int) -> Counter[str]:
    """How often which outcome, over one case in `share`."""
    found: Counter[str] = Counter()
    for service_name in SERVICES:
        for number, case in enumerate(cases(suites, service_name)):
            if crc32(f"{service_name}/{number}".encode()) % share:
                continue
            want = expected(case)
            asked = list(calls(service_name, case))
            outcomes = {outcome(one, want, PLACES[(number + at) % 3], home) for at, one in enumerate(asked)}
            for said in outcomes or {NO_OPERATION}:
                found[said if said in OUTCOMES else f"{service_name}: {case['documentation']}: {said}"] += 1
    return found


@pytest.mark.every
def test_the_cases(suites: Path, home: Path, pytestconfig: pytest.Config) -> None:
    if takes_every(pytestconfig):
        assert tally(suites, home, 1) == OUTCOMES
        return
    found = tally(suites, home, SHARE)
    assert found.keys() <= OUTCOMES.keys()
    assert found[AS_IT_SAYS] > 1500
