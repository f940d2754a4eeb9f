"""`awsmini sso login` and `awsmini sso logout`."""

import json
import os
from typing import Any

from awsmini.commandline.config_files import write_config
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.config.credentials.cache import role_cache, sso_cache
from awsmini.config.writer import Heading
from awsmini.errors import ClientError
from awsmini.log import debug
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import Argument, flag, option
from awsmini.send.options import SenderOptions, verify_value
from awsmini.send.proxies import from_environment
from awsmini.services.shared.signin_callback import REDIRECT_PORT, redirect_port
from awsmini.services.shared.signin_sso_settings import SsoConfig, sso_config
from awsmini.services.shared.signin_sso_token import SsoLogin, fetch_token
from awsmini.services.shared.signin_start_url import resolve

LOGIN_OPTIONS: tuple[Argument, ...] = (
    flag("no-browser", doc="Print the page to sign in at instead of opening it."),
    flag("use-device-code", doc="Sign in with a code that can be entered on any device."),
    REDIRECT_PORT,
)
RESOLVE_SECONDS = 10.0
BY_CODE = "md/sso#auth"  # in the user agent


def unsigned_client(invocation: Invocation, service: str, region: str, *, agent: str = "") -> Any:
    """A client for calls that need no credentials; --endpoint-url does not hold for it."""
    session = invocation.session
    model = ServiceModel(session.models.lines(service))
    return session.client_for(model, region_name=region, signed=False, endpoint_flag=False, agent=agent)


def is_by_code(session_name: str | None, values: Values) -> bool:
    """Whether the browser is to come back with an authorization code. The older form knows device codes alone."""
    return session_name is not None and not values.get("use_device_code", False)


def sign_in_client(invocation: Invocation, region: str, *, by_code: bool) -> Any:
    """A client of sso-oidc. The service is told by which of the two ways it goes."""
    return unsigned_client(invocation, "sso-oidc", region, agent=BY_CODE if by_code else "")


def resolve_options(invocation: Invocation) -> SenderOptions:
    """How the start URL of one's own domain is asked where it leads."""
    settings = invocation.session.settings
    verify = verify_value(invocation.flags.get("verify_ssl", True), settings.value("ca_bundle"), invocation.app.env)
    return SenderOptions(
        verify=verify,
        connect_timeout=RESOLVE_SECONDS,
        read_timeout=RESOLVE_SECONDS,
        proxies=from_environment(invocation.app.env),
    )


def run_login(invocation: Invocation, values: Values) -> int:
    port = redirect_port(values)
    config = sso_config(invocation.session.settings, values.get("sso_session"))
    url, region = resolve(config.start_url, config.region, invocation.app, resolve_options(invocation))
    by_code = is_by_code(config.session_name, values)
    login_to = SsoLogin(
        app=invocation.app,
        client=sign_in_client(invocation, region, by_code=by_code),
        start_url=config.start_url,
        resolved_url=url,
        region=region,
        session_name=config.session_name,
        scopes=config.scopes,
        by_code=by_code,
        no_browser=values.get("no_browser", False),
        port=port,
    )
    fetch_token(login_to, fresh=True)
    if region != config.region:
        _write_region(invocation, config, region)
    invocation.app.stdout.write(f"Successfully logged into Start URL: {config.start_url}\n")
    return 0


def _write_region(invocation: Invocation, config: SsoConfig, region: str) -> None:
    """The region that the sign-in page turned out to be in."""
    profile = invocation.session.settings.profile_name or "default"
    heading = Heading("sso-session", config.session_name) if config.session_name else Heading("profile", profile)
    write_config(invocation, heading, {"sso_region": region})
    invocation.app.stdout.write(f"SSO region updated to {region}\n")


def run_logout(invocation: Invocation, values: Values) -> int:
    env = invocation.app.env
    for path, content in json_files(sso_cache(env).folder):
        if "accessToken" in content:
            _end_session(invocation, content)
            os.remove(path)
    for path, content in json_files(role_cache(env).folder):
        if content.get("ProviderType") == "sso":
            os.remove(path)
    return 0


def json_files(folder: str) -> list[tuple[str, dict[str, Any]]]:
    """The files of a folder that hold a JSON object. What cannot be read is left alone, and not shown: it is secret."""
    found = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        try:
            with open(path, encoding="utf-8") as stream:
                content = json.load(stream)
        except (OSError, ValueError):
            continue
        if isinstance(content, dict):
            found.append((path, content))
    return found


def _end_session(invocation: Invocation, token: dict[str, Any]) -> None:
    """Tell the service that the token is to be worthless from now on."""
    if not token.get("region"):
        return
    try:
        unsigned_client(invocation, "sso", token["region"]).logout(accessToken=token["accessToken"])
    except ClientError as error:
        debug("commands.sso", "Failed to call logout API: %s", error)


login = HandWritten(
    "login",
    run_login,
    doc="Sign in to IAM Identity Center, for the profile or for an SSO session.",
    arguments=(*LOGIN_OPTIONS, option("sso-session", doc="The SSO session to sign in to.")),
)
logout = HandWritten(
    "logout",
    run_logout,
    doc="Sign out of IAM Identity Center: all its tokens, and the credentials they gave, are removed.",
)
