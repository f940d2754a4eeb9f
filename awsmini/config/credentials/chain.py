"""The order in which credentials are looked for: AWS CLI v2's.

Each entry names a provider, the profile keys and environment variables that make it worth a look (none: always),
and the function that looks. A provider's module is loaded when its turn comes and it is worth a look.
"""

from pkgutil import resolve_name
from typing import NamedTuple

from awsmini.config.credentials.source import Search, Source
from awsmini.log import debug


class Provider(NamedTuple):
    name: str
    load: str  # module:function(search) -> Source | None
    keys: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    def worth_a_look(self, search: Search) -> bool:
        if not self.keys and not self.variables:
            return True
        return any(key in search.profile for key in self.keys) or any(
            variable in search.app.env for variable in self.variables
        )


_HERE = "awsmini.config.credentials"

ENVIRONMENT = Provider("env", f"{_HERE}.environment:load", variables=("AWS_ACCESS_KEY_ID",))
ASSUME_ROLE = Provider("assume-role", f"{_HERE}.assume_role:load", keys=("role_arn",))

# What a profile alone can give; a source profile is searched through these.
OF_PROFILE = (
    Provider(
        "assume-role-with-web-identity",
        f"{_HERE}.web_identity:load",
        keys=("web_identity_token_file",),
        variables=("AWS_WEB_IDENTITY_TOKEN_FILE",),
    ),
    Provider("sso", f"{_HERE}.sso:load", keys=("sso_role_name", "sso_account_id")),
    Provider("shared-credentials-file", f"{_HERE}.keys:load_shared", keys=("aws_access_key_id",)),
    Provider("login", f"{_HERE}.login:load", keys=("login_session",)),
    Provider("custom-process", f"{_HERE}.process:load", keys=("credential_process",)),
    Provider("config-file", f"{_HERE}.keys:load_config", keys=("aws_access_key_id",)),
)

OF_MACHINE = (
    Provider("ec2-credentials-file", f"{_HERE}.keys:load_ec2_file", variables=("AWS_CREDENTIAL_FILE",)),
    Provider("boto-config", f"{_HERE}.keys:load_boto"),
    Provider(
        "container-role",
        f"{_HERE}.container:load",
        variables=("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    ),
    Provider("iam-role", f"{_HERE}.imds:load"),
)

PROVIDERS = (ENVIRONMENT, ASSUME_ROLE, *OF_PROFILE, *OF_MACHINE)


def find(search: Search) -> Source | None:
    """The first source there is. A profile named on the command line outdoes keys in the environment."""
    providers = PROVIDERS[1:] if search.explicit else PROVIDERS
    return _first(providers, search)


def find_in_profile(search: Search) -> Source | None:
    return _first(OF_PROFILE, search)


def _first(providers: tuple[Provider, ...], search: Search) -> Source | None:
    for provider in providers:
        debug("config.credentials", "Looking for credentials via: %s", provider.name)
        if provider.worth_a_look(search):
            source: Source | None = resolve_name(provider.load)(search)
            if source is not None:
                return source
    return None
