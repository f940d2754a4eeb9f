"""What becomes of the endpoint and of the revision: pure functions of what there is and what is asked for."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from awsmini.services.lambda_web.errors import LambdaWebError
from awsmini.services.lambda_web.options import RUNTIME, Options

HOME, MULTI, PER = "HomeRegion", "MultiRegion", "PerRegion"
LATEST, DISABLED = "LatestRevision", "Disabled"
FIRST_ENDPOINT = "dev"
_UNCHANGEABLE = {"endpointType": "endpoint type", "regions": "AWS Regions"}


class Endpoint(NamedTuple):
    """An endpoint that the function has, and what is to be changed of it. Or, with `new`, how it is to be made."""

    name: str
    changes: Mapping[str, Any]
    mode: str
    split: int = 0  # revisions that share the traffic, where they are several
    new: bool = False

    @property
    def needs_revision(self) -> bool:
        """Whether the endpoint has to be told of a new revision."""
        return self.mode == DISABLED and not self.split

    def params(self, revision_id: str) -> dict[str, Any]:
        """What is asked of the service for the new revision."""
        if not self.needs_revision:
            return dict(self.changes)
        return {**self.changes, "revisionWeights": [{"revisionId": revision_id, "weight": 100}]}

    @property
    def is_changed(self) -> bool:
        return self.new or bool(self.changes) or self.needs_revision


def new_endpoint(options: Options, home: str) -> dict[str, Any]:
    """An endpoint as it is made. Raises LambdaWebError where the options do not go together."""
    kind = options.get("endpoint_type") or HOME
    regions = options.regions
    mode = options.get("auto_deployment_mode")
    if kind == HOME:
        if regions is not None and list(regions) != [home]:
            raise LambdaWebError(f"--regions can include only the home Region '{home}' when --endpoint-type is {HOME}.")
        regions = [home]
    else:
        if mode == LATEST:
            raise LambdaWebError(
                f"--auto-deployment-mode {LATEST} is supported only for a {HOME} endpoint. For endpoint type {kind}, "
                f"omit --auto-deployment-mode. The command uses {DISABLED}."
            )
        if regions is None:
            raise LambdaWebError(f"--regions is required when --endpoint-type is {kind}.")
        if all(region == home for region in regions):
            raise LambdaWebError(
                f"--regions must include at least one AWS Region other than the home Region '{home}' when "
                f"--endpoint-type is {kind}."
            )
    return {
        "endpointName": options.get("endpoint_name") or FIRST_ENDPOINT,
        "endpointType": kind,
        "authType": options.get("auth_type") or "ApplicationManaged",
        "autoDeploymentMode": mode or (LATEST if kind == HOME else DISABLED),
        "regions": list(regions),
        **_settings(options),
    }


def _settings(options: Options) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if options.get("description"):
        found["description"] = options.get("description")
    if options.max_environments is not None:
        found["scalingConfig"] = {"maxEnvironments": options.max_environments}
    if options.rate_limit is not None:
        found["throttleConfig"] = {"rateLimit": options.rate_limit}
    return found


def changed_endpoint(options: Options, current: Mapping[str, Any]) -> Endpoint:
    """What is to become of an endpoint that there is. Raises LambdaWebError."""
    name = current["endpointName"]
    if current.get("state") != "Active":
        raise LambdaWebError(
            f"Endpoint '{name}' is in the {current.get('state')} state. Wait until the endpoint is Active, and then run "
            "the command again."
        )
    _check_unchangeable(options, current)
    wanted_mode = options.get("auto_deployment_mode")
    kind = current.get("endpointType")
    if wanted_mode == LATEST and kind != HOME:
        raise LambdaWebError(
            f"--auto-deployment-mode must be {DISABLED} for {kind} endpoint '{name}'. {LATEST} is supported only for a "
            f"{HOME} endpoint."
        )
    wanted = {
        "description": options.get("description"),
        "authType": options.get("auth_type"),
        "autoDeploymentMode": wanted_mode,
        **_settings(options),
    }
    changes = {
        member: value
        for member, value in wanted.items()
        if value is not None and not _is_so(current.get(member), value)
    }
    weights = current.get("revisionWeights") or ()
    return Endpoint(
        name=name,
        changes=changes,
        mode=wanted_mode or current.get("autoDeploymentMode") or DISABLED,
        split=len(weights) if len(weights) > 1 and wanted_mode != LATEST else 0,
    )


def _is_so(current: Any, wanted: Any) -> bool:
    """Whether nothing has to be done for a setting."""
    if isinstance(wanted, Mapping):
        return isinstance(current, Mapping) and all(current.get(name) == value for name, value in wanted.items())
    return bool(current == wanted)


def _check_unchangeable(options: Options, current: Mapping[str, Any]) -> None:
    unlike: dict[str, str] = {}
    kind = options.get("endpoint_type")
    if kind is not None and kind != current.get("endpointType"):
        unlike["endpointType"] = f"--endpoint-type (endpoint is '{current.get('endpointType')}')"
    regions = current.get("regions") or ()
    if options.regions is not None and set(options.regions) != set(regions):
        unlike["regions"] = f"--regions (endpoint is '{','.join(regions)}')"
    if unlike:
        raise LambdaWebError(
            f"The following settings can't be changed for endpoint '{current['endpointName']}': "
            f"{', '.join(unlike.values())}. The existing endpoint wasn't changed. To use the "
            f"{' and '.join(_UNCHANGEABLE[name] for name in unlike)} you specified, create a new endpoint with a "
            "different name. If the existing endpoint is no longer in use and you need to reuse its name, delete it "
            "before creating the replacement."
        )


def new_revision(options: Options, code: Mapping[str, str], role: str) -> dict[str, Any]:
    """The first revision of a function."""
    service: dict[str, Any] = {"executionRoleArn": role}
    if options.env:
        service["environmentVariables"] = dict(options.env)
    return _revision(options, code, {"runtime": options.get("runtime") or RUNTIME}, service, {})


def next_revision(
    options: Options, code: Mapping[str, str], before: Mapping[str, Any], env: Mapping[str, str] | None
) -> dict[str, Any]:
    """A revision that is as the one before in all that is not asked for."""
    service = dict(before.get("serviceConfig") or {})
    if options.get("execution_role_arn"):
        service["executionRoleArn"] = options.get("execution_role_arn")
    if env is not None:
        service["environmentVariables"] = dict(env)
    runtime = dict((before.get("buildConfig") or {}).get("runtimeConfig") or {})
    if options.get("runtime"):
        runtime["runtime"] = options.get("runtime")
    kept = {name: before[name] for name in ("kmsKeyArn",) if before.get(name)}
    return _revision(options, code, runtime, service, kept)


def merged_env(options: Options, before: Mapping[str, Any]) -> dict[str, str] | None:
    """The variables of the next revision; None where nothing is said of any, then or now."""
    known = (before.get("serviceConfig") or {}).get("environmentVariables")
    if known is None and not options.env and not options.unset_env:
        return None
    merged = {**(known or {}), **options.env}
    return {key: value for key, value in merged.items() if key not in options.unset_env}


def _revision(
    options: Options,
    code: Mapping[str, str],
    runtime: Mapping[str, Any],
    service: dict[str, Any],
    kept: Mapping[str, Any],
) -> dict[str, Any]:
    if options.timeout_seconds is not None:
        service["timeoutSeconds"] = options.timeout_seconds
    if options.max_concurrency is not None:
        service["maxConcurrencyPerEnvironment"] = options.max_concurrency
    levels = {
        member: options.get(dest)
        for member, dest in (("applicationLogLevel", "application_log_level"), ("systemLogLevel", "system_log_level"))
        if options.get(dest)
    }
    if levels:
        telemetry = service.get("telemetryConfig") or {}
        logging = {**(telemetry.get("loggingConfig") or {}), **levels}
        service["telemetryConfig"] = {**telemetry, "loggingConfig": logging}
    revision = {
        **kept,
        "buildConfig": {"codeConfig": {"s3Object": dict(code)}, "runtimeConfig": dict(runtime)},
        "serviceConfig": service,
    }
    if options.get("revision_description"):
        revision["description"] = options.get("revision_description")
    if options.get("kms_key_arn"):
        revision["kmsKeyArn"] = options.get("kms_key_arn")
    return revision


def newest(revisions: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The revision that the next one goes by: the newest that has not failed, if any has not."""
    good = [revision for revision in revisions if revision.get("state") != "Failed"] or list(revisions)
    return max(good, key=lambda revision: revision["createdAt"], default=None)
