"""The error itself, where the body is JSON or CBOR."""

from typing import Any

from awsmini.parse.cbor import decode
from awsmini.parse.codec import request_id
from awsmini.parse.json import read_json_error
from awsmini.parse.timestamps import as_sent
from awsmini.records import Output, Reply


def from_json(reply: Reply) -> Output:
    """The code in `__type`, else the status; the message in `message` or `Message`."""
    return _from_body(_structure(read_json_error(reply.body)), reply)


def from_rest_json(reply: Reply) -> Output:
    """As `from_json`, but the header `x-amzn-errortype`, or `code` or `Code` in the body, wins."""
    body = _structure(read_json_error(reply.body))
    made = _from_body(body, reply)
    code = reply.headers.get("x-amzn-errortype")
    if code is None:
        code = body.get("code", body.get("Code"))
    if code is not None:
        made["Error"]["Code"] = _bare(code)
    return made


def from_cbor(reply: Reply) -> Output:
    """As `from_json`."""
    body = decode(reply.body, as_sent, as_sent) if reply.body else {}
    return _from_body(_structure(body), reply)


def _from_body(body: dict[str, Any], reply: Reply) -> Output:
    error = {"Message": body.get("message", body.get("Message", "")), "Code": ""}
    code = body.get("__type", str(reply.status))
    if code is not None:
        error["Code"] = _bare(code)
        query_code, separator, fault = reply.headers.get("x-amzn-query-error", "").partition(";")
        if query_code and separator and ";" not in fault:  # the service once spoke the query protocol
            error |= {"Code": query_code, "QueryErrorCode": error["Code"], "Type": fault}
    return {"Error": error, "ResponseMetadata": request_id(reply)}


def _bare(code: Any) -> Any:
    """`Name` out of `com.example.api#Name:http://…`."""
    return code.partition(":")[0].rpartition("#")[2] if isinstance(code, str) else code


def _structure(body: Any) -> dict[str, Any]:
    return body if isinstance(body, dict) else {}
