"""A session: the settings and credentials of one profile, and clients made from them.

session = awsmini.Session(profile_name="work", region_name="eu-west-1")
session.client("kinesisvideo").list_streams()
"""

import os
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cached_property, lru_cache, partial
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NoReturn

from awsmini.app import App, process_app
from awsmini.calls.context import ClientContext, cannot_renew
from awsmini.calls.observers import Observer
from awsmini.client import Client, client_class
from awsmini.config.builtins import EndpointSettings
from awsmini.config.client import TEXTS, UNSIGNED, Config, check_types
from awsmini.config.credentials import CredentialSource, credential_source, token_source
from awsmini.config.credentials.errors import PartialCredentialsError
from awsmini.config.regions import check_region
from awsmini.config.rules import functions_for
from awsmini.config.settings import Settings
from awsmini.errors import ParamValidationError
from awsmini.model.load import ModelFinder, data
from awsmini.model.shapes import ServiceModel
from awsmini.records import Credentials, replace
from awsmini.send.options import ProxyTls, SenderOptions, timeout_value, verify_value
from awsmini.send.proxies import Proxies, from_environment
from awsmini.send.retry import max_attempts, policy, retry_mode
from awsmini.send.sessionid import FOLDER, session_id, terminal_name
from awsmini.sign.scheme import bearer_variable
from awsmini.system.user_dirs import home_folder

if TYPE_CHECKING:
    from awsmini.config.credentials.tokens import TokenSource

MONITOR = "awsmini.calls.monitoring:Monitor"  # few ask for it
SANDBOX = "awsmini.sandbox:enter"
FENCED = "awsmini.sandbox.fence:fenced"
CHECK_INSIDE = "awsmini.sandbox.fence:check_endpoint"


