"""Credentials: who the call is made as.

    source = credential_source(settings, app, make_client)
    source.get()         -> Credentials, refreshed when that is due; NoCredentialsError where there are none
    source.account_id()  -> the account they belong to, where known
    source.method        -> the provider they came from: env, assume-role, sso …
    source.features      -> what the user agent says of it

    tokens = token_source(settings, app, make_client)
    tokens.get("codecatalyst") -> a bearer token for that signing name; None where there is none

`chain.PROVIDERS` is the order of the search; `source.MakeClient` is the client that providers call services with.
"""

from pkgutil import resolve_name
from threading import Lock
from typing import TYPE_CHECKING

from awsmini.config.credentials.chain import find
from awsmini.config.credentials.errors import checked
from awsmini.config.credentials.source import Fixed, MakeClient, Search, Source
from awsmini.config.settings import Settings
from awsmini.errors import NoCredentialsError
from awsmini.records import Credentials

if TYPE_CHECKING:
    from awsmini.app import App
    from awsmini.config.credentials.tokens import TokenSource

SANDBOX = Credentials(access_key="sandbox", secret_key="sandbox", method="sandbox")  # real ones never go there
TOKENS = "awsmini.config.credentials.tokens:TokenSource"
CHECK_SSO_SESSION = "awsmini.config.credentials.tokens:session_of_profile"

__all__ = ["CredentialSource", "Fixed", "MakeClient", "credential_source", "token_source"]


class CredentialSource:
    """The credentials of a session, looked for when first asked for."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self.given: Source | None = None  # in the place of what a search would find
        self._found: Source | None = None
        self._looked = False
        self._lock = Lock()  # or two threads would both ask for an MFA code

    def use(self, source: Source) -> None:
        """Let these be the credentials, without a search."""
        self.given = self._found = source
        self._looked = True

    def source(self) -> Source | None:
        """What the search found; None when there are no credentials anywhere."""
        with self._lock:
            if not self._looked:
                self._found = Fixed(SANDBOX) if self._search.settings.is_local else find(self._search)
                self._looked = True
            return self._found

    def get(self) -> Credentials:
        source = self.source()
        if "sso_session" in self._search.profile and not self._search.settings.is_local:
            resolve_name(CHECK_SSO_SESSION)(self._search)  # for a call, one that is not there is an error in any case
        if source is None:
            raise NoCredentialsError
        return checked(source.get())

    def renew(self, refused: Credentials) -> bool:
        """Whether there are others now than those that a service has refused as expired."""
        return self._found is not None and self._found.renew(refused)

    def account_id(self) -> str | None:
        """None, too, where there are no credentials: that is told when they are needed."""
        source = self.source()
        return None if source is None else source.get().account_id

    @property
    def method(self) -> str | None:
        source = self.source()
        return None if source is None else source.method

    @property
    def features(self) -> tuple[str, ...]:
        """Nothing is looked for on behalf of this."""
        return () if self._found is None else self._found.features


def credential_source(settings: Settings, app: "App", make_client: MakeClient) -> CredentialSource:
    """The credentials of the chosen profile. Raises ProfileNotFoundError for one that does not exist."""
    return CredentialSource(_search(settings, app, make_client))


def _search(settings: Settings, app: "App", make_client: MakeClient) -> Search:
    assert settings.profile is not None
    name = settings.profile_name or "default"
    return Search(
        settings=settings,
        app=app,
        make_client=make_client,
        profile_name=name,
        explicit=settings.explicit_profile,
        visited=(name,),
    )


def token_source(settings: Settings, app: "App", make_client: MakeClient) -> "TokenSource":
    """The bearer tokens of the chosen profile."""
    tokens: TokenSource = resolve_name(TOKENS)(_search(settings, app, make_client))
    return tokens
