"""Headers that AWS CLI v2 adds to a request before it is signed."""

from dataclasses import replace

from awsmini.model.shapes import OperationModel
from awsmini.records import Request


def expecting(request: Request, operation: OperationModel) -> Request:
    """S3's uploads of files ask first: the request with `Expect: 100-continue` where it is one.

    To be applied before the checksum, which may wrap the body.
    """
    if operation.service_model.service_name != "s3" or operation.http.get("method") not in ("PUT", "POST"):
        return request
    if request.body is None or isinstance(request.body, (bytes, bytearray)):
        return request
    return replace(request, headers={**request.headers, "Expect": "100-continue"})
