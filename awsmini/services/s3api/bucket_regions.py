"""A bucket asked for in the wrong region: from S3's refusal to the region in which to ask again.

The call is made anew there, endpoint and signature included, once; what was learnt is kept for later calls.
"""

from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

from awsmini.config.builtins import is_arn
from awsmini.config.regions import check_region

Answer = Mapping[str, Any]  # a parsed answer: `Error` and `ResponseMetadata`, header names in lower case

_REGION_HEADER = "x-amz-bucket-region"


class BucketRegions:
    """Buckets met in another region than asked. `head_bucket` gives the parsed answer to HeadBucket, errors too."""

    def __init__(self, head_bucket: Callable[[str], Answer]) -> None:
        self._head_bucket = head_bucket
        self._known: dict[str, str] = {}
        self._asking = RLock()
        self._asked: set[str] = set()  # a service that always redirects would be asked for ever

    def get(self, bucket: object) -> str | None:
        """The region that a bucket turned out to be in, if an earlier call told."""
        return self._known.get(bucket) if isinstance(bucket, str) else None

    def learn(self, operation_name: str, bucket: object, answer: Answer) -> str | None:
        """The region to ask again in; None where the answer is no redirect or tells none and S3 tells none either."""
        if not isinstance(bucket, str) or is_arn(bucket) or not is_redirect(operation_name, answer):
            return None
        region = named_region(answer) or self._ask(bucket)
        if region is None:
            return None
        check_region(region)
        self._known[bucket] = region
        return region

    def _ask(self, bucket: str) -> str | None:
        """What S3 says of a bucket when asked for it, once. That call may itself be redirected, and so learnt from."""
        with self._asking:  # other threads wait for the answer
            if bucket not in self._asked:
                self._asked.add(bucket)
                region = named_region(self._head_bucket(bucket))
                if region is not None:
                    check_region(region)
                    self._known[bucket] = region
            return self._known.get(bucket)


def is_redirect(operation_name: str, answer: Answer) -> bool:
    """Whether an answer says that the bucket is elsewhere. Answers to HEAD have no body: their code is the status."""
    error = answer.get("Error", {})
    code = error.get("Code")
    if code == "AuthorizationHeaderMalformed":
        return "Region" in error
    if code == "IllegalLocationConstraintException":
        return operation_name != "CreateBucket"
    if code in ("301", "400"):
        if operation_name == "HeadObject":
            return True
        if operation_name == "HeadBucket" and _REGION_HEADER in _headers(answer):
            return True
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return code == "PermanentRedirect" or status in (301, 302, 307)


def named_region(answer: Answer) -> str | None:
    """The region that an answer names, in its header or its body."""
    found: str | None = _headers(answer).get(_REGION_HEADER) or answer.get("Error", {}).get("Region")
    return found


def _headers(answer: Answer) -> Mapping[str, str]:
    headers: Mapping[str, str] = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return headers
