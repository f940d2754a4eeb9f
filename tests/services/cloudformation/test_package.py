"""`cloudformation package`, whole, and each kind of resource in it."""

import io
import json
import os
import re
import zipfile
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import Received, answer
from tests.terminal import Terminal

PACKAGE = "cloudformation package --template-file t.yaml --s3-bucket bkt"


def store(request: Received) -> Any:
    """A bucket in which nothing is."""
    return answer(404) if request.method == "HEAD" else answer(200, "", {"ETag": '"e"'})


@pytest.fixture
def bucket(aws: Terminal) -> Terminal:
    aws.service.always(store)
    aws.write("src/app.py", "print(1)\n")
    aws.write("one.py", "print(2)\n")
    return aws


def template(kind: str, **properties: Any) -> str:
    return json.dumps({"Resources": {"A": {"Type": kind, "Properties": properties}}})


def packaged(aws: Terminal, text: str, options: str = "") -> dict[str, Any]:
    """The properties of resource A after packaging."""
    aws.write("t.yaml", text)
    outcome = aws(f"{PACKAGE} {options}")
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout.startswith("\n")
    found: dict[str, Any] = yaml.safe_load(outcome.stdout)["Resources"]["A"]["Properties"]
    return found


def bodies(aws: Terminal) -> dict[str, bytes]:
    return {
        request.path.removeprefix("/bkt/"): request.body for request in aws.service.requests if request.method == "PUT"
    }


ONE = md5(b"print(2)\n").hexdigest()
URL = f"s3://bkt/{ONE}"
PARTS = {"Bucket": "bkt", "Key": ONE}
AS_THEY_ARE = [
    ("AWS::Serverless::Api", "DefinitionUri", URL),
    ("AWS::AppSync::GraphQLSchema", "DefinitionS3Location", URL),
    ("AWS::AppSync::Resolver", "RequestMappingTemplateS3Location", URL),
    ("AWS::AppSync::Resolver", "ResponseMappingTemplateS3Location", URL),
    ("AWS::AppSync::FunctionConfiguration", "RequestMappingTemplateS3Location", URL),
    ("AWS::AppSync::FunctionConfiguration", "ResponseMappingTemplateS3Location", URL),
    ("AWS::ApiGateway::RestApi", "BodyS3Location", PARTS),
    ("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle", {"S3Bucket": "bkt", "S3Key": ONE}),
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location", PARTS),
    ("AWS::Serverless::StateMachine", "DefinitionUri", PARTS),
]


@pytest.mark.parametrize(("kind", "name", "expected"), AS_THEY_ARE)
def test_files_go_as_they_are(bucket: Terminal, kind: str, name: str, expected: Any) -> None:
    assert packaged(bucket, template(kind, **{name: "one.py"})) == {name: expected}
    assert bodies(bucket) == {ONE: b"print(2)\n"}


ZIPPED = [
    ("AWS::Serverless::Function", "CodeUri", None),
    ("AWS::Serverless::LayerVersion", "ContentUri", None),
    ("AWS::Lambda::Function", "Code", ("S3Bucket", "S3Key")),
    ("AWS::Lambda::LayerVersion", "Content", ("S3Bucket", "S3Key")),
]


@pytest.mark.parametrize(("kind", "name", "parts"), ZIPPED)
@pytest.mark.parametrize(("what", "inside"), [("one.py", "one.py"), ("src", "app.py")])
def test_code_goes_as_a_zip_file_named_by_its_md5(
    bucket: Terminal, kind: str, name: str, parts: tuple[str, str] | None, what: str, inside: str
) -> None:
    value = packaged(bucket, template(kind, **{name: what}))[name]
    ((key, body),) = bodies(bucket).items()
    assert md5(body).hexdigest() == key
    assert zipfile.ZipFile(io.BytesIO(body)).namelist() == [inside]
    assert value == (f"s3://bkt/{key}" if parts is None else dict(zip(parts, ("bkt", key), strict=True)))


