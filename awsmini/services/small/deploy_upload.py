"""The upload of `deploy push`, after which it is known what S3 calls the revision."""

import os
from contextlib import suppress
from typing import IO, Any

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.model.shapes import ServiceModel

PART = 6 * 2**20  # a bundle of this size or more goes in parts of this size


class UploadError(AwsminiError):
    """The bundle cannot be uploaded."""


def upload(
    invocation: Invocation, where: tuple[str, str], archive: IO[bytes], source: str, location: str
) -> dict[str, Any]:
    """Put a bundle into S3; it as a `s3Location`. Raises UploadError."""
    session = invocation.session
    client = session.client_for(ServiceModel(session.models.lines("s3")), endpoint_flag=False)
    target = {"Bucket": where[0], "Key": where[1]}
    try:
        answer = _put(client, target, archive)
    except AwsminiError as error:
        raise UploadError(f"Failed to upload '{source}' to '{location}': {error}") from None
    revision = {"bucket": where[0], "key": where[1], "bundleType": "zip", "eTag": answer["ETag"].replace('"', "")}
    if "VersionId" in answer:
        revision["version"] = answer["VersionId"]
    return revision


def _put(client: Client, target: dict[str, Any], archive: IO[bytes]) -> dict[str, Any]:
    size = archive.seek(0, os.SEEK_END)
    archive.seek(0)
    if size < PART:
        return client._make_api_call("PutObject", {**target, "Body": archive})
    target = {**target, "UploadId": client._make_api_call("CreateMultipartUpload", target)["UploadId"]}
    parts: list[dict[str, Any]] = []
    try:
        while data := archive.read(PART):
            number = len(parts) + 1
            answer = client._make_api_call("UploadPart", {**target, "PartNumber": number, "Body": data})
            parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        return client._make_api_call("CompleteMultipartUpload", {**target, "MultipartUpload": {"Parts": parts}})
    except (AwsminiError, KeyboardInterrupt):
        with suppress(ClientError):
            client._make_api_call("AbortMultipartUpload", target)
        raise
