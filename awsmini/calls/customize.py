"""What the page of a service (`awsmini/services/`) has to say at each stage of a call, said.

Each function goes through what holds for all operations of the service, then through what is the operation's own.
None knows anything of the world: new values are made of values.
"""

from collections.abc import Callable, Mapping
from typing import Any

from awsmini import services
from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.parse.codec import is_failure
from awsmini.records import Output, Request, replace
from awsmini.references import resolve_name
from awsmini.serialize import random_token, with_tokens


def before_serialize(
    operation: OperationModel,
    params: Mapping[str, Any],
    *,
    token: Callable[[], str] = random_token,
    response_checksums: bool = True,
) -> Mapping[str, Any]:
    """The parameters as they are validated and sent.

    Idempotency tokens are filled in, and where answers can carry a checksum it is asked for, unless
    `response_checksums` (the setting `response_checksum_validation`) is off.
    """
    for difference in _differences(operation):
        if difference.member_aliases:
            params = _without_aliases(operation, params, difference.member_aliases)
        if difference.before_serialize:
            params = resolve_name(difference.before_serialize)(operation, params)
    mode_member = operation.http_checksum.get("requestValidationModeMember")
    if response_checksums and mode_member and mode_member not in params:
        params = {**params, mode_member: "ENABLED"}
    return with_tokens(operation, params, token)


def _without_aliases(
    operation: OperationModel, params: Mapping[str, Any], aliases: Mapping[str, str]
) -> Mapping[str, Any]:
    """The parameters under the names of the model; raises ParamValidationError where one is given under both."""
    for alias, name in aliases.items():
        if alias in params and operation.input_shape and name in operation.input_shape.traits.get("members", {}):
            if name in params:
                raise ParamValidationError(
                    f"Parameter '{name}' and its alias '{alias}' were provided for operation {operation.name}.  "
                    "Only one of them may be used."
                )
            params = {name if key == alias else key: value for key, value in params.items()}
    return params


def after_serialize(request: Request, operation: OperationModel, params: Mapping[str, Any]) -> Request:
    """The request as it is signed, but for checksums. `params` are those that were serialized."""
    for difference in _differences(operation):
        if difference.after_serialize:
            request = resolve_name(difference.after_serialize)(request, operation, params)
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
    for difference in _differences(operation):
        if difference.add_presigned_url:
            request = resolve_name(difference.add_presigned_url)(request, region, presign)
    return request


def after_parse(operation: OperationModel, params: Mapping[str, Any], output: Output) -> Output:
    """The output, or the error answered, as the caller gets it. `params` are those that the caller gave."""
    if is_failure(output):
        explain = services.of(operation.service_model.service_name).explain_error
        return {**output, "Error": resolve_name(explain)(output["Error"])} if explain else output
    for difference in _differences(operation):
        if difference.after_parse:
            output = resolve_name(difference.after_parse)(output, operation, params)
    return output


def _differences(operation: OperationModel) -> tuple[services.Operation, ...]:
    return services.differences(operation.service_model.service_name, operation.name)
