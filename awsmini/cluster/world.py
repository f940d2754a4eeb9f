"""What a worker has to know to act as this command would: settings, and who it is to be, but no long-lived secrets.

A worker finds its own credentials, as any command on its machine does; with a role in the profile of whoever asks, it
assumes that. Only where the user says so do credentials go along.
"""

import atexit
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TextIO

from awsmini.app import App, process_app
from awsmini.commandline.invocation import Invocation
from awsmini.config.credentials.roles import assumed
from awsmini.config.credentials.source import Fixed
from awsmini.config.files import Section
from awsmini.config.settings import Settings
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.model.shapes import ServiceModel
from awsmini.records import Credentials

FLAGS = ("region", "endpoint_url", "verify_ssl", "sign_request", "cli_read_timeout", "cli_connect_timeout")
AT_HOME = ("profile", "ca_bundle", "local")  # options that count for workers of this machine alone
# Where credentials come from, which is each machine's own affair; so is where its files are.
_OWN_VARIABLES = frozenset(
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_ACCOUNT_ID",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_DATA_PATH",
        "AWS_CA_BUNDLE",
        "AWS_ROLE_ARN",
        "AWS_ROLE_SESSION_NAME",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_LOGIN_CACHE_DIRECTORY",
    ]
)
_OWN_BEGINNINGS = (
    "AWS_EC2_METADATA_",
    "AWS_METADATA_SERVICE_",
    "AWS_BEARER_TOKEN",
    "AWS_LAMBDA_",
    "AWS_BATCH_",
    "AWS_EXECUTION_",
)
_OWN_KEYS = frozenset(
    [
        "aws_access_key_id",
        "aws_secret_access_key",
        "aws_session_token",
        "aws_security_token",
        "aws_account_id",
        "credential_process",
        "credential_source",
        "source_profile",
        "role_arn",
        "role_session_name",
        "external_id",
        "mfa_serial",
        "duration_seconds",
        "web_identity_token_file",
        "login_session",
        "ca_bundle",
        "data_path",
    ]
)
_ROLE: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "role_arn": ("RoleArn", str),
    "external_id": ("ExternalId", str),
    "role_session_name": ("RoleSessionName", str),
    "duration_seconds": ("DurationSeconds", int),
}


def described(invocation: Invocation, *, at_home: bool, send_credentials: bool) -> dict[str, Any]:
    """The world of the command, as plain values. Raises ParamValidationError where it cannot be elsewhere."""
    flags, settings = invocation.flags, invocation.settings
    if at_home:
        names = (*FLAGS, *AT_HOME)
        return {"home": True, "flags": {name: flags[name] for name in names if name in flags}}
    if settings.is_local:
        raise ParamValidationError("--local is the sandbox of this machine: it goes with --cluster local alone.")
    profile = settings.profile
    services = profile.get("services")
    env = {name: value for name, value in invocation.app.env.items() if _goes_along(name)}
    return {
        "home": False,
        "flags": {name: flags[name] for name in FLAGS if name in flags},
        "env": env,
        "profile": {key: value for key, value in profile.items() if not _is_own(key)},
        "services": settings.files.services.get(str(services), {}) if services else {},
        "region": settings.value("region"),
        "role": None if send_credentials else _role(profile),
    }


def _role(profile: Section) -> dict[str, Any] | None:
    """The arguments of AssumeRole that a profile holds. A device's code cannot be asked for elsewhere."""
    if "role_arn" not in profile or "web_identity_token_file" in profile:
        return None
    if "mfa_serial" in profile:
        raise ParamValidationError(
            "The profile's role takes a code of a device, which workers cannot be asked for. --send-credentials sends "
            "them those that the command has."
        )
    return {member: convert(profile[key]) for key, (member, convert) in _ROLE.items() if key in profile}


def credentials(invocation: Invocation) -> list[Any] | None:
    """Those of the command at this moment. Raises what finding them does."""
    if invocation.flags.get("sign_request") is False:
        return None
    found = invocation.session.credentials.get()
    return [found.access_key, found.secret_key, found.token, found.account_id]


def entered(world: Mapping[str, Any], sent: list[Any] | None) -> Invocation:
    """A world, made here: what a worker makes calls with."""
    nowhere = _nowhere()
    app = process_app()._replace(stdin=nowhere, stdout=nowhere, stderr=nowhere, ask_secret=_refuse)
    flags = dict(world["flags"])
    if world["home"]:
        invocation = Invocation(app, flags)
    else:
        own = {name: value for name, value in app.env.items() if not _goes_along(name)}
        app = app._replace(env={**own, **world["env"]})
        invocation = Invocation(app, flags, files=_files(app, world))
    if sent is not None:
        fixed = Credentials(access_key=sent[0], secret_key=sent[1], token=sent[2], account_id=sent[3])
        invocation.session.credentials.use(Fixed(fixed))
    elif not world["home"] and world["role"]:
        base = Invocation(app, flags, files=invocation.settings.files).session
        client = base.client_for(ServiceModel(base.models.lines("sts")), endpoint_flag=False)
        invocation.session.credentials.use(assumed(client, world["role"], app.now))
    return invocation


def _refuse(_prompt: str) -> str:
    """Raises AwsminiError."""
    raise AwsminiError(
        "A worker cannot ask for the code of a device. --send-credentials sends those that the command has."
    )


@cache
def _nowhere() -> TextIO:
    """Where nothing comes from, and all is lost. Open for as long as the process."""
    nowhere = open(os.devnull, "r+", encoding="utf-8")  # noqa: SIM115
    atexit.register(nowhere.close)
    return nowhere


def _files(app: App, world: Mapping[str, Any]) -> Any:
    """This machine's files, in which the chosen profile says what the command's does, but for credentials.

    Whoever asked may have the region from the machine there, which counts less than any profile's own.
    """
    settings = Settings(app.env)
    files, name = settings.files, settings.profile_name or "default"
    own: Section = {key: value for key, value in files.profiles.get(name, {}).items() if _is_own(key)}
    region: Section = {"region": world["region"]} if world["region"] else {}
    return files._replace(
        profiles={**files.profiles, name: {**region, **own, **world["profile"]}},
        services={**files.services, str(world["profile"].get("services")): world["services"]},
    )


def _goes_along(name: str) -> bool:
    """Whether a variable says how calls are made, and not as whom."""
    return name.startswith("AWS_") and name not in _OWN_VARIABLES and not name.startswith(_OWN_BEGINNINGS)


def _is_own(key: str) -> bool:
    return key in _OWN_KEYS or key.startswith("sso_")
