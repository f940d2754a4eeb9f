"""What is done to the request of an operation before it is compressed, summed up and signed.

Keys are (model service, API operation), or (model service, None) for all operations of a service, which comes first.
Entries of AFTER_SERIALIZE name a function (request, operation, params) -> request; those of PRESIGNED need keys
and a clock besides, through `presign`.
"""

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.records import Request, replace

AFTER_SERIALIZE: dict[tuple[str, str | None], str] = {
    ("apigateway", None): "awsmini.quirks.wire_hosts:accept_json",
    ("cloudsearchdomain", "Search"): "awsmini.quirks.wire_hosts:post_query",
    ("glacier", None): "awsmini.quirks.wire_glacier:add_version",
    ("glacier", "UploadArchive"): "awsmini.quirks.wire_glacier:add_checksums",
    ("glacier", "UploadMultipartPart"): "awsmini.quirks.wire_glacier:add_checksums",
    ("machinelearning", "Predict"): "awsmini.quirks.wire_hosts:predict_endpoint",
    ("s3", None): "awsmini.quirks.wire_s3:expect_continue",
}
PRESIGNED: dict[tuple[str, str], str] = {
    ("docdb", "CopyDBClusterSnapshot"): "awsmini.quirks.wire_copies:presign_rds",
    ("docdb", "CreateDBCluster"): "awsmini.quirks.wire_copies:presign_rds",
    ("ec2", "CopySnapshot"): "awsmini.quirks.wire_copies:presign_ec2",
    ("neptune", "CopyDBClusterSnapshot"): "awsmini.quirks.wire_copies:presign_rds",
    ("neptune", "CreateDBCluster"): "awsmini.quirks.wire_copies:presign_rds",
    ("rds", "CopyDBClusterSnapshot"): "awsmini.quirks.wire_copies:presign_rds",
    ("rds", "CopyDBSnapshot"): "awsmini.quirks.wire_copies:presign_rds",
    ("rds", "CreateDBCluster"): "awsmini.quirks.wire_copies:presign_rds",
    ("rds", "CreateDBInstanceReadReplica"): "awsmini.quirks.wire_copies:presign_rds",
    ("rds", "StartDBInstanceAutomatedBackupsReplication"): "awsmini.quirks.wire_copies:presign_rds",
}


def after_serialize(request: Request, operation: OperationModel, params: Mapping[str, Any]) -> Request:
    """The request as it is signed, but for checksums. `params` are those that were serialized."""
    service_name = operation.service_model.service_name
    for key in ((service_name, None), (service_name, operation.name)):
        if key in AFTER_SERIALIZE:
            request = resolve_name(AFTER_SERIALIZE[key])(request, operation, params)
    if operation.is_endpoint_discovery_operation:
        version = operation.service_model.api_version
        request = replace(request, headers={**request.headers, "x-amz-api-version": version})
    return request


def add_presigned_url(
    request: Request, operation: OperationModel, region: str, presign: Callable[[Request, str], str]
) -> Request:
    """For copies between regions: the request with the URL by which the target region reads from the source's.

    `presign` gives the URL of a request, signed for another region and good for an hour; it is asked only where the
    operation has such a member and it was not given.
    """
    quirk = PRESIGNED.get((operation.service_model.service_name, operation.name))
    if quirk is None:
        return request
    with_url: Request = resolve_name(quirk)(request, region, presign)
    return with_url
