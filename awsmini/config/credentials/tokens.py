"""Bearer tokens: from the environment for one service, or of the profile's SSO session, refreshed when due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1
from threading import Lock
from typing import Any

from awsmini.config.credentials.cache import JsonCache, sso_cache
from awsmini.config.credentials.errors import SsoTokenLoadError, TokenRetrievalError, understanding
from awsmini.config.credentials.source import ADVISORY, MANDATORY, Search
from awsmini.config.credentials.times import parse_time, utc_text
from awsmini.config.files import Section
from awsmini.config.settings import InvalidConfigError
from awsmini.errors import ClientError
from awsmini.log import debug

REQUIRED = ("sso_start_url", "sso_region")
TO_REFRESH = ("refreshToken", "clientId", "clientSecret", "registrationExpiresAt")
RETRY_AFTER = timedelta(minutes=1)  # a refresh that failed is not tried again before


@dataclass(frozen=True, kw_only=True)
class SsoSession:
    """The settings of an [sso-session] section."""

    name: str
    start_url: str
    region: str


def session_of_profile(search: Search) -> SsoSession | None:
    """The SSO session that the profile names; None where it names none."""
    name = search.profile.get("sso_session")
    if name is None:
        return None
    section: Section | None = search.settings.files.sso_sessions.get(str(name))
    if not section:
        raise InvalidConfigError(
            f'The profile "{search.profile_name}" is configured to use the SSO token provider but the "{name}" '
            "sso_session configuration does not exist."
        )
    missing = [key for key in REQUIRED if key not in section]
    if missing:
        raise InvalidConfigError(
            f'The profile "{search.profile_name}" is configured to use the SSO token provider but is missing the '
            f"following configuration: {missing}."
        )
    return SsoSession(name=str(name), start_url=str(section["sso_start_url"]), region=str(section["sso_region"]))


def token_key(start_url: str, session_name: str | None = None) -> str:
    """The file name of a token: by the session's name, or by the start URL in the older form."""
    return sha1((start_url if session_name is None else session_name).encode()).hexdigest()


def load_token(cache: JsonCache, start_url: str, session_name: str | None = None) -> dict[str, Any]:
    """The token kept by `sso login`; SsoTokenLoadError where there is none."""
    token = cache.read(token_key(start_url, session_name))
    if token is None:
        raise SsoTokenLoadError(f"Token for {session_name or start_url} does not exist")
    if not isinstance(token, dict) or "accessToken" not in token or "expiresAt" not in token:
        raise SsoTokenLoadError(f"Token for {start_url} is invalid")
    return {**token, "accessToken": str(token["accessToken"]).strip()}


class SsoToken:
    """The access token of an SSO session. One in its last 15 minutes is exchanged for a new one, if that works."""

    def __init__(self, search: Search, session: SsoSession) -> None:
        self._search = search
        self._session = session
        self._cache = sso_cache(search.app.env)
        self._text: str | None = None
        self._expires: datetime | None = None
        self._next_try: datetime | None = None
        self._lock = Lock()

    def get(self) -> str:
        with self._lock:
            if self._due():
                self._load()
        assert self._text is not None
        return self._text

    def _due(self) -> bool:
        if self._text is None or self._expires is None or self._next_try is None:
            return True
        now = self._search.app.now()
        return now >= self._next_try and self._expires - now < ADVISORY

    def _load(self) -> None:
        now = self._search.app.now()
        self._next_try = now + RETRY_AFTER
        try:
            token = self._fresh_token()
            self._text, self._expires = str(token["accessToken"]), parse_time(token["expiresAt"])
        except Exception:
            if self._expires is None or self._expires - now < MANDATORY:
                raise
            debug("config.credentials", "Refreshing token failed during the advisory refresh period.")
        if self._expires is not None and self._expires <= self._search.app.now():
            raise TokenRetrievalError("sso", "Token has expired and refresh failed")

    def _fresh_token(self) -> dict[str, Any]:
        token = self._read()
        if not self._ends_soon(token):
            return token
        key = token_key(self._session.start_url, self._session.name)
        with self._cache.lock(key, self._search.app.sleep):
            token = self._read()  # another process may have been here
            if not self._ends_soon(token):
                return token
            fresh = self._exchange(token)
            if fresh is None:
                return token
            self._cache.write(key, fresh)
            return fresh

    def _read(self) -> dict[str, Any]:
        return load_token(self._cache, self._session.start_url, self._session.name)

    def _ends_soon(self, token: Mapping[str, Any]) -> bool:
        return parse_time(token["expiresAt"]) - self._search.app.now() < ADVISORY

    def _exchange(self, token: Mapping[str, Any]) -> dict[str, Any] | None:
        """A new token for the refresh token; None where that cannot be."""
        missing = [key for key in TO_REFRESH if key not in token]
        if missing:
            debug("config.credentials", "Unable to refresh SSO token: missing keys: %s", missing)
            return None
        if parse_time(token["registrationExpiresAt"]) <= self._search.app.now():
            debug("config.credentials", "SSO token registration expired at %s", token["registrationExpiresAt"])
            return None
        client = self._search.make_client("sso-oidc", self._session.region, None)
        try:
            answer = client.create_token(
                grantType="refresh_token",
                clientId=token["clientId"],
                clientSecret=token["clientSecret"],
                refreshToken=token["refreshToken"],
            )
        except ClientError as error:
            debug("config.credentials", "SSO token refresh attempt failed: %s", error)
            return None
        debug("config.credentials", "SSO Token refresh succeeded")
        with understanding("sso"):
            return self._renewed(token, answer)

    def _renewed(self, token: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "startUrl": self._session.start_url,
            "region": self._session.region,
            "accessToken": answer["accessToken"],
            "expiresAt": utc_text(self._search.app.now() + timedelta(seconds=answer["expiresIn"])),
            "clientId": token["clientId"],
            "clientSecret": token["clientSecret"],
            "registrationExpiresAt": token["registrationExpiresAt"],
            **({"refreshToken": answer["refreshToken"]} if "refreshToken" in answer else {}),
        }


class TokenSource:
    """The bearer tokens of a session."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._sso: SsoToken | None = None

    def get(self, signing_name: str | None = None) -> str | None:
        """The token for a service by its signing name; None where there is none. An expired one is an error."""
        if signing_name and (token := environment_token(self._search.app.env, signing_name)) is not None:
            return token
        if self._sso is None:
            session = session_of_profile(self._search)
            if session is None:
                return None
            self._sso = SsoToken(self._search, session)
        return self._sso.get()


def environment_token(env: Mapping[str, str], signing_name: str) -> str | None:
    """AWS_BEARER_TOKEN_<SIGNING NAME>."""
    return env.get(f"AWS_BEARER_TOKEN_{signing_name.replace('-', '_').replace(' ', '_').upper()}")
