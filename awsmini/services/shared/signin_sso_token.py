"""An access token of IAM Identity Center, by one of two ways.

With a device code (RFC 8628): a page is shown with a code to enter, and the service asked again and again.
With an authorization code and PKCE: the browser comes back to a page of this machine. The second is used where
an SSO session has a name, unless the first is asked for. Registrations and tokens are kept where AWS CLI v2
keeps them.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha1
from typing import Any

from awsmini.app import App
from awsmini.config.credentials.cache import JsonCache, sso_cache
from awsmini.config.credentials.errors import understanding
from awsmini.config.credentials.times import parse_time, utc_text
from awsmini.config.credentials.tokens import token_key
from awsmini.errors import ClientError
from awsmini.services.shared.signin_browser import open_device_page, open_page, print_only
from awsmini.services.shared.signin_callback import callback_server
from awsmini.services.shared.signin_errors import AuthorizationCodeLoadError, PendingAuthorizationExpiredError
from awsmini.services.shared.signin_pkce import authorize_url, new_pkce

SCOPE = "sso:account:access"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CODE_GRANTS = ("authorization_code", "refresh_token")
REDIRECT_URI = "http://127.0.0.1/oauth/callback"  # registered without a port: any will do (RFC 8252)
EXPIRY_WINDOW = timedelta(minutes=15)
INTERVAL = 5  # seconds between two questions, where the service says nothing of it
SLOWER = 5  # seconds more when it says that this is too fast


@dataclass(frozen=True, kw_only=True)
class SsoLogin:
    """What is to be signed in to, and how."""

    app: App
    client: Any  # of sso-oidc, unsigned, in `region`
    start_url: str
    resolved_url: str  # AWS's own, where `start_url` is a domain that leads there
    region: str
    session_name: str | None
    scopes: list[str] | None
    by_code: bool  # with an authorization code, which the browser comes back with
    no_browser: bool = False
    port: int = 0  # that the browser comes back to; any by default


def fetch_token(login: SsoLogin, *, fresh: bool) -> dict[str, Any]:
    """The token; `fresh` leaves one that is kept, and still good, aside."""
    cache = sso_cache(login.app.env)
    key = token_key(login.start_url, login.session_name)
    if not fresh:
        kept = cache.read(key)
        if isinstance(kept, dict) and _is_good(kept, login.app.now()):
            return kept
    token = _by_authorization_code(login, cache) if login.by_code else _by_device_code(login, cache)
    cache.write(key, token)
    return token


def _is_good(kept: dict[str, Any], now: datetime) -> bool:
    return "expiresAt" in kept and parse_time(kept["expiresAt"]) - now >= EXPIRY_WINDOW


def registration_key(login: SsoLogin) -> str:
    """The file name of a client registration."""
    arguments = {
        "tool": "botocore",
        "startUrl": login.start_url,
        "region": login.region,
        "scopes": login.scopes,
        "session_name": login.session_name,
    }
    return sha1(json.dumps(arguments, sort_keys=True).encode()).hexdigest()


def _registration(
    login: SsoLogin, cache: JsonCache, by_code: bool, register: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """The registration that is kept, if it is good and of the right kind; or a new one."""
    key = registration_key(login)
    kept = cache.read(key)
    if (
        isinstance(kept, dict)
        and _is_good(kept, login.app.now())
        and ("authorization_code" in kept.get("grantTypes", ())) == by_code
    ):
        return kept
    name = login.session_name or int(login.app.now().timestamp())
    made = register({"clientName": f"botocore-client-{name}", "clientType": "public"})
    cache.write(key, made)
    return made


def _register(login: SsoLogin, arguments: dict[str, Any]) -> dict[str, Any]:
    return _read_registration(login.client.register_client(**arguments), arguments)


@understanding("sso")
def _read_registration(answer: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    expires = datetime.fromtimestamp(answer["clientSecretExpiresAt"], timezone.utc)
    kept = {"clientId": answer["clientId"], "clientSecret": answer["clientSecret"], "expiresAt": utc_text(expires)}
    for name in ("scopes", "grantTypes"):
        if arguments.get(name):
            kept[name] = arguments[name]
    return kept


def _by_device_code(login: SsoLogin, cache: JsonCache) -> dict[str, Any]:
    def register(arguments: dict[str, Any]) -> dict[str, Any]:
        return _register(login, {**arguments, **({"scopes": login.scopes} if login.scopes else {})})

    registration = _registration(login, cache, False, register)
    device = login.client.start_device_authorization(
        clientId=registration["clientId"], clientSecret=registration["clientSecret"], startUrl=login.resolved_url
    )
    interval, token = _ask_for_device(login, registration, device, device.get("interval") or INTERVAL)
    if token is not None:  # allowed beforehand: there is nothing to show
        return token
    page = (device["verificationUri"], device["userCode"], device["verificationUriComplete"])
    (print_only if login.no_browser else open_device_page)(login.app.stdout, *page)
    while True:
        interval, token = _ask_for_device(login, registration, device, interval)
        if token is not None:
            return token
        login.app.sleep(interval)


def _ask_for_device(
    login: SsoLogin, registration: dict[str, Any], device: dict[str, Any], interval: int
) -> tuple[int, dict[str, Any] | None]:
    """The token if there is one by now, and the seconds to wait before asking again."""
    try:
        answer = login.client.create_token(
            grantType=DEVICE_GRANT,
            clientId=registration["clientId"],
            clientSecret=registration["clientSecret"],
            deviceCode=device["deviceCode"],
        )
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code")
        if code == "SlowDownException":
            return interval + SLOWER, None
        if code == "AuthorizationPendingException":
            return interval, None
        if code == "ExpiredTokenException":
            raise PendingAuthorizationExpiredError from None
        raise
    return interval, _token(login, registration, answer)


def _by_authorization_code(login: SsoLogin, cache: JsonCache) -> dict[str, Any]:
    scopes = login.scopes or [SCOPE]

    def register(arguments: dict[str, Any]) -> dict[str, Any]:
        by_code = {"grantTypes": list(CODE_GRANTS), "redirectUris": [REDIRECT_URI], "issuerUrl": login.resolved_url}
        return _register(login, {**arguments, **by_code, "scopes": scopes})

    with callback_server(login.port) as server:
        registration = _registration(login, cache, True, register)
        pkce = new_pkce()
        query = {
            "response_type": "code",
            "client_id": registration["clientId"],
            "redirect_uri": server.url,
            "state": pkce.state,
            "code_challenge_method": "S256",
            "scopes": " ".join(scopes),
        }
        endpoint = login.client._endpoint_url("RegisterClient", {"clientName": "name", "clientType": "public"})
        url = authorize_url(endpoint, "/authorize", query, pkce.challenge)
        if login.no_browser:
            print_only(login.app.stdout, url)
        else:
            open_page(login.app.stdout, url, "--use-device-code")
        code, state = server.wait()
        if code is None:
            raise AuthorizationCodeLoadError("Failed to retrieve an authorization code.")
        if state != pkce.state:
            raise AuthorizationCodeLoadError("State parameter does not match expected value.")
        return _exchange(login, registration, server.url, pkce.verifier, code)


def _exchange(
    login: SsoLogin, registration: dict[str, Any], redirect_uri: str, verifier: str, code: str
) -> dict[str, Any]:
    try:
        answer = login.client.create_token(
            grantType="authorization_code",
            clientId=registration["clientId"],
            clientSecret=registration["clientSecret"],
            redirectUri=redirect_uri,
            codeVerifier=verifier,
            code=code,
        )
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ExpiredTokenException":
            raise PendingAuthorizationExpiredError from None
        raise
    return _token(login, registration, answer)


@understanding("sso")
def _token(login: SsoLogin, registration: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The token as it is kept, with the registration it can be renewed with."""
    expires = login.app.now() + timedelta(seconds=answer["expiresIn"])
    return {
        "startUrl": login.start_url,
        "region": login.region,
        "accessToken": answer["accessToken"],
        "expiresAt": utc_text(expires),
        "clientId": registration["clientId"],
        "clientSecret": registration["clientSecret"],
        "registrationExpiresAt": registration["expiresAt"],
        **({"refreshToken": answer["refreshToken"]} if answer.get("refreshToken") else {}),
    }
