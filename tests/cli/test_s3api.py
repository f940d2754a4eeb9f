"""Whole commands against an S3 gateway that checks every signature: keys that need encoding, parts, presigned URLs."""

import json
from urllib.request import Request, urlopen

import pytest

from awsmini import Session
from awsmini.errors import ClientError

TIDIED = {"a//b": "a/b"}  # by the gateway, after it has accepted the signature of the key as it was sent
KEYS = ("plain", "a b", "a+b", "a//b", "ü/日本", "100%25 ~*'()!", "=&?#;:@$,", " lead and trail ")


@pytest.fixture
def s3(aws, seaweedfs):
    """A terminal whose commands talk to the gateway with keys that it knows."""
    aws.env |= {
        "AWS_ENDPOINT_URL": seaweedfs.url,
        "AWS_ACCESS_KEY_ID": seaweedfs.access_key,
        "AWS_SECRET_ACCESS_KEY": seaweedfs.secret_key,
    }
    return aws


@pytest.fixture
def bucket(s3):
    """One bucket for all: each costs the gateway volumes that it does not give back."""
    if s3(["s3api", "head-bucket", "--bucket", "commands"]).code:
        assert s3(["s3api", "create-bucket", "--bucket", "commands"]).code == 0
    return "commands"


@pytest.mark.parametrize("key", KEYS)
def test_put_get_list_delete(s3, bucket, key):
    content = f"the content of {key}".encode()
    (s3.home / "body").write_bytes(content)
    at = ["--bucket", bucket, "--key", key]
    assert "ETag" in s3(["s3api", "put-object", *at, "--body", "body"]).json
    assert s3(["s3api", "get-object", *at, "out"]).json["ContentLength"] == len(content)
    assert (s3.home / "out").read_bytes() == content
    listed = s3(["s3api", "list-objects-v2", "--bucket", bucket, "--query", "Contents[].Key"]).json
    assert TIDIED.get(key, key) in listed
    assert s3(["s3api", "delete-object", *at]).code == 0
    assert s3(["s3api", "head-object", *at]).code == 254


def test_an_upload_in_parts(s3, bucket):
    at = ["--bucket", bucket, "--key", "big file+1"]
    upload = s3(["s3api", "create-multipart-upload", *at]).json["UploadId"]
    parts = []
    for number, size in ((1, 5 * 1024 * 1024), (2, 1000)):
        (s3.home / "part").write_bytes(bytes([number]) * size)
        command = ["s3api", "upload-part", *at, "--upload-id", upload, "--part-number", str(number), "--body", "part"]
        parts.append({"PartNumber": number, "ETag": s3(command).json["ETag"]})
    whole = json.dumps({"Parts": parts})
    done = s3(["s3api", "complete-multipart-upload", *at, "--upload-id", upload, "--multipart-upload", whole])
    assert done.json["Key"] == "big file+1"
    assert s3(["s3api", "head-object", *at]).json["ContentLength"] == 5 * 1024 * 1024 + 1000


@pytest.mark.parametrize("key", KEYS[:7])
def test_presigned_urls(seaweedfs, s3, bucket, key, monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(s3.home / "none"))
    client = Session(aws_access_key_id=seaweedfs.access_key, aws_secret_access_key=seaweedfs.secret_key).client(
        "s3", region_name="us-east-1", endpoint_url=seaweedfs.url
    )
    where = {"Bucket": bucket, "Key": key}
    put = client.generate_presigned_url("put_object", where)
    assert urlopen(Request(put, data=b"by URL", method="PUT")).status == 200
    assert urlopen(client.generate_presigned_url("get_object", where)).read() == b"by URL"
    assert client.get_object(**where)["Body"].read() == b"by URL"


def test_a_wrong_secret_is_refused(s3, bucket, seaweedfs):
    message = s3(["s3api", "list-objects-v2", "--bucket", bucket], env={"AWS_SECRET_ACCESS_KEY": "wrong"}).message
    assert "SignatureDoesNotMatch" in message
    client = Session(aws_access_key_id=seaweedfs.access_key, aws_secret_access_key="wrong").client(
        "s3", region_name="us-east-1", endpoint_url=seaweedfs.url
    )
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        client.list_buckets()
