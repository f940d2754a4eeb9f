"""A session: the settings and credentials of one profile, and clients made from them.

session = awsmini.Session(profile_name="work", region_name="eu-west-1")
session.client("kinesisvideo").list_streams()
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from awsmini.app import App, process_app
from awsmini.calls.context import ClientContext, cannot_renew
from awsmini.calls.observers import Observer
from awsmini.client import Client, client_class
from awsmini.config.builtins import EndpointSettings
from awsmini.config.credentials import CredentialSource, credential_source, token_source
from awsmini.config.settings import Settings
from awsmini.errors import AwsminiError
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel
from awsmini.records import Credentials
from awsmini.send.options import ProxyTls, SenderOptions, timeout_value, verify_value
from awsmini.send.proxies import from_environment
from awsmini.send.retry import max_attempts, policy, retry_mode
from awsmini.send.sessionid import FOLDER, session_id, terminal_name
from awsmini.sign.scheme import bearer_variable

if TYPE_CHECKING:
    from awsmini.config.credentials.tokens import TokenSource

MONITOR = "awsmini.calls.monitoring:Monitor"  # few ask for it
SANDBOX = "awsmini.sandbox:enter"
SANDBOX_REGION = "us-east-1"  # where a call goes for which none is configured


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
        app: App | None = None,
        flags: Mapping[str, Any] | None = None,
        settings: Settings | None = None,
        observers: Sequence[Observer] = (),
    ) -> None:
        self.app = app or process_app()
        given = {"profile": profile_name, "region": region_name}
        self.flags = {**(flags or {}), **{name: value for name, value in given.items() if value is not None}}
        self.settings = settings or Settings(self.app.env, self.flags, app=self.app)
        self.models = ModelFinder(self.app.env, self.settings.data_path)
        self._given_observers = observers
        self._explicit = explicit_credentials(aws_access_key_id, aws_secret_access_key, aws_session_token)
        self._classes: dict[str, type[Client]] = {}
        self.command: str | None = None  # of the command line, `service.operation`, for the user agent
        self.prompt = "off"  # whether that line comes from the prompt

    @property
    def region_name(self) -> str | None:
        region: str | None = self.settings.value("region")
        return region

    @cached_property
    def credentials(self) -> CredentialSource:
        """The chain of providers; nothing is looked for before it is asked."""
        return credential_source(self.settings, self.app, self._provider_client)

    @cached_property
    def tokens(self) -> "TokenSource":
        """Bearer tokens."""
        return token_source(self.settings, self.app, self._provider_client)

    def client(
        self,
        service_name: str,
        region_name: str | None = None,
        endpoint_url: str | None = None,
        verify: bool | str | None = None,
        aws_access_key_id: str | None = None,
        aws_secret_access_key: str | None = None,
        aws_session_token: str | None = None,
    ) -> Client:
        """A client of the service's own class."""
        explicit = explicit_credentials(aws_access_key_id, aws_secret_access_key, aws_session_token)
        return self.client_for(
            ServiceModel(self.models.lines(service_name)),
            region_name=region_name,
            endpoint_url=endpoint_url,
            verify=verify,
            credentials=explicit,
        )

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
    ) -> Client:
        """A client of a model already loaded; what is not given comes from the settings.

        `signed` off makes every call unsigned; `headers` go with every request; with `endpoint_flag` off,
        --endpoint-url does not count; `agent` is further fields of the user agent.
        """
        self.settings.check()
        credentials = credentials or self._explicit or self._sandbox_credentials
        find = self.credentials.get if credentials is None else (lambda: credentials)
        mode = retry_mode(self.settings.value("retry_mode"))
        app, signed = self.app, signed and self.flags.get("sign_request", True)
        given = endpoint_url or (self.flags.get("endpoint_url") if endpoint_flag else None)
        if self._local and not given:
            app, url = resolve_name(SANDBOX)(app)
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
            sender_options=partial(self._sender_options, verify),
            retry_policy=policy(mode, max_attempts(self.settings.value("max_attempts")), self.app.now().timestamp()),
            retry_mode=mode,
            validate_parameters=self.settings.value("parameter_validation"),
            request_checksum=self.settings.value("request_checksum_calculation"),
            response_checksum=self.settings.value("response_checksum_validation"),
            compress_from=self._compress_from,
            endpoint_discovery=None if given or self._local else str(self.settings.value("endpoint_discovery_enabled")),
            headers=headers or {},
            app_id=self.settings.value("user_agent_appid"),
            command=self.command,
            prompt=self.prompt,
            agent=agent,
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
        if not self.settings.value("csm_enabled"):
            return tuple(self._given_observers)
        return (*self._given_observers, resolve_name(MONITOR)(self.settings, self.app.now))

    @cached_property
    def _local(self) -> bool:
        return bool(self.flags.get("local") or self.app.env.get("AWSMINI_LOCAL", "") not in ("", "0"))

    @cached_property
    def _sandbox_credentials(self) -> Credentials | None:
        """Dummies for the sandbox: real credentials never go there."""
        return Credentials(access_key="sandbox", secret_key="sandbox", method="sandbox") if self._local else None

    def _endpoint_url(self, service_model: ServiceModel, flag: bool) -> str | None:
        """What is configured: for a model of the user's own under the name that it goes by, as in AWS CLI v2."""
        name = service_model.service_name
        key = service_model.service_id if self.models.is_shipped(name) else name
        found: str | None = self.settings.endpoint_url(key, flag=flag).value
        return found

    def _sandbox_endpoints(self, region_name: str | None, url: str, signed: bool) -> EndpointSettings:
        """One address for all services, whatever is configured."""
        return EndpointSettings(
            region=region_name or self.settings.value("region") or SANDBOX_REGION,
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
        if region is None and self._local:
            region = SANDBOX_REGION
        account_id: Callable[[], str | None] = self.credentials.account_id
        if credentials is not None:
            account_id = partial(getattr, credentials, "account_id")
        variable = bearer_variable(service_model)
        prefix = service_model.endpoint_prefix
        if prefix in ("s3", "s3-control"):
            self.settings.check_map("s3")
        own = value(prefix)
        return EndpointSettings(
            region=region,
            endpoint_url=endpoint_url,
            use_fips=bool(value("use_fips_endpoint")),
            use_dualstack=bool(value("use_dualstack_endpoint")),
            account_id=account_id,
            account_id_mode=value("account_id_endpoint_mode"),
            inject_host_prefix=not value("disable_host_prefix_injection"),
            sign=signed,
            signature_version=own.get("signature_version") if isinstance(own, dict) else None,
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

    def _sender_options(self, verify: bool | str | None) -> SenderOptions:
        value = self.settings.value
        if verify is None:
            bundle = self.flags.get("ca_bundle")  # a blank one is an error, where other blank options do not count
            bundle = value("ca_bundle") if bundle is None else bundle
            verify = verify_value(self.flags.get("verify_ssl", True), bundle, self.app.env)
        return SenderOptions(
            verify=verify,
            connect_timeout=timeout_value("connect", self.flags.get("cli_connect_timeout")),
            read_timeout=timeout_value("read", self.flags.get("cli_read_timeout")),
            tcp_keepalive=value("tcp_keepalive"),
            proxies=from_environment(self.app.env),
            proxy_tls=ProxyTls(
                ca_bundle=value("proxy_ca_bundle"),
                client_cert=value("proxy_client_cert"),
                use_forwarding_for_https=bool(value("proxy_use_forwarding_for_https")),
            ),
        )

    def _session_id(self) -> str | None:
        folder = Path(self.app.env.get("HOME") or Path.home(), ".aws", FOLDER)
        return session_id(folder, terminal_name(self.app.stdin), self.app.now().timestamp())

    @property
    def _compress_from(self) -> int | None:
        if self.settings.value("disable_request_compression"):
            return None
        size: int = self.settings.value("request_min_compression_size_bytes")
        return size

    def _bearer_token(self, service_model: ServiceModel) -> Credentials | None:
        if self._local:
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


def explicit_credentials(access_key: str | None, secret_key: str | None, token: str | None) -> Credentials | None:
    """Credentials given as arguments; None where none are. Raises where only one of the pair is."""
    if access_key is None and secret_key is None:
        return None
    if access_key is None or secret_key is None:
        missing = "aws_access_key_id" if access_key is None else "aws_secret_access_key"
        raise PartialCredentialsError(f"Partial credentials found in explicit, missing: {missing}")
    return Credentials(access_key=access_key, secret_key=secret_key, token=token)


class PartialCredentialsError(AwsminiError):
    """One half of a pair of keys."""