def test_properties_with_a_dot(bucket: Terminal) -> None:
    glue = packaged(bucket, template("AWS::Glue::Job", Command={"ScriptLocation": "one.py", "Name": "n"}))
    assert glue == {"Command": {"ScriptLocation": URL, "Name": "n"}}
    code = packaged(bucket, template("AWS::CodeCommit::Repository", Code={"S3": "src"}))
    assert set(code["Code"]["S3"]) == {"Bucket", "Key"}


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::Serverless::Function", {"CodeUri": "s3://b/k"}),
        ("AWS::Serverless::Function", {"CodeUri": {"Bucket": "b", "Key": "k"}}),
        ("AWS::Serverless::Api", {"StageName": "x"}),
        ("AWS::CodeCommit::Repository", {"RepositoryName": "r"}),
        ("AWS::CloudFormation::Stack", {"TemplateURL": "https://s3.amazonaws.com/b/k"}),
        ("AWS::CloudFormation::ModuleVersion", {"ModulePackage": "src"}),
    ],
)
def test_what_is_left_alone(bucket: Terminal, kind: str, properties: dict[str, Any]) -> None:
    assert packaged(bucket, template(kind, **properties)) == properties
    assert bucket.service.requests == []


def test_a_version_in_s3(bucket: Terminal) -> None:
    found = packaged(bucket, template("AWS::Lambda::Function", Code="s3://b/k/l?versionId=v"))
    assert found == {"Code": {"S3Bucket": "b", "S3Key": "k/l", "S3ObjectVersion": "v"}}


def test_code_that_is_not_given_is_the_folder_of_the_template(bucket: Terminal) -> None:
    packaged(bucket, template("AWS::Serverless::Function", Handler="a.b"))
    (body,) = bodies(bucket).values()
    assert {"one.py", "src/app.py", "t.yaml"} <= set(zipfile.ZipFile(io.BytesIO(body)).namelist())


def test_the_same_folder_has_the_same_name_wherever_it_is(bucket: Terminal) -> None:
    before = packaged(bucket, template("AWS::Serverless::Function", CodeUri="src"))
    os.utime(bucket.home / "src" / "app.py", (1, 1))
    os.rename(bucket.home / "src", bucket.home / "moved")
    assert packaged(bucket, template("AWS::Serverless::Function", CodeUri="moved")) == before
    one = packaged(bucket, template("AWS::Serverless::Function", CodeUri="one.py"))
    os.utime(bucket.home / "one.py", (1, 1))
    assert packaged(bucket, template("AWS::Serverless::Function", CodeUri="one.py")) == one


def test_many_folders_come_in_their_order(bucket: Terminal) -> None:
    resources = {}
    for number in range(20):
        bucket.write(f"f{number}/x", str(number))
        resources[f"F{number}"] = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": f"f{number}"}}
    bucket.write("t.yaml", json.dumps({"Resources": {**resources, "Again": resources["F3"]}}))
    outcome = bucket(f"{PACKAGE} --use-json")
    uris = {name: each["Properties"]["CodeUri"] for name, each in json.loads(outcome.stdout)["Resources"].items()}
    assert uris["Again"] == uris["F3"]
    sent = [request.path for request in bucket.service.requests if request.method == "PUT"]
    assert {f"s3:/{path}" for path in sent} == set(uris.values())
    told = [line.split()[2] for line in outcome.stderr.split("\r")[1:]]
    assert told[:20] == [uri.removeprefix("s3://bkt/") for name, uri in uris.items() if name != "Again"]
    for name, uri in uris.items():
        if name != "Again":
            body = zipfile.ZipFile(io.BytesIO(bodies(bucket)[uri.removeprefix("s3://bkt/")]))
            assert body.read("x").decode() == name[1:]


NESTED = {
    "t.yaml": "Resources:\n  A:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: sub/child.yaml\n",
    "sub/child.yaml": "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: code}\n",
    "sub/code/a.py": "1\n",
}


def test_a_nested_template_is_packaged_itself(bucket: Terminal) -> None:
    for path, text in NESTED.items():
        bucket.write(path, text)
    found = packaged(bucket, NESTED["t.yaml"], "--s3-prefix p")
    sent = bodies(bucket)
    (nested,) = [key for key in sent if key.endswith(".template")]
    assert found["TemplateURL"] == f"{bucket.service.url}/bkt/{nested}"
    code = yaml.safe_load(sent[nested])["Resources"]["F"]["Properties"]["CodeUri"]
    assert code.removeprefix("s3://bkt/") in sent
    assert all(key.startswith("p/") for key in sent)


