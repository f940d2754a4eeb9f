"""Every setting by name: where it may stand, what it is when it stands nowhere, and where its value came from.

`RULES` is the table. A setting is looked for in this order: the command line flag, the environment, the chosen
profile, the default; the region has one place more, the instance that the program runs on.

    settings = Settings(os.environ, {"profile": "work"})
    settings.value("region")             -> "eu-west-1"
    settings.resolve("region")           -> Setting("region", "eu-west-1", "config-file", "~/.aws/config")
    settings.value("s3.addressing_style") -> None
    settings.endpoint_url("CloudWatch Logs") -> Setting("endpoint_url", None, None, None)

A name that the table lacks is a key of the profile: `settings.value("s3.max_concurrent_requests")`. Values are
text unless the rule converts them; `max_attempts` and `retry_mode` stay as written, `send.retry` reads them.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmini.config.files import Files, Section, load
from awsmini.errors import AwsminiError, ConfigurationError
from awsmini.system.switches import is_on
from awsmini.system.user_dirs import expand

if TYPE_CHECKING:
    from awsmini.app import App

CLOSE_MATCHES = "difflib:get_close_matches"
INSTANCE_REGION = "awsmini.config.credentials.imds:instance_region"
SANDBOX_REGION = "us-east-1"  # where a call to the sandbox goes for which none is configured
METADATA_URL = "awsmini.config.credentials.imds:base_url"


class ProfileNotFoundError(AwsminiError):
    """The profile asked for stands in neither file. `near` has names that may have been meant."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"The config profile ({name}) could not be found")
        self.name = name
        self.known = known

    @property
    def near(self) -> list[str]:
        matches: list[str] = resolve_name(CLOSE_MATCHES)(self.name, self.known)
        return matches


class InvalidConfigError(AwsminiError):
    """A setting whose value, or whose combination with others, makes no sense."""


class Setting(NamedTuple):
    """A resolved value. `source` and `location` are what `configure list` calls TYPE and LOCATION."""

    name: str
    value: Any
    source: str | None = None  # manual, env, config-file, imds or default; None where there is no value
    location: str | None = None  # --region, AWS_REGION, ~/.aws/config …


def is_local(flags: Mapping[str, Any], env: Mapping[str, str]) -> bool:
    """Whether the command line or the environment sends calls to the sandbox."""
    return bool(flags.get("local")) or is_on(env, "AWSMINI_LOCAL")


class Rule(NamedTuple):
    """Where one setting is looked for."""

    env: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()  # of the profile; `s3.addressing_style` is a key of the map `s3`
    default: Any = None
    convert: Callable[[str, Any], Any] | None = None  # (name, raw value) → value
    flag: str | None = None  # the key in the mapping of global flags


def boolean(name: str, raw: Any) -> bool:
    """`true` in any case is true; everything else is false."""
    return raw is True or (isinstance(raw, str) and raw.lower() == "true")


def integer(name: str, raw: Any) -> int:
    try:
        return int(raw)
    except (TypeError, ValueError) as error:
        raise InvalidConfigError(f"{error} ({name})") from None


def checksum_choice(name: str, raw: Any) -> str:
    value = raw.lower() if isinstance(raw, str) else raw
    if value not in ("when_supported", "when_required"):
        raise InvalidConfigError(
            f"Unsupported configuration value for {name}. "
            f"Expected one of ('when_supported', 'when_required') but got {value}."
        )
    return str(value)


def account_id_mode(name: str, raw: Any) -> str:
    value = raw.lower() if isinstance(raw, str) else raw
    if value not in ("preferred", "disabled", "required"):
        raise InvalidConfigError(
            f"The configured value '{value}' for '{name}' is invalid. "
            "Valid values are: ('preferred', 'disabled', 'required')."
        )
    return str(value)


def addressing_style(name: str, raw: Any) -> str:
    if raw not in ("auto", "virtual", "path"):
        raise InvalidConfigError(
            f"S3 addressing style {raw} is invalid. Valid options are: 'auto', 'virtual', and 'path'"
        )
    return str(raw)


