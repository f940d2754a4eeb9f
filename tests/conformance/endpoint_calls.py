"""AWS's endpoint cases as calls that a user can make: an operation, its parameters, and settings written down.

A case gives the parameters of a rule set. Those that are built-ins come from settings; the others are what an
operation fixes or takes, so an operation is looked for that has just these. `settings_of` writes the built-ins
as flags, as environment variables or as a config file.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from awsmini.config.context import find
from awsmini.model.shapes import OperationModel
from tests.oracle import Maker, service_model

PLACES = ("flags", "environment", "file")


class Asked(NamedTuple):
    """A call, and the built-ins that its settings have to come to."""

    operation: OperationModel
    params: dict[str, Any]
    built_ins: Mapping[str, Any]


class Settings(NamedTuple):
    """What the user wrote."""

    flags: dict[str, str]
    env: dict[str, str]
    config: str


def calls(service_name: str, case: Mapping[str, Any]) -> Iterator[Asked]:
    """The calls that a case is about; none where no operation's input comes to its parameters."""
    model = service_model(service_name)
    if "operationInputs" in case:
        for given in case["operationInputs"]:
            operation = model.operation_model(given["operationName"])
            yield Asked(operation, given.get("operationParams", {}), given["builtInParams"])
        return
    declared = (model.endpoint_rule_set or {})["parameters"]
    built_ins, own = {}, {}
    for name, value in case.get("params", {}).items():
        if "builtIn" in declared[name]:
            built_ins[declared[name]["builtIn"]] = value
        elif value != declared[name].get("default", False):  # not to say it is the same
            own[name] = value
    for operation in _operations(service_name):
        params = _input(operation, own)
        if params is not None:
            yield Asked(operation, params, built_ins)
            return


@cache
def _operations(service_name: str) -> list[OperationModel]:
    """The service's operations, those first that need little and whose request shows the endpoint as it is."""
    model = service_model(service_name)
    found = [model.operation_model(name) for name in model.operation_names]
    found = [operation for operation in found if operation.endpoint_discovery is None]
    return sorted(found, key=lambda one: (bool(one.host_prefix), _is_unsigned(one), len(_required(one))))


def _is_unsigned(operation: OperationModel) -> bool:
    return operation.auth_type == "none" or "smithy.api#noAuth" in (operation.traits.get("auth") or ())


def _required(operation: OperationModel) -> list[str]:
    shape = operation.input_shape
    return [] if shape is None else list(shape.metadata.get("required", ()))


def _input(operation: OperationModel, own: Mapping[str, Any]) -> dict[str, Any] | None:
    """An input with which the rules are given these parameters and no others; None where there is none."""
    fixed, members, paths = (
        operation.static_context_parameters,
        operation.context_parameters,
        operation.operation_context_parameters,
    )
    if any(own.get(name, False) != value for name, value in fixed.items()):
        return None
    wanted = {name: value for name, value in own.items() if name not in fixed}
    if any(name not in members and name not in paths for name in wanted):
        return None
    required = _required(operation)
    if any(member in required and name not in wanted for name, member in members.items()):
        return None
    shape = operation.input_shape
    params: dict[str, Any] = {} if shape is None else Maker(operation.name, "minimal").value(shape)
    for name, value in wanted.items():
        if name in members:
            params[members[name]] = value
        elif not _set(params, paths[name], value):
            return None
    others = [path for name, path in paths.items() if name not in wanted]
    return None if any(find(path, params) for path in others) else params


def _set(params: dict[str, Any], path: str, value: Any) -> bool:
    """Make a path lead to the value; whether that is possible here."""
    if path.startswith("keys("):
        (template, *_rest) = params[path[5:-1]].values()
        params[path[5:-1]] = dict.fromkeys(value, template)
    elif path.isidentifier():
        params[path] = value
    return bool(find(path, params) == value)


# Built-in → how it is written: environment variable, key of the profile, key of the profile's section s3.
_WRITTEN: dict[str, tuple[str | None, str | None, str | None]] = {
    "AWS::Region": ("AWS_REGION", "region", None),
    "AWS::UseFIPS": ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", None),
    "AWS::UseDualStack": ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", None),
    "SDK::Endpoint": ("AWS_ENDPOINT_URL", "endpoint_url", None),
    "AWS::Auth::AccountId": ("AWS_ACCOUNT_ID", "aws_account_id", None),
    "AWS::Auth::AccountIdEndpointMode": ("AWS_ACCOUNT_ID_ENDPOINT_MODE", "account_id_endpoint_mode", None),
    "AWS::S3::ForcePathStyle": (None, None, "addressing_style"),
    "AWS::S3::Accelerate": (None, None, "use_accelerate_endpoint"),
    "AWS::S3::UseArnRegion": ("AWS_S3_USE_ARN_REGION", "s3_use_arn_region", None),
    "AWS::S3Control::UseArnRegion": (None, None, "use_arn_region"),
    "AWS::S3::DisableMultiRegionAccessPoints": (
        "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS",
        None,
        "s3_disable_multiregion_access_points",
    ),
    "AWS::S3::DisableS3ExpressSessionAuth": (
        "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH",
        "s3_disable_express_session_auth",
        None,
    ),
}
_FLAGS = {"AWS::Region": "region", "SDK::Endpoint": "endpoint_url"}
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
SSO_SESSION = "corp"  # for the services that take a bearer token alone
# The cases know no other styles, and leave it to the default of the rules whether ARNs name the region.
_S3 = {"addressing_style": "virtual", "use_arn_region": "true"}


def settings_of(built_ins: Mapping[str, Any], place: str) -> Settings:
    """The built-ins written in one of PLACES. What cannot be written there is written elsewhere."""
    flags: dict[str, str] = {}
    keys = dict(KEYS)
    env, profile, s3 = {}, {"sso_session": SSO_SESSION}, dict(_S3)
    for name, value in built_ins.items():
        if name.endswith("::UseGlobalEndpoint"):  # there is none
            continue
        variable, key, inner = _WRITTEN[name]
        text = _text(name, value)
        if place == "flags" and name in _FLAGS:
            flags[_FLAGS[name]] = text
        elif variable and (place != "file" or not (key or inner)):
            env[variable] = text
        elif key:
            profile[key] = text
        else:
            s3[str(inner)] = text
    if place == "file":
        profile |= keys
    else:
        env |= {name.upper(): value for name, value in keys.items()}
    lines = ["[default]", *(f"{key} = {text}" for key, text in profile.items())]
    lines += ["s3 =", *(f"  {key} = {text}" for key, text in s3.items())]
    lines += [
        f"[sso-session {SSO_SESSION}]",
        "sso_region = us-east-1",
        "sso_start_url = https://corp.awsapps.com/start",
    ]
    return Settings(flags, env, "\n".join(lines) + "\n")


def _text(name: str, value: Any) -> str:
    if name == "AWS::S3::ForcePathStyle":
        return "path" if value else "virtual"
    return str(value).lower() if isinstance(value, bool) else str(value)
