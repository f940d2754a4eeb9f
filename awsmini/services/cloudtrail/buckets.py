"""Objects of buckets, each asked for in the region of its bucket. --endpoint-url is not for S3."""

from typing import Any, BinaryIO

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.model.shapes import ServiceModel


class Buckets:
    """Clients by region, and what is known of where buckets are."""

    def __init__(self, invocation: Invocation, region: str | None) -> None:
        self._invocation = invocation
        self._home = region  # where the location of a bucket is asked for
        self._clients: dict[str | None, Client] = {}
        self._regions: dict[str, str] = {}

    def keys(self, bucket: str, prefix: str, marker: str) -> list[str]:
        """The keys behind a marker, in order."""
        found: list[str] = []
        client = self._of(bucket)
        params: dict[str, Any] = {"Bucket": bucket, "Marker": marker, "Prefix": prefix}
        for page in client.get_paginator("list_objects").paginate(**params):
            found += [each["Key"] for each in page.get("Contents", [])]
        return found

    def get(self, bucket: str, key: str) -> tuple[BinaryIO, dict[str, str]]:
        """The body and the metadata of an object. Raises ClientError."""
        answer = self._of(bucket)._make_api_call("GetObject", {"Bucket": bucket, "Key": key})
        return answer["Body"], answer.get("Metadata", {})

    def _of(self, bucket: str) -> Client:
        if bucket not in self._regions:
            answer = self._client(self._home)._make_api_call("GetBucketLocation", {"Bucket": bucket})
            self._regions[bucket] = answer.get("LocationConstraint") or "us-east-1"
        return self._client(self._regions[bucket])

    def _client(self, region: str | None) -> Client:
        if region not in self._clients:
            session = self._invocation.session
            model = ServiceModel(session.models.lines("s3"))
            self._clients[region] = session.client_for(model, region_name=region, endpoint_flag=False)
        return self._clients[region]
