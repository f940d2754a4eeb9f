"""REST with bodies of XML: S3, CloudFront, Route 53. No content type is set, as no AWS SDK for Python ever did."""

from collections.abc import Mapping
from typing import Any

from awsmini import services
from awsmini.model.shapes import OperationModel
from awsmini.serialize import rest
from awsmini.serialize.parts import Parts
from awsmini.serialize.xml import xml_body


def serialize(operation: OperationModel, params: Mapping[str, Any]) -> Parts:
    """The request of an operation of a rest-xml service."""
    page = services.of(operation.service_model.service_name)
    uri: str = operation.http["requestUri"].removeprefix(page.label_in_endpoint)
    made = rest.parts(operation, params, uri, xml_body)
    if any(each.keeps_line_breaks for each in page.of(operation.name)) and isinstance(made.body, bytes):
        return made._replace(body=made.body.replace(b"\n", b"&#xA;"))
    return made
