"""Keys in S3's lists, which are asked for in percent-encoding because XML cannot hold all of them.

A caller who asks for `EncodingType` gets them as they are sent.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

from awsmini.model.shapes import OperationModel
from awsmini.records import Output, Reply, Written

_ENCODED = re.compile(rb"Key[^>]*>[^<]*[%+]")


def decode_objects(output: Output, _operation: OperationModel, params: Mapping[str, Any]) -> Output:
    return _decoded(output, params, ("Delimiter", "Marker", "NextMarker"), ("Contents",))


def decode_objects_v2(output: Output, _operation: OperationModel, params: Mapping[str, Any]) -> Output:
    return _decoded(output, params, ("Delimiter", "Prefix", "StartAfter"), ("Contents",))


def decode_versions(output: Output, _operation: OperationModel, params: Mapping[str, Any]) -> Output:
    names = ("KeyMarker", "NextKeyMarker", "Prefix", "Delimiter")
    return _decoded(output, params, names, ("Versions", "DeleteMarkers"))


def _decoded(output: Output, params: Mapping[str, Any], names: Sequence[str], lists: Sequence[str]) -> Output:
    if output.get("EncodingType") != "url" or "EncodingType" in params:
        return output
    for name in names:
        if name in output:
            output[name] = unquote_plus(output[name])
    for name in lists:
        _decode_each(output.get(name, ()), "Key")
    _decode_each(output.get("CommonPrefixes", ()), "Prefix")
    return output


def leaves_items(reply: Reply) -> bool:
    """Whether there is no key to decode in an answer."""
    body = reply.body
    return not (b"%" in body or b"+" in body) or not (b"<!" in body or _ENCODED.search(body))


def _decode_each(items: Sequence[dict[str, Any]], member: str) -> None:
    if isinstance(items, Written):  # see leaves_items
        return
    for item in items:
        text = item[member]
        if "%" in text or "+" in text:  # most have neither
            item[member] = unquote_plus(text)
