"""The Python face: clients that are made from the models, against moto's server."""

import subprocess
import sys

import pytest

import awsmini
from tests.terminal import CREDENTIALS, PROJECT


@pytest.fixture
def client(moto):
    def make(service: str):
        return awsmini.client(
            service,
            region_name="eu-west-1",
            endpoint_url=moto,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    return make


def test_a_client_of_kinesis_video(client):
    video = client("kinesisvideo")
    assert repr(video).startswith("<awsmini.client.KinesisVideo object at 0x")
    arn = video.create_stream(StreamName="demo", Tags={"a": "1"})["StreamARN"]
    assert arn.startswith("arn:aws:kinesisvideo:eu-west-1:")
    page = video.list_streams()
    assert page["StreamInfoList"][0]["StreamName"] == "demo"
    assert page["ResponseMetadata"]["HTTPStatusCode"] == 200
    pages = video.get_paginator("list_streams").paginate()
    assert [stream["StreamARN"] for page in pages for stream in page["StreamInfoList"]] == [arn]
    video.delete_stream(StreamARN=arn)
    with pytest.raises(video.exceptions.ResourceNotFoundException) as caught:
        video.describe_stream(StreamName="demo")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_its_model(client):
    model = client("kinesisvideo")._service_model
    assert "ListStreams" in model.operation_names
    assert model.operation_model("ListStreams").name == "ListStreams"
    assert "<StructureShape(AccessDeniedException)>" in map(repr, model.error_shapes)


def test_values_are_python_values(client):
    table = client("dynamodb")
    table.create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "B"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table.put_item(TableName="t", Item={"id": {"B": b"\x00\xff"}})
    assert table.scan(TableName="t")["Items"] == [{"id": {"B": b"\x00\xff"}}]
    made = table.describe_table(TableName="t")["Table"]["CreationDateTime"]
    assert made.tzinfo is not None


def test_a_presigned_url_and_a_waiter(client):
    store = client("s3")
    store.create_bucket(Bucket="pics", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    store.get_waiter("bucket_exists").wait(Bucket="pics")
    store.put_object(Bucket="pics", Key="a b", Body=b"hello")
    assert store.get_object(Bucket="pics", Key="a b")["Body"].read() == b"hello"
    url = store.generate_presigned_url("get_object", Params={"Bucket": "pics", "Key": "a b"}, ExpiresIn=60)
    assert "/pics/a%20b?" in url
    assert "X-Amz-Signature=" in url or "Signature=" in url


def test_importing_the_package_loads_nothing():
    code = (
        "import sys, awsmini; print({'requests', 'click', 'rich', 'jmespath'} & set(sys.modules), awsmini.__version__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == f"set() {awsmini.__version__}\n"