def compression_size(name: str, raw: Any) -> int:
    try:
        size = int(raw)
    except (TypeError, ValueError):
        raise InvalidConfigError(
            f'Invalid value "{raw}" for {name}. Value must be an integer. Received {type(raw)} instead.'
        ) from None
    if not 1 <= size <= 1048576:
        raise InvalidConfigError(f'Invalid value "{raw}" for {name}. Value must be between 1 and 1048576.')
    return size


def binary_format(name: str, raw: Any) -> str:
    if raw not in ("base64", "raw-in-base64-out"):
        raise InvalidConfigError(f'Invalid value "{raw}" for {name}. Value must be base64 or raw-in-base64-out.')
    return str(raw)


def timestamp_format(name: str, raw: Any) -> str:
    if raw not in ("wire", "iso8601"):
        raise ConfigurationError(f'Unknown {name} value: {raw}, valid values are "wire" or "iso8601"')
    return str(raw)


def comma_list(name: str, raw: Any) -> str:
    """A comma separated list without blanks or empty items, still as text."""
    if not isinstance(raw, str):
        raise InvalidConfigError(f"{name} must be a comma-delimited string. Received {type(raw)} instead: {raw}.")
    return ",".join(item.replace(" ", "").replace("\t", "") for item in raw.split(",") if item.strip())


def command_line(name: str, raw: Any) -> str:
    if not isinstance(raw, str):
        raise InvalidConfigError(f'Invalid value "{raw}" for {name}. Value must be a command.')
    return raw


def strict_boolean(name: str, raw: Any) -> bool:
    if isinstance(raw, str) and raw.lower() in ("true", "false"):
        return raw.lower() == "true"
    raise InvalidConfigError(f'Invalid value "{raw}" for {name}. Value must be a boolean')


def _rule(key: str, default: Any = None, convert: Callable[[str, Any], Any] | None = None) -> Rule:
    """The common case: the profile key, and the environment variable of the same name behind `AWS_`."""
    return Rule(env=(f"AWS_{key.upper()}",), keys=(key,), default=default, convert=convert)


