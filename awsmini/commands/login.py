"""`awsmini login` and `awsmini logout`: credentials of a console sign-in, for local work."""

import base64
import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from awsmini.commandline.ask import Hints, ask, question, warn_of_pipe
from awsmini.commandline.config_files import write_config
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.config.credentials.cache import login_cache
from awsmini.config.credentials.errors import LoginError, understanding
from awsmini.config.credentials.login import REFUSALS, cache_key, create_token, refusal
from awsmini.config.credentials.p256 import PrivateKey
from awsmini.config.credentials.times import utc_text
from awsmini.config.settings import ProfileNotFoundError, Settings
from awsmini.config.writer import Heading
from awsmini.errors import ClientError, ConfigurationError
from awsmini.model.load import data
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import flag
from awsmini.services.shared.signin_browser import open_page, print_only
from awsmini.services.shared.signin_callback import REDIRECT_PORT, callback_server, redirect_port
from awsmini.services.shared.signin_errors import LoginCodeError, VerificationCodeError
from awsmini.services.shared.signin_pkce import Pkce, authorize_url, new_pkce
from awsmini.services.small.sso import json_files
from awsmini.session import Session

SAME_DEVICE = "arn:aws:signin:::devtools/same-device"
CROSS_DEVICE = "arn:aws:signin:::devtools/cross-device"
DEFAULT_REGION = "us-east-1"
EXPIRED_CODE = "Unable to complete the login process due to an expired authorization code. Please reauthenticate using 'awsmini login'."
CHOOSE_REGION = (
    "No AWS region has been configured. The AWS region is the geographic location of your AWS resources.\n\n"
    "If you have used AWS before and already have resources in your account, specify which region they were created "
    "in. If you have not created resources in your account before, you can pick the region closest to you: "
    "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html.\n\n"
    'You are able to change the region in the CLI at any time with the command "awsmini configure set region NEW_REGION".\n'
)
# What a profile may have that goes before a console sign-in, in the order in which it is told.
OTHER_STYLES = (
    ("web_identity_token_file", "Web Identity"),
    ("sso_role_name", "SSO"),
    ("sso_account_id", "SSO"),
    ("aws_access_key_id", "Access Key"),
    ("role_arn", "Assume Role"),
    ("credential_process", "Credential Process"),
)


def run_login(invocation: Invocation, values: Values) -> int:
    port = redirect_port(values)
    settings = invocation.session.settings
    region, asked = _region(invocation)
    name = settings.profile_name or "default"
    _refuse_other_styles(name, settings)
    sign_in = _SignIn(invocation, _session_with(invocation, name), region)
    token, login_session = sign_in.remote() if values.get("remote") else sign_in.here(port)
    if not _accepts_change(invocation, name, login_session):
        return 0
    login_cache(invocation.app.env).write(cache_key(login_session), token)
    written: dict[str, str] = {"login_session": login_session, **({"region": region} if asked else {})}
    write_config(invocation, Heading("profile", name), written)
    out = invocation.app.stdout
    out.write(f"\nUpdated profile {name} to use {login_session} credentials.\n")
    if name != "default":
        out.write(
            f'Use "--profile {name}" to use the new credentials, such as '
            f'"awsmini sts get-caller-identity --profile {name}"\n'
        )
    return 0


def _region(invocation: Invocation) -> tuple[str, bool]:
    """The region, and whether it had to be asked for."""
    try:
        region = invocation.session.settings.value("region")
    except ProfileNotFoundError:
        region = None
    if region:
        return region, False
    invocation.app.stdout.write(CHOOSE_REGION)
    warn_of_pipe(invocation.app)
    regions = (name for partition in data("regions.json").values() for name in partition)
    hints = Hints(dict.fromkeys(regions, ""))
    return question(invocation.app, "AWS Region", DEFAULT_REGION, hints=hints) or DEFAULT_REGION, True


def _refuse_other_styles(name: str, settings: Settings) -> None:
    profile = settings.files.profiles.get(name, {})
    style = next((style for key, style in OTHER_STYLES if key in profile), None)
    if style is not None:
        raise ConfigurationError(
            f"Profile '{name}' is already configured with {style} credentials.\n\n"
            "You may run 'awsmini login --profile new-profile-name' to create a new profile with the specified name. "
            f"Otherwise you must first manually remove the existing credentials from '{name}'.\n"
        )