def test_includes_metadata_and_loops(bucket: Terminal) -> None:
    text = """\
Metadata:
  AWS::ServerlessRepo::Application: {ReadmeUrl: one.py}
  M:
    Fn::Transform: {Name: AWS::Include, Parameters: {Location: one.py}}
Resources:
  Fn::ForEach::L: [N, [a], {"F${N}": {Type: AWS::Serverless::Api, Properties: {DefinitionUri: one.py}}}]
"""
    bucket.write("t.yaml", text)
    found = yaml.safe_load(bucket(PACKAGE).stdout)
    assert found["Metadata"]["AWS::ServerlessRepo::Application"]["ReadmeUrl"] == URL
    assert found["Metadata"]["M"]["Fn::Transform"]["Parameters"]["Location"] == URL
    assert found["Resources"]["Fn::ForEach::L"][2]["F${N}"]["Properties"]["DefinitionUri"] == URL


def test_objects_are_encrypted_and_marked(bucket: Terminal) -> None:
    packaged(bucket, template("AWS::Serverless::Api", DefinitionUri="one.py"), "--metadata a=1,b=2")
    headers = bucket.service.requests[-1].headers
    assert headers["x-amz-server-side-encryption"] == "AES256"
    assert (headers["x-amz-meta-a"], headers["x-amz-meta-b"]) == ("1", "2")
    packaged(bucket, template("AWS::Serverless::Api", DefinitionUri="one.py"), "--kms-key-id k")
    headers = bucket.service.requests[-1].headers
    assert headers["x-amz-server-side-encryption"] == "aws:kms"
    assert headers["x-amz-server-side-encryption-aws-kms-key-id"] == "k"


def test_what_is_there_is_not_sent_again_unless_forced(bucket: Terminal) -> None:
    bucket.service.always(lambda request: answer(200))
    bucket.write("t.yaml", template("AWS::Serverless::Api", DefinitionUri="one.py"))
    assert bucket(PACKAGE).stderr == ""
    assert [request.method for request in bucket.service.requests] == ["HEAD"]
    assert bucket(f"{PACKAGE} --force-upload").stderr == f"\rUploading to {ONE}  9 / 9.0  (100.00%)"
    assert [request.method for request in bucket.service.requests] == ["HEAD", "PUT"]


def test_a_large_file_goes_in_parts(bucket: Terminal) -> None:
    content = os.urandom(9 * 2**20)
    bucket.write("big.bin", content)
    started = "<InitiateMultipartUploadResult><UploadId>U</UploadId></InitiateMultipartUploadResult>"

    def respond(request: Received) -> Any:
        if request.method == "POST":
            return answer(200, started if "uploads" in request.target else "<CompleteMultipartUploadResult/>")
        return store(request)

    bucket.service.always(respond)
    bucket.write("t.yaml", template("AWS::Serverless::Api", DefinitionUri="big.bin"))
    outcome = bucket(PACKAGE)
    assert outcome.code == 0, outcome.stderr
    assert b"".join(r.body for r in bucket.service.requests if r.method == "PUT") == content
    assert [r.query.get("partNumber") for r in bucket.service.requests if r.method == "PUT"] == [["1"], ["2"]]
    lines = outcome.stderr.split("\r")[1:]
    assert len(lines) == 36
    assert lines[0].endswith("  262144 / 9437184.0  (2.78%)")
    assert lines[-1].endswith("  9437184 / 9437184.0  (100.00%)")


