"""Presigned URLs of whole calls: botocore's client prepares the request, and what it makes of it is what we make."""

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import botocore.auth
import botocore.session
import pytest
from botocore.config import Config

from awsmini.records import Credentials, Request, Scope
from awsmini.sign import presign

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
OBJECT = {"Bucket": "bucket", "Key": "a b/+ü/%41//c"}
CALLS = [
    ("s3", "get_object", OBJECT, {}),
    ("s3", "get_object", {**OBJECT, "ResponseContentDisposition": 'attachment; filename="a b"', "VersionId": "v"}, {}),
    ("s3", "get_object", {"Bucket": "with.dots", "Key": "k"}, {"ExpiresIn": 7}),
    ("s3", "put_object", OBJECT, {}),
    ("s3", "put_object", {**OBJECT, "ContentType": "text/plain", "Metadata": {"a": "b"}, "ACL": "private"}, {}),
    ("s3", "head_object", OBJECT, {}),
    ("s3", "upload_part", {**OBJECT, "PartNumber": 3, "UploadId": "u+/="}, {}),
    ("s3", "list_objects_v2", {"Bucket": "bucket", "Prefix": "a b", "Delimiter": "/"}, {}),
    ("s3", "delete_object", OBJECT, {}),
    ("sts", "get_caller_identity", {}, {"HttpMethod": "GET"}),
    ("sts", "get_caller_identity", {}, {"ExpiresIn": 60}),
    ("sts", "assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/a b", "RoleSessionName": "a+b"}, {}),
    ("polly", "synthesize_speech", {"Text": "Hallo & ü", "OutputFormat": "mp3", "VoiceId": "Joanna"}, {}),
    ("dynamodb", "list_tables", {"Limit": 5}, {}),
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """A session that signs in Python, at a fixed time, even where awscrt is installed."""
    in_python = {"v4-query": botocore.auth.SigV4QueryAuth, "s3v4-query": botocore.auth.S3SigV4QueryAuth}
    with (
        patch.dict(botocore.auth.AUTH_TYPE_MAPS, in_python),
        patch("botocore.auth.get_current_datetime", lambda **_: NOW.replace(tzinfo=None)),
    ):
        yield botocore.session.get_session()


@pytest.mark.parametrize(("service", "method", "params", "how"), CALLS)
@pytest.mark.parametrize("token", [None, "a/session+token="], ids=["keys", "session"])
def test_urls_are_botocores(session: Any, service: str, method: str, params: dict, how: dict, token: str | None):
    client = session.create_client(
        service,
        "eu-west-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        aws_session_token=token,
        config=Config(signature_version="s3v4" if service == "s3" else "v4"),
    )
    seen: list[Request] = []

    def keep(request: Any, **_: Any) -> None:
        body = urlencode(request.data).encode() if isinstance(request.data, dict) else request.data
        seen.append(Request(method=request.method, url=request.url, headers=dict(request.headers), body=body))

    client.meta.events.register_last(f"before-sign.{client.meta.service_model.service_id.hyphenize()}", keep)
    theirs = client.generate_presigned_url(method, Params=params, **how)
    scope = Scope(
        auth="s3v4" if service == "s3" else "v4", region="eu-west-1", service=client.meta.service_model.signing_name
    )
    keys = Credentials(access_key="AKIDEXAMPLE", secret_key="secret", token=token)
    assert presign(seen[0], scope, keys, NOW, how.get("ExpiresIn", 3600)).url == theirs


def test_the_token_of_a_database_is_botocores(session: Any):
    client = session.create_client("rds", "eu-west-1", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret")
    theirs = client.generate_db_auth_token("db.example.com", 3306, "a user")
    scope = Scope(auth="v4", region="eu-west-1", service="rds-db")
    url = "https://db.example.com:3306/?Action=connect&DBUser=a%20user"
    keys = Credentials(access_key="AKIDEXAMPLE", secret_key="secret")
    ours = presign(Request(method="GET", url=url), scope, keys, NOW, 900).url
    assert ours.removeprefix("https://") == theirs
