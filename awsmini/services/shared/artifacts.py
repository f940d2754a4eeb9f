"""Files that go to S3 under the name of their MD5, so that one which is there already is not sent again."""

import os
from collections.abc import Mapping
from hashlib import md5
from typing import IO, Any, NamedTuple, TextIO

from awsmini.client import Client
from awsmini.errors import AwsminiError, ClientError
from awsmini.services.shared.s3_uploads import upload

_PIECE = 2**20


class NoSuchBucketError(AwsminiError):
    def __init__(self, bucket: str) -> None:
        super().__init__(
            f"S3 Bucket does not exist. Execute the command to create a new bucket\nawsmini s3 mb s3://{bucket}"
        )


class Uploader(NamedTuple):
    """Where artifacts go. `told` gets a line of progress for each quarter of a megabyte."""

    client: Client
    bucket: str
    told: TextIO
    prefix: str | None = None
    kms_key_id: str | None = None
    force: bool = False
    metadata: Mapping[str, str] | None = None

    def put_file(self, path: str, extension: str | None = None) -> str:
        """Upload a file as it is; its URL, `s3://bucket/key`."""
        with open(path, "rb") as file:
            return self.put(file, digest(file), extension)

    def put(self, file: IO[bytes], name: str, extension: str | None = None) -> str:
        """Upload an open file under a name, unless it is there; its URL. Raises NoSuchBucketError, ClientError …"""
        key = f"{name}.{extension}" if extension else name
        if self.prefix:
            key = f"{self.prefix}/{key}"
        if self.force or not self._is_there(key):
            self._upload(file, key)
        return f"s3://{self.bucket}/{key}"

    def _is_there(self, key: str) -> bool:
        """Whether there is such an object. Where that is not to be known, it is sent."""
        try:
            self.client._make_api_call("HeadObject", {"Bucket": self.bucket, "Key": key})
        except ClientError:
            return False
        return True

    def _upload(self, file: IO[bytes], key: str) -> None:
        extra: dict[str, Any] = {"ServerSideEncryption": "AES256"}
        if self.kms_key_id:
            extra = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.kms_key_id}
        if self.metadata:
            extra["Metadata"] = self.metadata
        size = file.seek(0, os.SEEK_END)
        file.seek(0)

        def progress(sent: int) -> None:
            self.told.write(f"\rUploading to {key}  {sent} / {float(size)}  ({sent / size * 100:.2f}%)")
            self.told.flush()

        try:
            upload(self.client, self.bucket, key, file, extra, progress)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchBucket":
                raise NoSuchBucketError(self.bucket) from None
            raise

    def path_style(self, url: str) -> str:
        """The address of an object for services that want it as HTTP: `https://s3.REGION.amazonaws.com/bucket/key`."""
        base = self.client._endpoint_url("ListBuckets", {})
        return f"{base.rstrip('/')}/{url.removeprefix('s3://')}"


def digest(file: IO[bytes]) -> str:
    """The MD5 of a file that stands at its beginning, and does so again."""
    total = md5(usedforsecurity=False)
    while data := file.read(_PIECE):
        total.update(data)
    file.seek(0)
    return total.hexdigest()
