"""`deploy push`."""

import io
import os
import zipfile
from typing import Any

import pytest

from tests.servers import Received, answer
from tests.terminal import Terminal

PUSH = "deploy push --application-name app1 --s3-location s3://bkt/k/r.zip --source app"


@pytest.fixture
def app(aws: Terminal) -> Terminal:
    for path in ("appspec.yml", "x.sh", ".hidden", ".git/c", "sub/y", "sub/.z"):
        aws.write(f"app/{path}", path)
    return aws


def sent(aws: Terminal) -> list[str]:
    (put,) = [request for request in aws.service.requests if request.method == "PUT"]
    return zipfile.ZipFile(io.BytesIO(put.body)).namelist()


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("", [".hidden", "appspec.yml", "x.sh", ".git/c", "sub/.z", "sub/y"]),
        ("--no-ignore-hidden-files", [".hidden", "appspec.yml", "x.sh", ".git/c", "sub/.z", "sub/y"]),
        ("--ignore-hidden-files", ["appspec.yml", "x.sh", "sub/y"]),
    ],
)
def test_what_is_bundled(app: Terminal, options: str, names: list[str]) -> None:
    app.service.replies(200, "", {"ETag": '"etag1"'})
    app.service.replies(200, "")
    outcome = app(f"{PUSH} {options} --description d")
    assert outcome.stdout == (
        "To deploy with this revision, run:\n"
        "awsmini deploy create-deployment --application-name app1 "
        "--s3-location bucket=bkt,key=k/r.zip,bundleType=zip,eTag=etag1 --deployment-group-name <deployment-group-name> "
        "--deployment-config-name <deployment-config-name> --description <description>\n"
    )
    assert sent(app) == names
    assert app.service.requests[-1].json == {
        "applicationName": "app1",
        "description": "d",
        "revision": {
            "revisionType": "S3",
            "s3Location": {"bucket": "bkt", "key": "k/r.zip", "bundleType": "zip", "eTag": "etag1"},
        },
    }


def test_a_version_is_named(app: Terminal) -> None:
    app.service.replies(200, "", {"ETag": '"e"', "x-amz-version-id": "v1"})
    app.service.replies(200, "")
    assert ",eTag=e,version=v1 " in app(PUSH).stdout
    assert app.service.requests[-1].json["revision"]["s3Location"]["version"] == "v1"
    assert app.service.requests[-1].json["description"].startswith("Uploaded by AWS CLI 20")


def test_a_large_bundle_goes_in_parts(app: Terminal) -> None:
    app.write("app/big", os.urandom(7 * 2**20))

    def respond(request: Received) -> Any:
        if request.method == "PUT":
            return answer(200, "", {"ETag": f'"{request.query["partNumber"][0]}"'})
        if "uploads" in request.target:
            return answer(200, "<InitiateMultipartUploadResult><UploadId>U</UploadId></InitiateMultipartUploadResult>")
        done = "<CompleteMultipartUploadResult><ETag>&quot;whole-2&quot;</ETag></CompleteMultipartUploadResult>"
        return answer(200, done if "uploadId" in request.target else "")

    app.service.always(respond)
    assert ",eTag=whole-2 " in app(PUSH).stdout
    parts = [request.body for request in app.service.requests if request.method == "PUT"]
    assert len(parts[0]) == 6 * 2**20
    assert zipfile.ZipFile(io.BytesIO(b"".join(parts))).testzip() is None


ERRORS = [
    ("--ignore-hidden-files --no-ignore-hidden-files", 252, "You cannot specify both --ignore-hidden-files and --no-ignore-hidden-files."),
    ("--s3-location bkt/k", 252, "--s3-location must specify the Amazon S3 URL format as s3://<bucket>/<key>."),
    ("--source app/sub", 255, "/app/sub/appspec.yml was not found"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "code", "message"), ERRORS)
def test_what_is_refused(app: Terminal, options: str, code: int, message: str) -> None:
    outcome = app(f"{PUSH} {options}")
    assert outcome.code == code
    assert outcome.message.endswith(message)


def test_an_upload_that_is_refused(app: Terminal) -> None:
    app.service.replies(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
    outcome = app(PUSH)
    assert outcome.code == 255
    assert outcome.message.startswith(
        "awsmini: [ERROR]: Failed to upload 'app' to 's3://bkt/k/r.zip': An error occurred (AccessDenied) when calling"
    )


def test_the_bundle_is_in_s3_of_moto(aws_moto: Terminal) -> None:
    """moto knows no RegisterApplicationRevision: what is left of the upload is looked at."""
    aws_moto.write("app/appspec.yml", "version: 0.0\n")
    aws_moto("s3api create-bucket --bucket bkt")
    assert aws_moto(PUSH).code == 254
    assert aws_moto("s3api get-object --bucket bkt --key k/r.zip out.zip").code == 0
    assert zipfile.ZipFile(aws_moto.home / "out.zip").namelist() == ["appspec.yml"]