class Session:
    """Names of arguments are boto3's. `flags` are the global options of a command line, by name."""

    def __init__(
        self,
        profile_name: str | None = None,
        region_name: str | None = None,
        *,
        aws_access_key_id: str | None = None,
        aws_secret_access_key: str | None = None,
        aws_session_token: str | None = None,
        aws_account_id: str | None = None,
        app: App | None = None,
        flags: Mapping[str, Any] | None = None,
        settings: Settings | None = None,
        observers: Sequence[Observer] = (),
    ) -> None:
        check_types("Session", {name: value for name, value in locals().items() if name in TEXTS}, TEXTS)
        self.app = app or process_app()
        given = {"profile": profile_name, "region": region_name}
        self.flags = {**(flags or {}), **{name: value for name, value in given.items() if value is not None}}
        self.settings = settings or Settings(self.app.env, self.flags, app=self.app)
        if flags is None and settings is None and self.settings.profile_name is not None:
            self.settings.profile  # noqa: B018 - raises where there is no such profile; a command line says it later
        if self.settings.is_local:
            self.app = resolve_name(FENCED)(self.app)
        self.models = ModelFinder(self.app.env, self.settings.data_path)
        self._given_observers = observers
        self._explicit = explicit_credentials(
            aws_access_key_id, aws_secret_access_key, aws_session_token, aws_account_id
        )
        self._config = Config()
        self._classes: dict[str, type[Client]] = {}
        self.command: str | None = None  # of the command line, `service.operation`, for the user agent
        self.prompt = "off"  # whether that line comes from the prompt

    @property
    def region_name(self) -> str | None:
        region: str | None = self.settings.value("region")
        return region

    def __repr__(self) -> str:
        return f"{type(self).__name__}(region_name={self.region_name!r})"

    def __copy__(self) -> "Session":
        other = object.__new__(type(self))
        vars(other).update(vars(self))
        return other

    def __reduce__(self) -> NoReturn:
        raise TypeError("A session cannot be sent to another process: make one there, with awsmini.Session().")

    @cached_property
    def credentials(self) -> CredentialSource:
        """The chain of providers; nothing is looked for before it is asked."""
        return credential_source(self.settings, self.app, self._provider_client)

    @cached_property
    def tokens(self) -> "TokenSource":
        """Bearer tokens."""
        return token_source(self.settings, self.app, self._provider_client)

    @property
    def profile_name(self) -> str:
        return self.settings.profile_name or "default"

    @property
    def available_profiles(self) -> list[str]:
        return list(self.settings.files.profiles)

    def get_credentials(self) -> "SessionCredentials | None":
        """What calls are signed with, refreshed when that is due; None where there is nothing."""
        fixed = self._explicit
        if fixed is not None:
            return SessionCredentials(lambda: fixed)
        return None if self.credentials.source() is None else SessionCredentials(self.credentials.get)

    def get_available_services(self) -> list[str]:
        """The names that `client` takes."""
        return sorted(self.models.service_names())

    def get_available_partitions(self) -> list[str]:
        return list(data("regions.json"))

    def get_available_regions(
        self, service_name: str, partition_name: str = "aws", allow_non_regional: bool = False
    ) -> list[str]:
        """The regions of a partition that a service is known to be in: of `aws` alone it is known, so elsewhere all."""
        regions: list[str] = data("regions.json").get(partition_name, [])
        known = data("service-regions.json").get(service_name, "").split() if partition_name == "aws" else regions
        extra = [f"{partition_name}-global"] if allow_non_regional else []
        return [name for name in regions if name in known] + extra

    def get_partition_for_region(self, region_name: str) -> str:
        """The partition that a region's name belongs to. Raises InvalidRegionError."""
        check_region(region_name)
        return str(functions_for(data("partitions.json"))["aws.partition"](region_name)["name"])

    def client(
        self,
        service_name: str,
        region_name: str | None = None,
        api_version: str | None = None,
        use_ssl: bool = True,
        verify: bool | str | None = None,
        endpoint_url: str | None = None,
        aws_access_key_id: str | None = None,
        aws_secret_access_key: str | None = None,
        aws_session_token: str | None = None,
        config: Config | None = None,
        aws_account_id: str | None = None,
    ) -> Client:
        """A client of the service's own class."""
        check_types("client", {name: value for name, value in locals().items() if name in TEXTS}, TEXTS)
        explicit = explicit_credentials(aws_access_key_id, aws_secret_access_key, aws_session_token, aws_account_id)
        model = ServiceModel(self.models.lines(service_name))
        if api_version not in (None, model.api_version):
            raise ParamValidationError(f"{service_name} has no API version {api_version}, only {model.api_version}.")
        made = self._configured(config).client_for(
            model,
            region_name=region_name,
            endpoint_url=endpoint_url,
            verify=verify,
            credentials=explicit,
            use_ssl=use_ssl,
        )
        check_region(made.meta.region_name or "")
        return made

    def _configured(self, config: Config | None) -> "Session":
        """This session where no more is said, else one that differs in what the config says; credentials are shared."""
        if config is None:
            return self
        if not isinstance(config, Config):
            raise TypeError(f"config has to be an awsmini.Config, and is {type(config).__name__}")
        other = copy(self)
        other.credentials = self.credentials
        other._config = config
        other.settings = self.settings.overlaid(config.settings())
        return other

    def client_for(
        self,
        service_model: ServiceModel,
        *,
        region_name: str | None = None,
        endpoint_url: str | None = None,
        verify: bool | str | None = None,
        credentials: Credentials | None = None,
        signed: bool = True,
        headers: Mapping[str, str] | None = None,
        endpoint_flag: bool = True,
        agent: str = "",
        use_ssl: bool = True,
    ) -> Client:
        """A client of a model already loaded; what is not given comes from the settings.

        `signed` off makes every call unsigned; `headers` go with every request; with `endpoint_flag` off,
        --endpoint-url does not count; `agent` is further fields of the user agent.
        """
        self.settings.check()
        is_local = self.settings.is_local
        credentials = credentials or self._explicit
        find = self.credentials.get if credentials is None else (lambda: credentials)
        mode = retry_mode(self.settings.value("retry_mode"))
        config = self._config
        signed = signed and self.flags.get("sign_request", True) and config.signature_version != UNSIGNED
        app, alive = self.app, None
        given = endpoint_url or (self.flags.get("endpoint_url") if endpoint_flag else None)
        if is_local and given:
            resolve_name(CHECK_INSIDE)(given)
        if is_local and not given:
            app, url, alive = resolve_name(SANDBOX)(app, service_model)
            endpoints = self._sandbox_endpoints(region_name, url, signed)
        else:
            endpoint_url = endpoint_url or self._endpoint_url(service_model, endpoint_flag)
            endpoints = self._endpoint_settings(service_model, region_name, endpoint_url, signed, credentials)
        context = ClientContext(
            app=app,
            service_model=service_model,
            endpoints=endpoints,
            credentials=find,
            renew_credentials=self.credentials.renew if credentials is None else cannot_renew,
            bearer_token=partial(self._bearer_token, service_model),
            sender_options=partial(self._sender_options, verify, alive),
            retry_policy=policy(mode, max_attempts(self.settings.value("max_attempts")), self.app.now().timestamp()),
            retry_mode=mode,
            validate_parameters=self.settings.value("parameter_validation"),
            request_checksum=self.settings.value("request_checksum_calculation"),
            response_checksum=self.settings.value("response_checksum_validation"),
            compress_from=self._compress_from,
            endpoint_discovery=None if given or is_local else str(self.settings.value("endpoint_discovery_enabled")),
            headers=headers or {},
            app_id=self.settings.value("user_agent_appid"),
            command=self.command,
            prompt=self.prompt,
            agent=" ".join(filter(None, (agent, config.user_agent_extra))),
            own_agent=config.user_agent,
            config=config,
            use_ssl=use_ssl,
            session_id=self._session_id,
            credential_features=lambda: self.credentials.features if credentials is None else (),
            observers=self._observers,
        )
        name = service_model.service_name
        if name not in self._classes:
            self._classes[name] = client_class(service_model)
        return self._classes[name](service_model, context)

    @cached_property
    def _observers(self) -> tuple[Observer, ...]:
        """Who is told of the calls of all clients."""
        if self.settings.is_local or not self.settings.value("csm_enabled"):
            return tuple(self._given_observers)
        return (*self._given_observers, resolve_name(MONITOR)(self.settings, self.app.now))

    def _endpoint_url(self, service_model: ServiceModel, flag: bool) -> str | None:
        """What is configured: for a model of the user's own under the name that it goes by, as in AWS CLI v2."""
        name = service_model.service_name
        key = service_model.service_id if self.models.is_shipped(name) else name
        found: str | None = self.settings.endpoint_url(key, flag=flag).value
        return found

    def _sandbox_endpoints(self, region_name: str | None, url: str, signed: bool) -> EndpointSettings:
        """One address for all services, whatever is configured."""
        return EndpointSettings(
            region=region_name or self.settings.value("region"),
            endpoint_url=url,
            account_id_mode="disabled",
            inject_host_prefix=False,
            sign=signed,
            addressing_style="path",
        )

    def _endpoint_settings(
        self,
        service_model: ServiceModel,
        region_name: str | None,
        endpoint_url: str | None,
        signed: bool,
        credentials: Credentials | None,
    ) -> EndpointSettings:
        value = self.settings.value
        region = value("region") if region_name is None else region_name
        account_id: Callable[[], str | None] = self.credentials.account_id
        if credentials is not None:
            account_id = partial(getattr, credentials, "account_id")
        variable = bearer_variable(service_model)
        prefix = service_model.endpoint_prefix
        if prefix in ("s3", "s3-control"):
            self.settings.check_map("s3")
        own, config = value(prefix), self._config
        return EndpointSettings(
            region=region,
            endpoint_url=endpoint_url,
            use_fips=bool(value("use_fips_endpoint")),
            use_dualstack=bool(value("use_dualstack_endpoint")),
            account_id=account_id,
            account_id_mode=value("account_id_endpoint_mode"),
            inject_host_prefix=not (self.settings.is_local or value("disable_host_prefix_injection"))
            if config.inject_host_prefix is None
            else config.inject_host_prefix,
            sign=signed,
            signature_version=config.signature_version
            or (own.get("signature_version") if isinstance(own, dict) else None),
            auth_scheme_preference=value("auth_scheme_preference"),
            sigv4a_region_set=value("sigv4a_signing_region_set"),
            has_bearer_token=bool(variable and self.app.env.get(variable)),
            addressing_style=value("s3.addressing_style"),
            use_accelerate=bool(value("s3.use_accelerate_endpoint")),
            s3_use_dualstack=bool(value("s3.use_dualstack_endpoint")),
            payload_signing=value("s3.payload_signing_enabled"),
            use_arn_region=value("s3.use_arn_region"),
            disable_multiregion_access_points=bool(value("s3.s3_disable_multiregion_access_points")),
            disable_express_session_auth=bool(value("s3_disable_express_session_auth")),
        )

    def _sender_options(self, verify: bool | str | None, alive: Callable[[], object] | None = None) -> SenderOptions:
        value = self.settings.value
        if verify is None:
            bundle = self.flags.get("ca_bundle")  # a blank one is an error, where other blank options do not count
            bundle = value("ca_bundle") if bundle is None else bundle
            verify = verify_value(self.flags.get("verify_ssl", True), bundle, self.app.env)
        config = self._config
        options = SenderOptions(
            verify=verify,
            connect_timeout=timeout_value("connect", self.flags.get("cli_connect_timeout")),
            read_timeout=timeout_value("read", self.flags.get("cli_read_timeout")),
            tcp_keepalive=value("tcp_keepalive"),
            proxies=self._proxies(config.proxies),
            proxy_tls=ProxyTls(
                ca_bundle=value("proxy_ca_bundle"),
                client_cert=value("proxy_client_cert"),
                use_forwarding_for_https=bool(value("proxy_use_forwarding_for_https")),
            ),
            client_cert=config.client_cert,
            alive=alive,
        )
        given = {"connect_timeout": config.connect_timeout, "read_timeout": config.read_timeout}
        given["max_connections"] = config.max_pool_connections
        return replace(options, **{name: value for name, value in given.items() if value is not None})

    def _proxies(self, given: Mapping[str, str] | None) -> Proxies:
        """The sandbox is reached past all of them."""
        if self.settings.is_local:
            return Proxies()
        return from_environment(self.app.env) if given is None else Proxies(given)

    def _session_id(self) -> str | None:
        folder = Path(home_folder(self.app.env), ".aws", FOLDER)
        return session_id(folder, terminal_name(self.app.stdin), self.app.now().timestamp())

    @property
    def _compress_from(self) -> int | None:
        if self.settings.value("disable_request_compression"):
            return None
        size: int = self.settings.value("request_min_compression_size_bytes")
        return size

    def _bearer_token(self, service_model: ServiceModel) -> Credentials | None:
        if self.settings.is_local:
            return Credentials(access_key="", secret_key="", token="sandbox", method="sandbox")
        token = self.tokens.get(service_model.signing_name)
        return None if token is None else Credentials(access_key="", secret_key="", token=token, method="token")

    def _provider_client(
        self,
        service: str,
        region: str | None,
        credentials: Credentials | None,
        headers: Mapping[str, str] | None = None,
    ) -> Client:
        """A client for a call on the way to credentials: unsigned where none are given."""
        model = ServiceModel(self.models.lines(service))
        return self.client_for(
            model,
            region_name=region,
            credentials=credentials,
            signed=credentials is not None,
            headers=headers,
            endpoint_flag=False,
        )


def explicit_credentials(
    access_key: str | None, secret_key: str | None, token: str | None, account_id: str | None = None
) -> Credentials | None:
    """Credentials given as arguments; None where none are. Raises where only one of the pair is."""
    if access_key is None and secret_key is None:
        return None
    if access_key is None or secret_key is None:
        missing = "aws_access_key_id" if access_key is None else "aws_secret_access_key"
        raise PartialCredentialsError("explicit", missing)
    return Credentials(access_key=access_key, secret_key=secret_key, token=token, account_id=account_id)


class SessionCredentials:
    """`access_key`, `secret_key`, `token`, `account_id` and `method`, each as it is at the moment."""

    def __init__(self, get: Callable[[], Credentials]) -> None:
        self.get_frozen_credentials = get  # those of one moment, which belong together

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.get_frozen_credentials(), name)


@lru_cache(maxsize=1)
def _session_of(environment: frozenset[tuple[str, str]]) -> Session:
    return Session()


def default_session() -> Session:
    """That of the environment, made anew where it has changed since."""
    return _session_of(frozenset(os.environ.items()))
