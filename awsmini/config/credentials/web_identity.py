"""A role for whoever holds a token from elsewhere: `web_identity_token_file`, in the profile or the environment."""

from typing import Any

from awsmini.config.credentials.cache import role_cache
from awsmini.config.credentials.roles import Cached, cache_key, with_account_id, with_session_name
from awsmini.config.credentials.source import Refreshing, Search, Source
from awsmini.config.settings import InvalidConfigError
from awsmini.errors import AwsminiError

METHOD = "assume-role-with-web-identity"

VARIABLES = {
    "web_identity_token_file": "AWS_WEB_IDENTITY_TOKEN_FILE",
    "role_session_name": "AWS_ROLE_SESSION_NAME",
    "role_arn": "AWS_ROLE_ARN",
}


class TokenFileError(AwsminiError):
    """The file with the token cannot be read."""


def load(search: Search) -> Source | None:
    features: dict[str, None] = {}

    def setting(key: str) -> str | None:
        if not search.explicit and (value := search.app.env.get(VARIABLES[key])) is not None:
            features["CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN"] = None
            return value
        if (written := search.profile.get(key)) is not None:
            features["CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN"] = None
            return str(written)
        return None

    token_file = setting("web_identity_token_file")
    if not token_file:
        return None
    role_arn = setting("role_arn")
    if not role_arn:
        raise InvalidConfigError(
            "The provided profile or the current environment is configured to assume role with web identity but "
            "has no role ARN configured. Ensure that the profile has the role_arnconfiguration set or the "
            "AWS_ROLE_ARN env var is set."
        )
    session_name = setting("role_session_name")
    arguments = {**({"RoleSessionName": session_name} if session_name else {}), "RoleArn": role_arn}
    app = search.app

    def ask() -> dict[str, Any]:
        client = search.make_client("sts", None, None)
        answer: dict[str, Any] = client.assume_role_with_web_identity(
            **with_session_name(arguments, app.now()), WebIdentityToken=_read_token(token_file)
        )
        return with_account_id(answer)

    cached = Cached(
        method=METHOD,
        cache=role_cache(app.env) if search.on_disk else None,
        key=cache_key(arguments),
        ask=ask,
        now=app.now,
        sleep=app.sleep,
    )
    used = (*features, "CREDENTIALS_STS_ASSUME_ROLE_WEB_ID")
    return Refreshing(cached.fetch, METHOD, app.now, features=used, forget=cached.forget)


def _read_token(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read().rstrip()
    except (OSError, UnicodeDecodeError) as error:
        raise TokenFileError(str(error)) from None
