"""Options of the commands as members of the API's operations."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import ParamValidationError

Values = Mapping[str, Any]

_GENERAL = {
    "acl": "ACL",
    "storage_class": "StorageClass",
    "website_redirect": "WebsiteRedirectLocation",
    "content_type": "ContentType",
    "cache_control": "CacheControl",
    "content_disposition": "ContentDisposition",
    "content_encoding": "ContentEncoding",
    "content_language": "ContentLanguage",
    "expires": "Expires",
}
_GRANTS = {"read": "GrantRead", "full": "GrantFullControl", "readacl": "GrantReadACP", "writeacl": "GrantWriteACP"}
# What a copy takes over as x-amz-metadata-directive says.
PROPERTIES = (
    "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires", "Metadata",
)  # fmt: skip


def of_upload(values: Values) -> dict[str, Any]:
    """For PutObject and CreateMultipartUpload. Raises ParamValidationError."""
    return {**_written(values), **_customer_key(values)}


def of_download(values: Values) -> dict[str, Any]:
    """For GetObject, and for the HeadObject before it."""
    mode = {"ChecksumMode": values["checksum_mode"]} if values.get("checksum_mode") else {}
    return {**_customer_key(values), **payer(values), **mode}


def of_copy(values: Values) -> dict[str, Any]:
    """For CopyObject, and for the requests of a copy in parts. Raises ParamValidationError."""
    params = {**_written(values), **_customer_key(values), **_source_key(values, "CopySource")}
    if values.get("metadata_directive"):
        params["MetadataDirective"] = values["metadata_directive"]
    elif params.get("Metadata"):
        params["MetadataDirective"] = "REPLACE"
    return params


def of_copy_source(values: Values) -> dict[str, Any]:
    """For a HeadObject of the source of a copy."""
    return {**_source_key(values, ""), **payer(values)}


def payer(values: Values) -> dict[str, Any]:
    return {"RequestPayer": values["request_payer"]} if values.get("request_payer") else {}


def _written(values: Values) -> dict[str, Any]:
    """What goes with every object that is written."""
    params = {member: values[name] for name, member in _GENERAL.items() if values.get(name)}
    for grant in values.get("grants", ()):
        permission, equals, grantee = grant.partition("=")
        if not equals:
            raise ParamValidationError("grants should be of the form permission=principal")
        if permission not in _GRANTS:
            raise ParamValidationError("permission must be one of: read|readacl|writeacl|full")
        params[_GRANTS[permission]] = grantee
    if values.get("metadata"):
        params["Metadata"] = values["metadata"]
    if values.get("sse"):
        params["ServerSideEncryption"] = values["sse"]
    if values.get("sse_kms_key_id"):
        params["SSEKMSKeyId"] = values["sse_kms_key_id"]
    params |= payer(values)
    if values.get("checksum_algorithm"):
        params["ChecksumAlgorithm"] = values["checksum_algorithm"]
    if values.get("no_overwrite"):
        params["IfNoneMatch"] = "*"
    return params


def _customer_key(values: Values) -> dict[str, Any]:
    if not values.get("sse_c"):
        return {}
    return {"SSECustomerAlgorithm": values["sse_c"], "SSECustomerKey": values["sse_c_key"]}


def _source_key(values: Values, prefix: str) -> dict[str, Any]:
    if not values.get("sse_c_copy_source"):
        return {}
    return {
        f"{prefix}SSECustomerAlgorithm": values["sse_c_copy_source"],
        f"{prefix}SSECustomerKey": values["sse_c_copy_source_key"],
    }
