"""Keys in the environment."""

from pkgutil import resolve_name

from awsmini.config.credentials.errors import PartialCredentialsError
from awsmini.config.credentials.source import Fixed, Refreshing, Search, Source
from awsmini.records import Credentials

PARSE_TIME = "awsmini.config.credentials.times:parse_time"  # few keys in the environment expire
METHOD = "env"
TOKENS = ("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")
EXPIRATION = "AWS_CREDENTIAL_EXPIRATION"
FEATURES = ("CREDENTIALS_ENV_VARS",)


def load(search: Search) -> Source | None:
    if not search.app.env.get("AWS_ACCESS_KEY_ID"):
        return None
    credentials = _read(search)
    if credentials.expires is None:
        return Fixed(credentials, FEATURES)
    return Refreshing(lambda: _read(search, refresh=True), METHOD, search.app.now, credentials, FEATURES)


def _read(search: Search, refresh: bool = False) -> Credentials:
    env = search.app.env
    required = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", *((EXPIRATION,) if refresh else ()))
    for name in required:
        if not env.get(name):
            raise PartialCredentialsError(METHOD, name)
    expiration = env.get(EXPIRATION)
    return Credentials(
        access_key=env["AWS_ACCESS_KEY_ID"],
        secret_key=env["AWS_SECRET_ACCESS_KEY"],
        token=next((env[name] for name in TOKENS if env.get(name)), None),
        account_id=env.get("AWS_ACCOUNT_ID") or None,
        expires=resolve_name(PARSE_TIME)(expiration) if expiration else None,
        method=METHOD,
    )
