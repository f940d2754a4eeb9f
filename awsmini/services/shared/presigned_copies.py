"""Copies between regions (snapshots, replicas): the target region reads from the source region by a presigned URL.

That URL makes the same call in the source region; it is a parameter of the call in the target region.
"""

from collections.abc import Callable
from urllib.parse import parse_qsl

from awsmini.records import Request, replace
from awsmini.serialize.query import form_body
from awsmini.serialize.url import query_string

Presign = Callable[[Request, str], str]  # the request, and the region that it is signed for


def presign_ec2(request: Request, region: str, presign: Presign) -> Request:
    """EC2 wants the target region beside the URL."""
    fields = _fields(request)
    if "PresignedUrl" in fields:
        return request
    url = _url(request, fields, fields.get("SourceRegion", ""), region, presign)
    return _with_fields(request, {**fields, "PresignedUrl": url, "DestinationRegion": region})


def presign_rds(request: Request, region: str, presign: Presign) -> Request:
    """RDS and its kin have no `SourceRegion` on the wire: it only says that a URL is wanted, and for where."""
    fields = _fields(request)
    source = fields.pop("SourceRegion", None)
    if source is None:
        return request
    if "PreSignedUrl" not in fields:
        fields["PreSignedUrl"] = _url(request, fields, source, region, presign)
    return _with_fields(request, fields)


def _url(request: Request, fields: dict[str, str], source: str, region: str, presign: Presign) -> str:
    asked = query_string({**fields, "DestinationRegion": region})
    url = f"{request.url.replace(region, source)}?{asked}"
    return presign(replace(request, method="GET", url=url, headers={}, body=None), source)


def _fields(request: Request) -> dict[str, str]:
    assert isinstance(request.body, bytes)
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def _with_fields(request: Request, fields: dict[str, str]) -> Request:
    return replace(request, body=form_body(list(fields.items())))
