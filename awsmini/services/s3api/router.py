"""Where S3's next calls go and as whom: the regions of buckets, and the sessions of directory buckets."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from awsmini.calls.routing import Router
from awsmini.config.builtins import for_operation
from awsmini.model.shapes import OperationModel
from awsmini.records import Call, Credentials, Output
from awsmini.services.s3api.bucket_regions import BucketRegions
from awsmini.services.s3api.express_sessions import ExpressSessions


class S3Router(Router):
    """The router of a client of S3."""

    @cached_property
    def _bucket_regions(self) -> BucketRegions:
        return BucketRegions(lambda bucket: self._ask("HeadBucket", {"Bucket": bucket}, errors=True))

    @cached_property
    def _express_sessions(self) -> ExpressSessions:
        return ExpressSessions(lambda bucket: self._ask("CreateSession", {"Bucket": bucket}), self._context.app.now)

    def built_ins(self, operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return for_operation(self._context.built_ins, operation, params, self._bucket_regions.get(params.get("Bucket")))

    def should_ask_elsewhere(self, call: Call, answer: Output) -> bool:
        bucket = call.params.get("Bucket")
        known = self._bucket_regions.get(bucket)
        found = self._bucket_regions.learn(call.operation.name, bucket, answer)
        # Another thread may have learnt it while this call was on its way.
        return found is not None and not known == found == call.scope.region

    def identity(self, call: Call) -> Credentials | None:
        """As for other services, but for directory buckets: each has credentials of its own."""
        if call.scope.auth == "s3express" and call.operation.name != "CreateSession":
            return self._express_sessions.credentials(call.params["Bucket"])
        return super().identity(call)
