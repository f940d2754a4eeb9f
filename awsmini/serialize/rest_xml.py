"""REST with bodies of XML: S3, CloudFront, Route 53. No content type is set, as no AWS SDK for Python ever did."""

from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.serialize import rest
from awsmini.serialize.parts import Parts
from awsmini.serialize.xml import xml_body

# The endpoint rules of these services put the label into the URL already.
_LABEL_IN_ENDPOINT = {"s3": "/{Bucket}"}
# S3 compares what it reads here with the names of objects, which may hold line breaks; XML readers normalize those.
_WITH_LINE_BREAKS = frozenset({("s3", "DeleteObjects"), ("s3", "PutBucketLifecycleConfiguration")})


def serialize(operation: OperationModel, params: Mapping[str, Any]) -> Parts:
    """The request of an operation of a rest-xml service."""
    service_name = operation.service_model.service_name
    uri: str = operation.http["requestUri"].removeprefix(_LABEL_IN_ENDPOINT.get(service_name, ""))
    made = rest.parts(operation, params, uri, xml_body)
    if (service_name, operation.name) in _WITH_LINE_BREAKS and isinstance(made.body, bytes):
        return made._replace(body=made.body.replace(b"\n", b"&#xA;"))
    return made