RULES: dict[str, Rule] = {
    # Files and profile
    "profile": Rule(env=("AWS_PROFILE", "AWS_DEFAULT_PROFILE"), flag="profile"),
    "config_file": Rule(env=("AWS_CONFIG_FILE",), default="~/.aws/config"),
    "credentials_file": Rule(env=("AWS_SHARED_CREDENTIALS_FILE",), default="~/.aws/credentials"),
    "data_path": Rule(env=("AWS_DATA_PATH",), keys=("data_path",)),
    # What every call asks
    "region": Rule(env=("AWS_REGION", "AWS_DEFAULT_REGION"), keys=("region",), flag="region"),
    "output": Rule(env=("AWS_DEFAULT_OUTPUT",), keys=("output",), default="json", flag="output"),
    "ca_bundle": Rule(env=("AWS_CA_BUNDLE",), keys=("ca_bundle",), flag="ca_bundle"),
    "parameter_validation": Rule(keys=("parameter_validation",), default=True, convert=boolean),
    "tcp_keepalive": Rule(keys=("tcp_keepalive",), default=False, convert=boolean),
    "retry_mode": _rule("retry_mode", "standard"),
    "max_attempts": _rule("max_attempts", 3),
    "defaults_mode": _rule("defaults_mode"),  # known, without effect
    "user_agent_appid": Rule(env=("AWS_SDK_UA_APP_ID",), keys=("sdk_ua_app_id",)),
    # The command line itself
    "pager": Rule(
        env=("AWS_PAGER",), keys=("cli_pager",), convert=command_line
    ),  # then PAGER, then less: format's pager knows
    "cli_timestamp_format": Rule(keys=("cli_timestamp_format",), default="iso8601", convert=timestamp_format),
    "cli_binary_format": Rule(
        keys=("cli_binary_format",), default="base64", convert=binary_format, flag="cli_binary_format"
    ),
    "cli_auto_prompt": Rule(env=("AWS_CLI_AUTO_PROMPT",), keys=("cli_auto_prompt",), default="off"),
    "cli_error_format": Rule(
        env=("AWS_CLI_ERROR_FORMAT",), keys=("cli_error_format",), default="enhanced", flag="cli_error_format"
    ),
    "cli_help_output": Rule(keys=("cli_help_output",), default="terminal"),
    "cli_history": Rule(keys=("cli_history",)),
    # Endpoints
    "use_fips_endpoint": _rule("use_fips_endpoint", convert=boolean),
    "use_dualstack_endpoint": _rule("use_dualstack_endpoint", convert=boolean),
    "ignore_configured_endpoint_urls": _rule("ignore_configured_endpoint_urls", convert=boolean),
    "account_id_endpoint_mode": _rule("account_id_endpoint_mode", "preferred", account_id_mode),
    "sts_regional_endpoints": _rule("sts_regional_endpoints"),  # known, without effect: STS is always regional
    "disable_host_prefix_injection": _rule("disable_host_prefix_injection", convert=boolean),
    "endpoint_discovery_enabled": Rule(
        env=("AWS_ENDPOINT_DISCOVERY_ENABLED", "AWS_ENABLE_ENDPOINT_DISCOVERY"),
        keys=("endpoint_discovery_enabled",),
        default="auto",  # read by config.discovery, and only for the services that have it
    ),
    # What a request carries
    "request_checksum_calculation": _rule("request_checksum_calculation", "when_supported", checksum_choice),
    "response_checksum_validation": _rule("response_checksum_validation", "when_supported", checksum_choice),
    "request_min_compression_size_bytes": _rule("request_min_compression_size_bytes", 10240, compression_size),
    "disable_request_compression": _rule("disable_request_compression", False, boolean),
    "sigv4a_signing_region_set": _rule("sigv4a_signing_region_set"),
    "auth_scheme_preference": _rule("auth_scheme_preference", convert=comma_list),
    # S3
    "s3_disable_express_session_auth": _rule("s3_disable_express_session_auth", convert=strict_boolean),
    "s3.addressing_style": Rule(keys=("s3.addressing_style",), convert=addressing_style),
    "s3.use_accelerate_endpoint": Rule(keys=("s3.use_accelerate_endpoint",), convert=boolean),
    "s3.use_dualstack_endpoint": Rule(keys=("s3.use_dualstack_endpoint",), convert=boolean),
    "s3.payload_signing_enabled": Rule(keys=("s3.payload_signing_enabled",), convert=boolean),
    "s3.use_arn_region": Rule(
        env=("AWS_S3_USE_ARN_REGION",), keys=("s3_use_arn_region", "s3.use_arn_region"), convert=boolean
    ),
    "s3.s3_disable_multiregion_access_points": Rule(
        env=("AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS",),
        keys=("s3.s3_disable_multiregion_access_points",),
        convert=boolean,
    ),
    # Proxies; HTTP_PROXY and its kind belong to the sender
    "proxy_ca_bundle": Rule(keys=("proxy_ca_bundle",)),
    "proxy_client_cert": Rule(keys=("proxy_client_cert",)),
    "proxy_use_forwarding_for_https": Rule(keys=("proxy_use_forwarding_for_https",), convert=boolean),
    # The instance metadata service
    "ec2_metadata_disabled": Rule(env=("AWS_EC2_METADATA_DISABLED",), default=False, convert=boolean),
    "ec2_metadata_service_endpoint": _rule("ec2_metadata_service_endpoint"),
    "ec2_metadata_service_endpoint_mode": _rule("ec2_metadata_service_endpoint_mode"),
    "ec2_metadata_v1_disabled": _rule("ec2_metadata_v1_disabled", False, boolean),
    "imds_use_ipv6": _rule("imds_use_ipv6", False, boolean),
    "metadata_service_timeout": _rule("metadata_service_timeout", 1, integer),
    "metadata_service_num_attempts": _rule("metadata_service_num_attempts", 1, integer),
    # Client-side monitoring
    "csm_enabled": _rule("csm_enabled", False, boolean),
    "csm_host": _rule("csm_host", "127.0.0.1"),
    "csm_port": _rule("csm_port", 31000, integer),
    "csm_client_id": _rule("csm_client_id", ""),
}

