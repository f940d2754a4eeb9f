"""From an operation and its parameters to the endpoint: the service's rules, applied. Pure.

`endpoint_for` is the whole way: which values the rules are given (`parameters`), what they answer (`resolve`),
and how a refusal is worded.
"""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini import services
from awsmini.config.context import find
from awsmini.config.rules import evaluate, functions_for
from awsmini.errors import EndpointError
from awsmini.model.shapes import OperationModel
from awsmini.records import Endpoint, replace

KNOWN = 256  # answers that are kept; when there are more, all are forgotten
_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "boolean": (bool,), "stringarray": (tuple, list)}


def endpoint_for(
    operation: OperationModel,
    api_params: Mapping[str, Any],
    built_ins: Mapping[str, Any],
    partitions: Mapping[str, Any],
    client_context: Mapping[str, Any] | None = None,
    known: dict[tuple[Any, ...], Endpoint] | None = None,
) -> Endpoint:
    """Where one call goes. `partitions` is `data/partitions.json`, `known` keeps the answers of the service's rules.

    Raises EndpointError, or ParamValidationError where a parameter of the call is what the rules refuse.
    """
    service_model = operation.service_model
    rule_set = service_model.endpoint_rule_set
    if rule_set is None:
        return _by_name(service_model.endpoint_prefix, built_ins, partitions)
    params = parameters(operation, api_params, built_ins, client_context)
    asked = _hashable(params)
    if known is not None and asked in known:
        return known[asked]
    try:
        endpoint = resolve(rule_set, partitions, params)
    except EndpointError as error:
        raise _reworded(service_model.service_name, error, params) from error
    used = _features(params)
    endpoint = replace(endpoint, features=used) if used else endpoint
    if known is not None:
        if len(known) >= KNOWN:
            known.clear()
        known[asked] = endpoint
    return endpoint


def _hashable(params: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the rules are given, as a key. Types count: the rules refuse a 1 where they want a true."""
    return tuple(
        (name, type(value), tuple(value) if isinstance(value, list) else value) for name, value in params.items()
    )


def _features(params: Mapping[str, Any]) -> tuple[str, ...]:
    """What the User-Agent says of account ids in endpoints."""
    mode = params.get("AccountIdEndpointMode")
    named = (f"ACCOUNT_ID_MODE_{mode.upper()}",) if mode else ()
    return (*named, "RESOLVED_ACCOUNT_ID") if "AccountId" in params else named


def parameters(
    operation: OperationModel,
    api_params: Mapping[str, Any],
    built_ins: Mapping[str, Any],
    client_context: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What the rules are given: for each parameter they declare, the first source that has a value.

    The sources: what the operation fixes, members of its input, paths into its input, what the client was
    made with, built-ins.
    """
    rule_set = operation.service_model.endpoint_rule_set or {"parameters": {}}
    fixed = operation.static_context_parameters
    members = operation.context_parameters
    paths = operation.operation_context_parameters
    unread = services.of(operation.service_model.service_name).unread_by_rules
    found: dict[str, Any] = {}
    for name, declared in rule_set["parameters"].items():
        if name in unread:
            continue
        value = fixed.get(name)
        if value is None and name in members:
            value = api_params.get(members[name])
        if value is None and name in paths:
            value = find(paths[name], api_params)
        if value is None and client_context:
            value = client_context.get(name)
        if value is None and "builtIn" in declared:
            value = built_ins.get(declared["builtIn"])
            if callable(value):
                value = value()
        if value is not None:
            found[name] = value
    return found


def resolve(rule_set: Mapping[str, Any], partitions: Mapping[str, Any], params: Mapping[str, Any]) -> Endpoint:
    """The endpoint that a rule set gives for its parameters; raises EndpointError."""
    scope = {name: params[name] for name in params if params[name] is not None}
    for name, declared in rule_set["parameters"].items():
        if name in scope:
            wanted = _TYPES[declared["type"].lower()]
            if not isinstance(scope[name], wanted):
                raise EndpointError(f"Value ({name}) is the wrong type. Must be {wanted[0]}.")
        elif declared.get("default") is not None:
            scope[name] = declared["default"]
        elif declared.get("required"):
            raise EndpointError(f"Cannot find value for required parameter {name}")
    try:
        endpoint = evaluate(rule_set["rules"], scope, functions_for(partitions))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise EndpointError(f"The endpoint rules are malformed: {error!r}") from error
    if endpoint is None:
        listed = "\n".join(f"{name}: {value}" for name, value in scope.items())
        raise EndpointError(f"No endpoint found for parameters:\n{listed}")
    return endpoint


def _by_name(prefix: str, built_ins: Mapping[str, Any], partitions: Mapping[str, Any]) -> Endpoint:
    """For a model of the user's own that comes without rules: the host name that most services have."""
    if built_ins["SDK::Endpoint"]:
        return Endpoint(url=built_ins["SDK::Endpoint"])
    region = built_ins["AWS::Region"]
    facts = functions_for(partitions)["aws.partition"](region)
    suffix = facts["dualStackDnsSuffix" if built_ins["AWS::UseDualStack"] else "dnsSuffix"]
    fips = "-fips" if built_ins["AWS::UseFIPS"] else ""
    return Endpoint(url=f"https://{prefix}{fips}.{region}.{suffix}")


# Refusals ------------------------------------------------------------------------------------------------------


def _reworded(service_name: str, error: EndpointError, params: Mapping[str, Any]) -> Exception:
    """The rules' own message as AWS CLI v2 tells it."""
    message = str(error)
    if message.startswith("Invalid region in ARN: "):
        label = message.split("`")[1] if "`" in message else message
        return EndpointError(f'Invalid host label to be bound to the hostname of the endpoint: "{label}".')
    explain = services.of(service_name).explain_endpoint_error
    explained: Exception | None = resolve_name(explain)(message, params) if explain else None
    return explained or error
