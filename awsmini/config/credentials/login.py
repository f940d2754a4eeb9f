"""Credentials of `awsmini login`: a console sign-in, kept in a file and renewed with its refresh token."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from awsmini.config.credentials.cache import login_cache
from awsmini.config.credentials.dpop import proof
from awsmini.config.credentials.errors import LoginError, LoginTokenLoadError, understanding
from awsmini.config.credentials.p256 import PrivateKey
from awsmini.config.credentials.source import MakeClient, Refreshing, Search, Source
from awsmini.config.credentials.times import parse_time, utc_text
from awsmini.errors import ClientError
from awsmini.records import Credentials

METHOD = "login"
FEATURES = ("CREDENTIALS_PROFILE_LOGIN", "CREDENTIALS_LOGIN")
STILL_GOOD = timedelta(minutes=5)
TOKEN_PATH = "/v1/token"
FIELDS = ("accessToken", "refreshToken", "dpopKey", "clientId")

REFUSALS = {
    "TOKEN_EXPIRED": "Your session has expired. Please reauthenticate using 'awsmini login'.",
    "USER_CREDENTIALS_CHANGED": (
        "Unable to refresh login credentials because of a change in your password. "
        "Please reauthenticate with your new password using 'awsmini login'."
    ),
    "INSUFFICIENT_PERMISSIONS": (
        "Unable to create or refresh login credentials due to insufficient permissions. "
        "You may be missing permission for the 'signin:CreateOAuth2Token' action."
    ),
}


def load(search: Search) -> Source | None:
    session = search.profile.get("login_session")
    if session is None:
        return None
    login = _Login(search, str(session))
    return Refreshing(login.refresh, METHOD, search.app.now, login.kept(), FEATURES, login.forget)


def cache_key(session: str) -> str:
    return sha256(session.encode()).hexdigest()


class _Login:
    """One sign-in and its file."""

    def __init__(self, search: Search, session: str) -> None:
        self._search = search
        self._session = session
        self._cache = login_cache(search.app.env)
        self._key = cache_key(session)
        self._forgotten = False

    def kept(self) -> Credentials:
        """What the file has, expired or not."""
        token = self._cache.read(self._key)
        if token is None:
            raise LoginTokenLoadError(
                f"Unable to load a existing login session for session {self._session}, "
                "Please reauthenticate with 'awsmini login'."
            )
        if not isinstance(token, dict) or any(field not in token for field in FIELDS):
            raise LoginTokenLoadError(
                "Failed to load access token from token cache, missing one or more required fields."
            )
        return _credentials(token)

    def forget(self) -> None:
        """What is kept is good no longer, whatever it says."""
        self._forgotten = True

    def refresh(self) -> Credentials:
        """What another process has renewed, or new credentials, kept in the file. Of many processes, one asks."""
        with self._cache.lock(self._key, self._search.app.sleep):
            kept = self.kept()
            if not self._forgotten and kept.expires is not None and kept.expires - self._search.app.now() > STILL_GOOD:
                return kept
            token = self._renew(self._cache.read(self._key))
            self._cache.write(self._key, token)
            self._forgotten = False
            return _credentials(token)

    def _renew(self, token: dict[str, Any]) -> dict[str, Any]:
        now = self._search.app.now()
        asked = {"clientId": token["clientId"], "refreshToken": token["refreshToken"], "grantType": "refresh_token"}
        try:
            answer = create_token(self._search.make_client, now, None, private_key(token), asked)
        except ClientError as error:
            why = refusal(error)
            if why is None:
                raise
            raise LoginError(REFUSALS.get(why)) from None
        if answer is None:
            raise LoginTokenLoadError("Failed to refresh an access token.")
        with understanding(METHOD):
            return self._renewed(token, answer, now)

    def _renewed(self, token: dict[str, Any], answer: dict[str, Any], now: datetime) -> dict[str, Any]:
        access = {
            **{key: answer["accessToken"][key] for key in ("accessKeyId", "secretAccessKey", "sessionToken")},
            "accountId": token["accessToken"]["accountId"],
            "expiresAt": utc_text(now + timedelta(seconds=answer["expiresIn"])),
        }
        return {**token, "accessToken": access, "refreshToken": answer["refreshToken"]}


def private_key(token: dict[str, Any]) -> PrivateKey:
    try:
        return PrivateKey.from_pem(token["dpopKey"])
    except ValueError as error:
        raise LoginTokenLoadError(f"Unable to load private key from cached token: {error}") from None


def create_token(
    make_client: MakeClient, now: datetime, region: str | None, key: PrivateKey, token_input: dict[str, str]
) -> dict[str, Any] | None:
    """The answer of CreateOAuth2Token, asked with a proof that we have the key. Raises ClientError."""
    asked = {"tokenInput": token_input}
    base: str = make_client("signin", region, None)._endpoint_url("CreateOAuth2Token", asked)
    header = proof(key, f"{base.rstrip('/')}{TOKEN_PATH}", int(now.timestamp()), str(uuid4()))
    client = make_client("signin", region, None, headers={"DPoP": header})
    output: dict[str, Any] | None = client._make_api_call("CreateOAuth2Token", asked).get("tokenOutput")
    return output


def refusal(error: ClientError) -> str | None:
    """Why a token was refused: a key of REFUSALS, or another; None where the error is of another kind."""
    if error.response.get("Error", {}).get("Code") != "AccessDeniedException":
        return None
    return str(error.response.get("error", ""))


def _credentials(token: dict[str, Any]) -> Credentials:
    found = token["accessToken"]
    return Credentials(
        access_key=found["accessKeyId"],
        secret_key=found["secretAccessKey"],
        token=found["sessionToken"],
        account_id=found.get("accountId"),
        expires=parse_time(found["expiresAt"]),
        method=METHOD,
    )