def _session_with(invocation: Invocation, name: str) -> Session:
    """A session in which the profile is there, if only by its name: it is written when the sign-in has worked."""
    settings = invocation.session.settings
    files = settings.files
    profiles = {**files.profiles, name: files.profiles.get(name, {})}
    widened = Settings(settings.env, settings.flags, app=invocation.app, files=files._replace(profiles=profiles))
    return Session(app=invocation.app, flags=invocation.flags, settings=widened)


def _accepts_change(invocation: Invocation, name: str, login_session: str) -> bool:
    current = invocation.session.settings.files.profiles.get(name, {}).get("login_session")
    if current is None or current == login_session:
        return True
    question = (
        f"\nProfile {name} is already configured to use session {current}. "
        f"Do you want to overwrite it to use {login_session} instead? (y/n): "
    )
    while True:
        answer = ask(invocation.app, question).lower()
        if answer in ("y", "yes"):
            return True
        if answer in ("n", "no"):
            return False
        invocation.app.stdout.write('Invalid response. Please enter "y" or "n"\n')


class _SignIn:
    """One sign-in: a key made for it, a page to go to, and a code that comes back."""

    def __init__(self, invocation: Invocation, session: Session, region: str) -> None:
        self._app = invocation.app
        self._session = session
        self._model = ServiceModel(session.models.lines("signin"))
        self._region = region
        self._key = PrivateKey.generate()
        self._pkce: Pkce = new_pkce()

    def here(self, port: int) -> tuple[dict[str, Any], str]:
        """With a browser on this machine, which comes back to the port, or to any where that is 0."""
        with callback_server(port) as server:
            open_page(self._app.stdout, self._authorize_url(SAME_DEVICE, server.url), "--remote")
            code, state = server.wait()
            self._check(code, state)
            return self._exchange(SAME_DEVICE, str(code), server.url)

    def remote(self) -> tuple[dict[str, Any], str]:
        """With a browser anywhere: the code is pasted."""
        redirect = f"{self._endpoint()}/v1/sessions/confirmation"
        print_only(self._app.stdout, self._authorize_url(CROSS_DEVICE, redirect))
        code, state = parse_verification_code(
            ask(self._app, "\nEnter the authorization code displayed in your browser: ")
        )
        self._check(code, state)
        return self._exchange(CROSS_DEVICE, code, redirect)

    def _client(
        self, service: str, region: str | None, credentials: object, headers: Mapping[str, str] | None = None
    ) -> Any:
        return self._session.client_for(self._model, region_name=region, signed=False, headers=headers)

    def _endpoint(self) -> str:
        asked = {"tokenInput": {"clientId": "client", "grantType": "grant"}}
        base: str = self._client("signin", self._region, None)._endpoint_url("CreateOAuth2Token", asked)
        return base.rstrip("/")

    def _authorize_url(self, client_id: str, redirect_uri: str) -> str:
        query = {
            "response_type": "code",
            "client_id": client_id,
            "state": self._pkce.state,
            "code_challenge_method": "SHA-256",
            "scope": "openid",
            "redirect_uri": redirect_uri,
        }
        return authorize_url(self._endpoint(), "/v1/authorize", query, self._pkce.challenge)

    def _check(self, code: str | None, state: str | None) -> None:
        if code is None:
            raise LoginCodeError("Failed to retrieve an authorization code.")
        if state != self._pkce.state:
            raise LoginCodeError(f"State parameter {state} does not match expected value {self._pkce.state}.")

    def _exchange(self, client_id: str, code: str, redirect_uri: str) -> tuple[dict[str, Any], str]:
        """The token as it is kept, and the session it belongs to."""
        asked = {
            "clientId": client_id,
            "grantType": "authorization_code",
            "code": code,
            "codeVerifier": self._pkce.verifier,
            "redirectUri": redirect_uri,
        }
        now = self._app.now()
        try:
            output = create_token(self._client, now, self._region, self._key, asked)
        except ClientError as error:
            raise _refused(error) from None
        if output is None:
            raise LoginCodeError("Failed to retrieve an access token.")
        return self._token(output, client_id, now)

    @understanding("login")
    def _token(self, output: dict[str, Any], client_id: str, now: datetime) -> tuple[dict[str, Any], str]:
        login_session = session_of(output["idToken"])
        access = {
            **{key: output["accessToken"][key] for key in ("accessKeyId", "secretAccessKey", "sessionToken")},
            "accountId": account_of(login_session),
            "expiresAt": utc_text(now + timedelta(seconds=output["expiresIn"])),
        }
        token = {
            "accessToken": access,
            "tokenType": output["tokenType"],
            "clientId": client_id,
            "refreshToken": output["refreshToken"],
            "idToken": output["idToken"],
            "dpopKey": self._key.to_pem(),
        }
        return token, login_session


