"""Role credentials for whoever is signed in to IAM Identity Center: `sso_account_id` and `sso_role_name`."""

from datetime import datetime, timezone
from typing import Any

from awsmini.config.credentials.cache import role_cache, sso_cache
from awsmini.config.credentials.errors import UnauthorizedSsoTokenError, understanding
from awsmini.config.credentials.roles import Cached, cache_key
from awsmini.config.credentials.source import Refreshing, Search, Source
from awsmini.config.credentials.times import parse_time, utc_text
from awsmini.config.credentials.tokens import SsoToken, load_token, session_of_profile
from awsmini.config.files import Section
from awsmini.config.settings import InvalidConfigError
from awsmini.errors import ClientError

METHOD = "sso"
OF_PROFILE = ("sso_role_name", "sso_account_id")
REQUIRED = (*OF_PROFILE, "sso_start_url", "sso_region")


def load(search: Search) -> Source | None:
    if not any(key in search.profile for key in OF_PROFILE):
        return None
    config = _config(search)
    legacy = "sso_session" not in config
    role = _Role(search, config)
    app = search.app
    cached = Cached(
        method=METHOD,
        cache=role_cache(app.env) if search.on_disk else None,
        key=_key(config),
        ask=role.ask,
        now=app.now,
        sleep=app.sleep,
    )
    ending = "_LEGACY" if legacy else ""
    features = (f"CREDENTIALS_PROFILE_SSO{ending}", f"CREDENTIALS_SSO{ending}")
    return Refreshing(cached.fetch, METHOD, app.now, features=features, forget=cached.forget)


def _config(search: Search) -> dict[str, str]:
    """The profile's SSO settings, with those of its session, all there."""
    merged = merge_session(search.profile, search)
    required = (*REQUIRED, "sso_session") if "sso_session" in search.profile else REQUIRED
    missing = [key for key in required if key not in merged]
    if missing:
        raise InvalidConfigError(
            f'The profile "{search.profile_name}" is configured to use SSO but is missing required configuration: '
            f"{', '.join(missing)}"
        )
    return {key: str(merged[key]) for key in required}


def merge_session(profile: Section, search: Search) -> Section:
    """The profile with the keys of the SSO session it names; a key standing in both must say the same."""
    name = profile.get("sso_session")
    if name is None:
        return profile
    section = search.settings.files.sso_sessions.get(str(name))
    if section is None:
        raise InvalidConfigError(f'The specified sso-session does not exist: "{name}"')
    for key, value in section.items():
        if profile.get(key, value) != value:
            raise InvalidConfigError(
                f"The value for {key} is inconsistent between profile ({profile[key]}) and sso-session ({value})."
            )
    return {**profile, **section}


def _key(config: dict[str, str]) -> str:
    where = {"sessionName": config["sso_session"]} if "sso_session" in config else {"startUrl": config["sso_start_url"]}
    return cache_key(
        {"roleName": config["sso_role_name"], "accountId": config["sso_account_id"], **where}, compact=True
    )


class _Role:
    """The call that gives a role's credentials for an access token."""

    def __init__(self, search: Search, config: dict[str, str]) -> None:
        self._search = search
        self._config = config
        session = session_of_profile(search)
        self._token = None if session is None else SsoToken(search, session)

    def ask(self) -> dict[str, Any]:
        client = self._search.make_client("sso", self._config["sso_region"], None)
        account_id = self._config["sso_account_id"]
        token = self._legacy_token() if self._token is None else self._token.get()
        try:
            answer = client.get_role_credentials(
                roleName=self._config["sso_role_name"], accountId=account_id, accessToken=token
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "UnauthorizedException":
                raise UnauthorizedSsoTokenError from None
            raise
        with understanding(METHOD):
            found = answer["roleCredentials"]
            expires = datetime.fromtimestamp(found["expiration"] / 1000, timezone.utc)
            return {
                "ProviderType": "sso",
                "Credentials": {
                    "AccessKeyId": found["accessKeyId"],
                    "SecretAccessKey": found["secretAccessKey"],
                    "SessionToken": found["sessionToken"],
                    "Expiration": utc_text(expires),
                    "AccountId": account_id,
                },
            }

    def _legacy_token(self) -> str:
        token = load_token(sso_cache(self._search.app.env), self._config["sso_start_url"])
        if parse_time(token["expiresAt"]) <= self._search.app.now():
            raise UnauthorizedSsoTokenError
        return str(token["accessToken"])
