"""What one client needs of the world to make its calls: where to, as whom, how often, through which pool."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from awsmini.app import App
from awsmini.calls.observers import Observer
from awsmini.config.builtins import EndpointSettings, builtins, client_context
from awsmini.config.client import Config
from awsmini.errors import NoCredentialsError, NoRegionError
from awsmini.model.load import data
from awsmini.model.shapes import ServiceModel
from awsmini.records import NOTHING, Credentials, Endpoint, Output, Reply, Request
from awsmini.send.retry import RetryPolicy
from awsmini.send.useragent import user_agent

if TYPE_CHECKING:
    from awsmini.send.http import SenderOptions


class Ask(Protocol):
    """An API call of the same client: its output, or with `errors` the parsed error, where the service refuses."""

    def __call__(self, operation_name: str, api_params: Mapping[str, Any], *, errors: bool = False) -> Output: ...


def no_bearer_token() -> Credentials | None:
    """For clients that never carry a token."""
    return None


def cannot_renew(refused: Credentials) -> bool:
    """For credentials that come from nowhere."""
    return False


@cache
def _partitions() -> Any:
    """The same for all clients: many of them would each hold half a megabyte."""
    return data("partitions.json")


class ClientOptions(NamedTuple):
    """What a Session gives each client: values, and functions for what costs something."""

    app: App
    service_model: ServiceModel
    endpoints: EndpointSettings
    credentials: Callable[[], Credentials | None]  # asked only when something is signed
    sender_options: "Callable[[], SenderOptions]"
    retry_policy: RetryPolicy
    bearer_token: Callable[[], Credentials | None] = no_bearer_token
    renew_credentials: Callable[[Credentials], bool] = cannot_renew  # of credentials that a service calls expired
    retry_mode: str = "standard"
    validate_parameters: bool = True
    request_checksum: str = "when_supported"
    response_checksum: str = "when_supported"
    trailers: bool = True  # checksums may follow a streamed body; off where somebody else is to send it
    compress_from: int | None = 10_240  # bytes; None: never
    endpoint_discovery: str | None = "auto"  # None: the call was given an endpoint of its own
    headers: Mapping[str, str] = NOTHING  # go with every request
    app_id: str | None = None
    command: str | None = None  # `service.operation` of the command line
    prompt: str = "off"  # whether that line comes from the prompt
    agent: str = ""  # further fields of the user agent
    own_agent: str | None = None  # in the place of all the others
    config: Config = Config()  # what the caller said of this client
    use_ssl: bool = True
    session_id: Callable[[], str | None] = str
    credential_features: Callable[[], tuple[str, ...]] = tuple
    observers: Sequence[Observer] = ()  # are told of the calls


class ClientContext(ClientOptions):
    """The options, and what is made of them when it is first needed."""

    @cached_property
    def _doubts(self) -> set[str]:
        return set()

    def warn_once(self, text: str) -> None:
        """Tell what may be meant otherwise, once."""
        if text not in self._doubts:
            self._doubts.add(text)
            self.app.stderr.write(text)

    @cached_property
    def clock(self) -> dict[str, timedelta]:
        """`offset`, once a service has told that this machine's clock is off."""
        return {}

    def now(self) -> datetime:
        """The time to sign by."""
        time = self.app.now()
        return time + self.clock["offset"] if self.clock else time

    @cached_property
    def send(self) -> Callable[[Request], Reply]:
        """The connection pool."""
        return self.app.open_sender(self.sender_options())

    @cached_property
    def read_timeout(self) -> float | None:
        """Seconds; None is without limit."""
        return self.sender_options().read_timeout

    @cached_property
    def built_ins(self) -> Mapping[str, Any]:
        """Built-in parameters of the endpoint rules. Raises NoRegionError, after what is wrong with the credentials."""
        try:
            return builtins(self.service_model, self.endpoints)
        except NoRegionError:
            if self.endpoints.sign:
                with suppress(NoCredentialsError):
                    self.credentials()
            raise

    @cached_property
    def client_context(self) -> Mapping[str, Any]:
        return client_context(self.service_model, self.endpoints)

    @property
    def partitions(self) -> Any:
        return _partitions()

    @cached_property
    def known_endpoints(self) -> dict[tuple[Any, ...], Endpoint]:
        """What the endpoint rules have answered, by what they were given."""
        return {}

    @cached_property
    def _session(self) -> str | None:
        return self.session_id() or None

    @cached_property
    def _user_agents(self) -> dict[tuple[str, ...], str]:
        return {}

    def user_agent(self, features: tuple[str, ...]) -> str:
        """The header's value for a request that uses `features`."""
        used = (*features, *self.credential_features())
        if used not in self._user_agents:
            self._user_agents[used] = self._make_user_agent(used)
        return self._user_agents[used]

    def _make_user_agent(self, features: tuple[str, ...]) -> str:
        if self.own_agent is not None:
            return " ".join(filter(None, (self.own_agent, self.agent)))
        mode = f"RETRY_MODE_{self.retry_mode.upper()}"
        override = ("ENDPOINT_OVERRIDE",) if self.endpoints.endpoint_url else ()
        return user_agent(
            self.app.env,
            features=(mode, *override, *features),
            retry_mode=self.retry_mode,
            app_id=self.app_id,
            command=self.command,
            prompt=self.prompt,
            session=self._session,
            extra=self.agent,
        )

    def close(self) -> None:
        """Give the pooled connections back, if any were opened."""
        sender = self.__dict__.pop("send", None)
        if sender is not None and hasattr(sender, "close"):
            sender.close()
