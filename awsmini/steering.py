"""What a client learns from answers about where its next calls go and as whom.

S3 names the region of a bucket asked for elsewhere, and gives each directory bucket credentials of its own;
Timestream and DynamoDB tell their endpoints. Each is a call of the same client, so a client has one Steering.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from awsmini.config.builtins import for_operation
from awsmini.config.discovery import EndpointDiscovery, is_discovered, is_stale
from awsmini.model.shapes import OperationModel
from awsmini.quirks.s3_express import ExpressSessions
from awsmini.quirks.s3_redirect import BucketRegions
from awsmini.records import Call, Credentials, Output
from awsmini.wire import Ask, Wire


class Steering:
    """`ask` makes further calls of the same client."""

    def __init__(self, wire: Wire, ask: Ask) -> None:
        self._wire = wire
        self._ask = ask

    @cached_property
    def _bucket_regions(self) -> BucketRegions:
        return BucketRegions(lambda bucket: self._ask("HeadBucket", {"Bucket": bucket}, errors=True))

    @cached_property
    def _express_sessions(self) -> ExpressSessions:
        return ExpressSessions(lambda bucket: self._ask("CreateSession", {"Bucket": bucket}), self._wire.app.now)

    @cached_property
    def _discovery(self) -> EndpointDiscovery:
        return EndpointDiscovery(self._wire.service_model, self._ask, self._wire.app.now)

    @property
    def _is_s3(self) -> bool:
        return self._wire.service_model.service_name == "s3"

    def built_ins(self, operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The built-ins of the endpoint rules for one call."""
        if not self._is_s3:
            return self._wire.built_ins
        return for_operation(self._wire.built_ins, operation, params, self._bucket_regions.get(params.get("Bucket")))

    def discovered_url(self, operation: OperationModel, params: Mapping[str, Any]) -> str | None:
        """The endpoint that the service has told for a call, where it is one of those."""
        if operation.endpoint_discovery is None or self._wire.endpoints.endpoint_url:
            return None
        if not is_discovered(operation, self._wire.endpoint_discovery):
            return None
        return self._discovery.url(operation, params)

    def should_ask_elsewhere(self, call: Call, answer: Output) -> bool:
        """Whether an error says that another region or endpoint is to be asked; what it says is kept."""
        if self._is_s3:
            bucket = call.params.get("Bucket")
            known = self._bucket_regions.get(bucket)
            found = self._bucket_regions.learn(call.operation.name, bucket, answer)
            return found is not None and found != known
        if call.operation.endpoint_discovery and not self._wire.endpoints.endpoint_url:
            status = answer["ResponseMetadata"]["HTTPStatusCode"]
            if is_stale(status, answer["Error"].get("Code")):
                self._discovery.forget(call.operation, call.params)
                return True
        return False

    def identity(self, call: Call) -> Credentials | None:
        """What the call is signed with: nothing, a token, a bucket's session or the client's credentials."""
        if call.scope.auth == "none":
            return None
        if call.scope.auth == "bearer":
            return self._wire.bearer_token()
        if call.scope.auth == "s3express" and call.operation.name != "CreateSession":
            return self._express_sessions.credentials(call.params["Bucket"])
        return self._wire.credentials()
