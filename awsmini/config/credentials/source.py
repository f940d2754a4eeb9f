"""Where credentials come from, once found: fixed ones, or ones that are fetched again before they expire.

A provider is a function `load(search) -> Source | None`: None when its settings are absent, an error when they
are there and wrong. What costs a call (a role, a token) is put off until `get()`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmini.config.credentials.errors import StillExpiredError
from awsmini.config.files import Section
from awsmini.config.settings import Settings
from awsmini.log import debug
from awsmini.records import Credentials, replace

if TYPE_CHECKING:
    from awsmini.app import App

ADVISORY = timedelta(minutes=15)  # from here on a refresh is tried, and may fail
MANDATORY = timedelta(minutes=10)  # from here on it may not


# make_client(service, region, credentials, headers=None): a client for a call on the way to credentials.
#
# `region` None means the configured one; `credentials` None means the call goes unsigned. Neither
# `--endpoint-url` nor what else is meant for the command's own service holds for these calls, while configured
# endpoints do. The client has boto3's methods, and `_endpoint_url(operation, params)`; `headers` go with each of
# its requests.
MakeClient = Callable[..., Any]


class Search(NamedTuple):
    """What a provider may look at."""

    settings: Settings
    app: "App"
    make_client: MakeClient
    profile_name: str
    explicit: bool  # the profile was named, or is another's source: the environment does not count
    visited: tuple[str, ...]  # source profiles on the way here
    on_disk: bool = True  # whether tokens' credentials are kept on disk; a source's are kept in memory alone

    @property
    def profile(self) -> Section:
        return self.settings.files.profiles.get(self.profile_name, {})

    def at(self, profile_name: str) -> "Search":
        """The same search in a source profile."""
        return replace(
            self, profile_name=profile_name, explicit=True, visited=(*self.visited, profile_name), on_disk=False
        )


class Source:
    """Credentials that can be asked for again and again."""

    method: str  # the provider's name
    features: tuple[str, ...]  # for the user agent

    def get(self) -> Credentials:
        raise NotImplementedError

    def renew(self, refused: Credentials) -> bool:
        """Whether `get` gives others from now on than those that a service calls expired."""
        return False


class Fixed(Source):
    """Credentials that do not expire while the program runs."""

    def __init__(self, credentials: Credentials, features: tuple[str, ...] = ()) -> None:
        self._credentials = credentials
        self.method = credentials.method
        self.features = features

    def get(self) -> Credentials:
        return self._credentials


class Refreshing(Source):
    """Credentials that are fetched when first asked for, unless given, and again before they expire.

    In the last 15 minutes a refresh is tried, and the credentials at hand serve if it fails; in the last 10 its
    failure is the caller's. One thread refreshes while others go on with what there is.
    """

    def __init__(
        self,
        fetch: Callable[[], Credentials],
        method: str,
        now: Callable[[], datetime],
        current: Credentials | None = None,
        features: tuple[str, ...] = (),
        forget: Callable[[], None] = lambda: None,
    ) -> None:
        self._fetch = fetch
        self._forget = forget  # what is kept between runs, so that the next fetch asks
        self._now = now
        self._current = current
        self._lock = Lock()
        self.method = method
        self.features = features

    def get(self) -> Credentials:
        current = self._current
        if current is not None and not self._due(current, ADVISORY):
            return current
        must = current is None or self._due(current, MANDATORY)
        if self._lock.acquire(blocking=must):
            try:
                return self._refresh()
            finally:
                self._lock.release()
        assert current is not None
        return current

    def renew(self, refused: Credentials) -> bool:
        """Fetches, unless another thread has done so."""
        with self._lock:
            current = self._current
            if current is None or _keys(current) != _keys(refused):
                return True
            self._forget()
            try:
                fresh = self._fetch()
            except Exception as error:
                debug("config.credentials", "Credentials that a service calls expired could not be renewed: %s", error)
                return False
            self._current = replace(fresh, method=self.method)
            return _keys(fresh) != _keys(refused)

    def _due(self, credentials: Credentials, window: timedelta) -> bool:
        return credentials.expires is not None and credentials.expires - self._now() < window

    def _refresh(self) -> Credentials:
        """What another thread has fetched in the meantime, or a new fetch. The lock is held."""
        current = self._current
        if current is not None and not self._due(current, ADVISORY):
            return current
        try:
            fresh = self._fetch()
        except Exception:
            if current is None or self._due(current, MANDATORY):
                raise
            debug("config.credentials", "Refreshing temporary credentials failed during advisory refresh period.")
            return current
        self._current = replace(fresh, method=self.method)
        if self._due(fresh, timedelta(0)):
            raise StillExpiredError
        return self._current


def _keys(credentials: Credentials) -> tuple[str, str | None]:
    return credentials.access_key, credentials.token