def test_parts_that_fail_are_taken_away(bucket: Terminal) -> None:
    bucket.write("big.bin", b"x" * 2**23)
    started = "<InitiateMultipartUploadResult><UploadId>U</UploadId></InitiateMultipartUploadResult>"

    def respond(request: Received) -> Any:
        if request.method == "PUT":
            return answer(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
        return answer(200, started) if request.method == "POST" else answer(404 if request.method == "HEAD" else 204)

    bucket.service.always(respond)
    bucket.write("t.yaml", template("AWS::Serverless::Api", DefinitionUri="big.bin"))
    outcome = bucket(PACKAGE)
    assert outcome.code == 255
    assert "AccessDenied" in outcome.stderr
    assert bucket.service.requests[-1].method == "DELETE"


def test_the_template_goes_to_a_file(bucket: Terminal) -> None:
    bucket.write("t.yaml", template("AWS::Serverless::Api", DefinitionUri="one.py"))
    outcome = bucket(f"{PACKAGE} --output-template-file out.yaml")
    path = Path(bucket.home, "out.yaml")
    assert outcome.stdout == (
        "\nSuccessfully packaged artifacts and wrote output template to file out.yaml.\n"
        "Execute the following command to deploy the packaged template\n"
        f"awsmini cloudformation deploy --template-file {path} --stack-name <YOUR STACK NAME>\n"
    )
    assert URL in path.read_text()


MISSING = "refers to a file or folder that does not exist"
ERRORS = [
    (template("AWS::Serverless::Function", CodeUri="no"), rf"Unable to upload artifact no referenced by CodeUri parameter of A resource\.\nParameter CodeUri of resource A {MISSING} .*/no$"),
    (template("AWS::Serverless::Function", CodeUri="https://x/a.zip"), rf"Parameter CodeUri of resource A {MISSING} .*/https:/x/a.zip$"),
    (template("AWS::CloudFormation::Stack", TemplateURL="no"), r"TemplateURL parameter of A resource is invalid\. It must be a S3 URL or path to CloudFormation template file\. Actual: .*/no$"),
    ('{"Resources": {"Fn::ForEach::L": [1, 2]}}', r'The value of Fn::ForEach::L has an invalid "Fn::ForEach::" format: Must be a list of three entries$'),
    ('{"Resources": {"X": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "no"}}}}}', rf"Parameter Location of resource AWS::Include {MISSING} .*/no$"),
    ('{"Resources": null}', "The resources of the template .*/t.yaml are no mapping.$"),
    ('{"Resources": {"A": {"Type": "AWS::Glue::Job", "Properties": {"Command": "x"}}}}', "Command is no mapping.$"),
    ('{"Resources": {"A": null}}', "The resource A is no mapping.$"),
    ("", "is no mapping of sections.$"),
    ("a: [1", "expected"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_what_goes_wrong_is_told(bucket: Terminal, text: str, message: str) -> None:
    bucket.write("t.yaml", text)
    outcome = bucket(PACKAGE)
    assert outcome.code == 255
    assert re.search(message, outcome.message)


def test_no_such_bucket(bucket: Terminal) -> None:
    bucket.service.always(
        lambda request: answer(404, "<Error><Code>NoSuchBucket</Code><Message>none</Message></Error>")
    )
    bucket.write("t.yaml", template("AWS::Serverless::Api", DefinitionUri="one.py"))
    assert bucket(PACKAGE).stderr.endswith(
        "S3 Bucket does not exist. Execute the command to create a new bucket\nawsmini s3 mb s3://bkt\n"
    )


def test_no_template(aws: Terminal) -> None:
    assert aws(PACKAGE).message == "awsmini: [ERROR]: Invalid template path t.yaml"


def test_a_date_has_no_form_in_json(bucket: Terminal) -> None:
    bucket.write("t.yaml", "AWSTemplateFormatVersion: 2010-09-09\n")
    outcome = bucket(f"{PACKAGE} --use-json")
    assert outcome.message == "awsmini: [ERROR]: Object of type date is not JSON serializable"


def test_a_usage_error_loads_no_yaml(aws: Terminal) -> None:
    assert "the following arguments are required: --template-file, --s3-bucket" in aws("cloudformation package").stderr


def test_package_against_moto(aws_moto: Terminal) -> None:
    aws_moto("s3api create-bucket --bucket bkt")
    aws_moto.write("src/app.py", "print(1)\n")
    aws_moto.write("t.yaml", template("AWS::Lambda::Function", Code="src", Handler="app.f"))
    outcome = aws_moto(PACKAGE)
    assert outcome.code == 0, outcome.stderr
    key = yaml.safe_load(outcome.stdout)["Resources"]["A"]["Properties"]["Code"]["S3Key"]
    assert aws_moto("s3api list-objects-v2 --bucket bkt --query Contents[].Key").json == [key]
    assert aws_moto(PACKAGE).stderr == ""  # it is there
