"""A role of a profile: `role_arn` with `source_profile` or `credential_source`."""

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from awsmini.config.credentials.cache import role_cache
from awsmini.config.credentials.errors import (
    CredentialRetrievalError,
    InfiniteLoopError,
    PartialCredentialsError,
    RefreshWithMfaError,
)
from awsmini.config.credentials.roles import METHOD, Cached, cache_key, with_account_id, with_session_name
from awsmini.config.credentials.source import Refreshing, Search, Source
from awsmini.config.files import Section
from awsmini.config.settings import InvalidConfigError
from awsmini.records import Credentials

if TYPE_CHECKING:
    from awsmini.app import App

FIND = "awsmini.config.credentials.chain:find_in_profile"

# The sources that `credential_source` may name, and what the user agent says of each.
NAMED_SOURCES = {
    "Environment": ("awsmini.config.credentials.environment:load", "CREDENTIALS_ENV_VARS"),
    "EcsContainer": ("awsmini.config.credentials.container:load", "CREDENTIALS_HTTP"),
    "Ec2InstanceMetadata": ("awsmini.config.credentials.imds:load", "CREDENTIALS_IMDS"),
}

# Profile key → parameter of AssumeRole
OPTIONS = (
    ("role_session_name", "RoleSessionName"),
    ("external_id", "ExternalId"),
    ("mfa_serial", "SerialNumber"),
    ("duration_seconds", "DurationSeconds"),
)


def load(search: Search) -> Source | None:
    if not is_role(search.profile):
        return None
    return _load_role(search)


def is_role(profile: Section) -> bool:
    """Whether the profile asks for a role; one with a web identity token belongs to another provider."""
    return "role_arn" in profile and "web_identity_token_file" not in profile


def _load_role(search: Search) -> Source:
    profile = search.profile
    _check(search)
    source, features = _source(search)
    arguments = _arguments(profile)
    role = _Role(search, source, arguments)
    features = (*features, *source.features, "CREDENTIALS_STS_ASSUME_ROLE")
    fetch = role.fetch_once if "SerialNumber" in arguments else role.fetch
    return Refreshing(fetch, METHOD, search.app.now, features=features, forget=role.forget)


def _arguments(profile: Section) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for key, parameter in OPTIONS:
        value = profile.get(key)
        if value is not None and (value or key != "role_session_name"):
            arguments[parameter] = value
    if "DurationSeconds" in arguments:
        try:
            arguments["DurationSeconds"] = int(arguments["DurationSeconds"])
        except (TypeError, ValueError):
            del arguments["DurationSeconds"]
    return {**arguments, "RoleArn": profile["role_arn"]}


class _Role:
    """The call to STS, and whether it may be made again."""

    def __init__(self, search: Search, source: Source, arguments: dict[str, Any]) -> None:
        self._search = search
        self._source = source
        self._arguments = arguments
        self._fetched = self._has_asked = False

    @property
    def cached(self) -> Cached:
        app = self._search.app
        return Cached(
            method=METHOD,
            cache=role_cache(app.env),
            key=cache_key(self._arguments),
            ask=self._ask,
            now=app.now,
            sleep=app.sleep,
        )

    def fetch(self) -> Credentials:
        return self.cached.fetch()

    def fetch_once(self) -> Credentials:
        """With a device's code: nobody is asked for a second one in the middle of a run."""
        if self._fetched:
            raise RefreshWithMfaError
        self._fetched = True
        return self.fetch()

    def forget(self) -> None:
        """A service refuses what was fetched. Where an earlier run had asked for the code, this one may."""
        self.cached.forget()
        self._fetched = self._has_asked

    def _ask(self) -> dict[str, Any]:
        app = self._search.app
        arguments = with_session_name(self._arguments, app.now())
        if serial := arguments.get("SerialNumber"):
            self._has_asked = True
            arguments["TokenCode"] = _ask_code(app, str(serial))
        client = self._search.make_client("sts", None, self._source.get())
        answer: dict[str, Any] = client.assume_role(**arguments)
        return with_account_id(answer)


def _ask_code(app: "App", serial: str) -> str:
    try:
        return app.ask_secret(f"Enter MFA code for {serial}: ")
    except EOFError:
        raise CredentialRetrievalError(METHOD, f"no MFA code for {serial} was entered") from None


def _check(search: Search) -> None:
    """Exactly one of the two ways to sign the call, and one that exists."""
    name, profile = search.profile_name, search.profile
    source_profile, credential_source = profile.get("source_profile"), profile.get("credential_source")
    if source_profile is not None and credential_source is not None:
        raise InvalidConfigError(f'The profile "{name}" contains both source_profile and credential_source.')
    if source_profile is None and credential_source is None:
        raise PartialCredentialsError(METHOD, "source_profile or credential_source")
    if credential_source is not None:
        if credential_source not in NAMED_SOURCES:
            raise InvalidConfigError(
                f'The credential source "{credential_source}" referenced in profile "{name}" is not valid.'
            )
        return
    _check_source_profile(search, str(source_profile))


def _check_source_profile(search: Search, source_profile: str) -> None:
    name = search.profile_name
    source = search.settings.files.profiles.get(source_profile)
    if source is None:
        raise InvalidConfigError(
            f'The source_profile "{source_profile}" referenced in the profile "{name}" does not exist.'
        )
    if source_profile not in search.visited:
        return
    # A profile may be its own source, when it has keys of its own.
    if source_profile != name or not has_keys(source):
        raise InfiniteLoopError(source_profile, search.visited)


def has_keys(profile: Section) -> bool:
    return "aws_access_key_id" in profile or "aws_secret_access_key" in profile


def _source(search: Search) -> tuple[Source, tuple[str, ...]]:
    """Where the credentials that sign the call come from, and how that was said."""
    named = search.profile.get("credential_source")
    if named is not None:
        return _named_source(search, str(named)), ("CREDENTIALS_PROFILE_NAMED_PROVIDER",)
    at = search.at(str(search.profile["source_profile"]))
    features = ("CREDENTIALS_PROFILE_SOURCE_PROFILE", "CREDENTIALS_PROFILE")
    if is_role(at.profile) and not has_keys(at.profile):
        return _load_role(at), features
    source: Source | None = resolve_name(FIND)(at)
    if source is None:
        raise InvalidConfigError(f'The source profile "{at.profile_name}" must have credentials.')
    return source, features


def _named_source(search: Search, name: str) -> Source:
    reference, _ = NAMED_SOURCES[name]
    source: Source | None = resolve_name(reference)(search)
    if source is None:
        raise CredentialRetrievalError(
            name, f"No credentials found in credential_source referenced in profile {search.profile_name}"
        )
    return source