def _refused(error: ClientError) -> Exception:
    why = refusal(error)
    if why == "AUTHCODE_EXPIRED":
        return LoginCodeError(EXPIRED_CODE)
    if why == "INSUFFICIENT_PERMISSIONS":
        return LoginError(REFUSALS[why])
    return error


def parse_verification_code(text: str) -> tuple[str, str]:
    """Code and state of what the browser shows for pasting: a query string in base64."""
    try:
        query = dict(parse_qsl(base64.b64decode(text).decode()))
    except ValueError:
        raise VerificationCodeError("Failed to decode the verification code.") from None
    if "state" not in query or "code" not in query:
        raise VerificationCodeError("Failed to retrieve an auth_code or state from the verification code")
    return query["code"], query["state"]


def session_of(id_token: str) -> str:
    """Who signed in: the subject of a JSON Web Token. Its signature is the service's business: it came over TLS."""
    parts = id_token.split(".")
    if len(parts) != 3:
        raise VerificationCodeError("Invalid JWT token - cannot extract payload")
    payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    if "sub" not in payload:
        raise VerificationCodeError("Invalid JWT token - missing sub")
    return str(payload["sub"])


def account_of(arn: str) -> str:
    parts = arn.split(":", 5)
    if len(parts) < 6:
        raise VerificationCodeError(
            f"Provided ARN: {arn} must be of the format: arn:partition:service:region:account:resource"
        )
    return parts[4]


def run_logout(invocation: Invocation, values: Values) -> int:
    return _logout_all(invocation) if values.get("all") else _logout_profile(invocation)


def _logout_profile(invocation: Invocation) -> int:
    settings = invocation.session.settings
    name = settings.profile_name or "default"
    login_session = settings.files.profiles.get(name, {}).get("login_session")
    if login_session is None:
        invocation.app.stderr.write(f"warning: no login session found for profile '{name}'\n")
        return 0
    path = login_cache(invocation.app.env).path(cache_key(str(login_session)))
    if os.path.exists(path):
        os.remove(path)
    invocation.app.stdout.write(
        f"Removed cached login credentials for profile '{name}'. Note, any local developer tools that have already "
        "loaded the access token may continue to use it until its expiration. Access tokens expire in 15 minutes.\n"
    )
    return 0


def _logout_all(invocation: Invocation) -> int:
    count = 0
    for path, content in json_files(login_cache(invocation.app.env).folder):
        access = content.get("accessToken")
        if isinstance(access, dict) and "accessKeyId" in access:
            os.remove(path)
            count += 1
    if not count:
        invocation.app.stdout.write("No cached login session tokens found.\n")
        return 0
    invocation.app.stdout.write(
        f"Removed {count} cached login credential{'' if count == 1 else 's'}. Note, any local developer tools that "
        "have already loaded access tokens may continue to use them until their expiration. "
        "Access tokens expire in 15 minutes.\n"
    )
    return 0


login = HandWritten(
    "login",
    run_login,
    doc="Sign in to the console, and use that session's credentials for the profile.",
    arguments=(
        flag("remote", doc="Print the page to sign in at, and paste the code it shows: for remote hosts."),
        REDIRECT_PORT,
    ),
)
logout = HandWritten(
    "logout",
    run_logout,
    doc="Remove the credentials of a console sign-in.",
    arguments=(flag("all", doc="Those of all profiles."),),
)