# Checked for every client, of whatever service, in this order.
CHECKED = (
    "request_min_compression_size_bytes",
    "request_checksum_calculation",
    "response_checksum_validation",
    "account_id_endpoint_mode",
    "auth_scheme_preference",
    "s3_disable_express_session_auth",
    "s3.addressing_style",
)

# Checked for every command, in this order.
CHECKED_FIRST = (
    "cli_timestamp_format",
    "cli_binary_format",
    "metadata_service_timeout",
    "metadata_service_num_attempts",
)
METADATA_ADDRESS = ("ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode")


class Settings:
    """The settings of one call. Files are read when the first value is looked for in them.

    `flags` are the global options by name (`profile`, `region`, `output` …), those not given None or absent.
    With `app`, the region may come from the instance metadata service.
    """

    def __init__(
        self,
        env: Mapping[str, str],
        flags: Mapping[str, Any] | None = None,
        *,
        app: "App | None" = None,
        files: Files | None = None,
    ) -> None:
        self.env = env
        self.flags = flags or {}
        self._app = app
        self._files = files
        self._resolved: dict[str, Setting] = {}

    @property
    def files(self) -> Files:
        """Both files; ConfigFileError where one cannot be understood."""
        if self._files is None:
            self._files = load(self.path("config_file"), self.path("credentials_file"))
        return self._files

    @property
    def files_read(self) -> Files | None:
        """Both files, if they have been read."""
        return self._files

    def path(self, name: str) -> str:
        """A setting that names a file, with `~` and variables filled in."""
        return expand(str(self.value(name)), self.env)

    @property
    def profile_name(self) -> str | None:
        """The profile asked for; None when none was, which means `default` if there is one."""
        name: str | None = self.value("profile")
        return name

    @property
    def explicit_profile(self) -> bool:
        """Whether the profile was named on the command line: keys in the environment then do not count."""
        return bool(self.flags.get("profile"))

    @property
    def profile(self) -> Section:
        """The chosen profile. Raises ProfileNotFoundError for one that was asked for and does not exist."""
        name = self.profile_name
        profiles = self.files.profiles
        if name is None:
            return profiles.get("default", {})
        if name not in profiles:
            raise ProfileNotFoundError(name, list(profiles))
        return profiles[name]

    @property
    def is_local(self) -> bool:
        """Whether calls go to the sandbox."""
        return is_local(self.flags, self.env)

    def section(self, kind: str, name: str) -> Section | None:
        """What stands under [kind name]: kind is `profile`, `sso-session` or `services`."""
        files = self.files
        kinds = {"profile": files.profiles, "sso-session": files.sso_sessions, "services": files.services}
        return kinds[kind].get(name)

    def overlaid(self, values: Iterable[tuple[str, Any]]) -> "Settings":
        """The same settings, but for those that are given. Raises for a bad value."""
        other = Settings(self.env, self.flags, app=self._app, files=self._files)
        other._resolved = dict(self._resolved)
        for name, value in values:
            convert = RULES[name].convert if name in RULES else None
            other._resolved[name] = Setting(name, convert(name, value) if convert else value, "manual", "Config")
        return other

    def value(self, name: str) -> Any:
        return self.resolve(name).value

    def resolve(self, name: str) -> Setting:
        """The setting's value and where it came from. An error in a file or a bad value is raised here."""
        setting = self._resolved.get(name)
        if setting is None:
            setting = self._resolved[name] = self._resolve(name, RULES.get(name) or Rule(keys=(name,)))
        return setting

    def written(self, name: str) -> Setting | None:
        """What the environment or the profile says, whatever the command line does."""
        return self._written(name, RULES[name])

    def _resolve(self, name: str, rule: Rule) -> Setting:
        setting = self._find(name, rule)
        if setting.value is None or rule.convert is None:
            return setting
        return setting._replace(value=rule.convert(name, setting.value))

    def _find(self, name: str, rule: Rule) -> Setting:
        given = self.flags.get(rule.flag) if rule.flag is not None else None
        if given or (given == "" and name == "region"):  # the one empty value that does not stand for another
            return Setting(name, given, "manual", f"--{str(rule.flag).replace('_', '-')}")
        written = self._written(name, rule)
        if written is not None:
            return written
        if name == "region":
            return Setting(name, SANDBOX_REGION, "sandbox", "--local") if self.is_local else self._instance_region()
        return Setting(name, rule.default, None if rule.default is None else "default")

    def _written(self, name: str, rule: Rule) -> Setting | None:
        for variable in rule.env:
            if variable in self.env:
                return Setting(name, self.env[variable], "env", variable)
        for key in rule.keys:
            found = self._in_profile(key)
            if found is not None:
                return Setting(name, found, "config-file", self.value("config_file"))
        return None

    def _in_profile(self, key: str) -> Any:
        outer, dot, inner = key.partition(".")
        found = self.profile.get(outer)
        if not dot:
            return found
        return found.get(inner) if isinstance(found, dict) else None

    def check_map(self, key: str) -> None:
        """Raise where the profile has a value of its own in the place of a map."""
        if isinstance(found := self.profile.get(key), str):
            raise InvalidConfigError(f'Below {key}, the profile has to have indented key = value lines, not "{found}".')

    def _instance_region(self) -> Setting:
        region = resolve_name(INSTANCE_REGION)(self, self._app) if self._app is not None else None
        return Setting("region", region, None if region is None else "imds", None if region is None else "")

    def data_path(self) -> str | None:
        """The setting of that name. A configuration that cannot be read has none: what else needs it says so."""
        try:
            found: str | None = self.value("data_path")
        except AwsminiError:
            return None
        return found

    def endpoint_url(self, service_id: str, *, flag: bool = True) -> Setting:
        """The endpoint that was configured for the service whose model says `serviceId`, if one was.

        With `flag` off, --endpoint-url does not count: it is meant for the service of the command alone.
        """
        if flag and (given := self.flags.get("endpoint_url")) is not None:
            return Setting("endpoint_url", given, "manual", "--endpoint-url")
        if self.value("ignore_configured_endpoint_urls"):
            return Setting("endpoint_url", None)
        snake_id = service_id.replace(" ", "_").replace("-", "_").lower()
        for variable in (f"AWS_ENDPOINT_URL_{snake_id.upper()}", "AWS_ENDPOINT_URL"):
            if self.env.get(variable):
                return Setting("endpoint_url", self.env[variable], "env", variable)
        url = self._services_endpoint(snake_id) or self.profile.get("endpoint_url")
        if not url:
            return Setting("endpoint_url", None)
        return Setting("endpoint_url", url, "config-file", self.value("config_file"))

    def _services_endpoint(self, snake_id: str) -> str | None:
        name = self.profile.get("services")
        if name is None:
            return None
        section = self.files.services.get(name) if isinstance(name, str) else None
        if not section:
            raise InvalidConfigError(
                f'The profile is configured to use the services section but the "{name}" services '
                "configuration does not exist."
            )
        service = section.get(snake_id)
        return service.get("endpoint_url") if isinstance(service, dict) else None

    def check_first(self) -> None:
        """Raise for a value that AWS CLI v2 refuses whatever the command. A profile that is not there has none."""
        for name in CHECKED_FIRST:
            with suppress(ProfileNotFoundError):
                self.resolve(name)
        with suppress(ProfileNotFoundError):
            if any(self.value(name) is not None for name in METADATA_ADDRESS):
                resolve_name(METADATA_URL)(self)

    def check(self) -> None:
        """Raise for a value that no client can work with."""
        for name in CHECKED:
            self.resolve(name)
