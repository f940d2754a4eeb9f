"""`awsmini.Config`: what one client is to do otherwise than the settings say, by boto3's names.

awsmini.client("s3", config=awsmini.Config(read_timeout=5, retries={"total_max_attempts": 2}))
"""

from collections.abc import Iterator, Mapping
from typing import Any

from awsmini.errors import ParamValidationError

UNSIGNED = "unsigned"  # as `signature_version`: calls that carry no signature
NUMBER, FLAG = (int, float), (bool,)
MB = 1024 * 1024
SECRETIVE = ("aws_", "prox", "client_cert")  # names of what must not be shown

# What can be said, and the types that it can have. All but those of OWN are settings of the same name.
OPTIONS: Mapping[str, tuple[type, ...]] = {
    "region_name": (str,), "signature_version": (str,), "user_agent": (str,), "user_agent_extra": (str,),
    "user_agent_appid": (str,), "connect_timeout": NUMBER, "read_timeout": NUMBER, "parameter_validation": FLAG,
    "max_pool_connections": (int,), "proxies": (dict,), "proxies_config": (dict,), "s3": (dict,), "retries": (dict,),
    "client_cert": (str, tuple), "inject_host_prefix": FLAG, "use_dualstack_endpoint": FLAG, "use_fips_endpoint": FLAG,
    "ignore_configured_endpoint_urls": FLAG, "tcp_keepalive": FLAG, "request_min_compression_size_bytes": (int,),
    "disable_request_compression": FLAG, "sigv4a_signing_region_set": (str,), "endpoint_discovery_enabled": (bool, str),
    "request_checksum_calculation": (str,), "response_checksum_validation": (str,), "account_id_endpoint_mode": (str,),
    "auth_scheme_preference": (str,), "defaults_mode": (str,),
}  # fmt: skip
OWN = frozenset({
    "signature_version", "user_agent", "user_agent_extra", "connect_timeout", "read_timeout", "max_pool_connections",
    "proxies", "proxies_config", "s3", "retries", "client_cert", "inject_host_prefix", "region_name",
})  # fmt: skip
WITHIN: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "s3": {
        "addressing_style": (str,), "use_accelerate_endpoint": FLAG, "payload_signing_enabled": FLAG,
        "use_arn_region": FLAG, "use_dualstack_endpoint": FLAG, "us_east_1_regional_endpoint": (str,),
        "s3_disable_multiregion_access_points": FLAG,
    },
    "retries": {"mode": (str,), "max_attempts": (int,), "total_max_attempts": (int,)},
    "proxies_config": {
        "proxy_ca_bundle": (str,), "proxy_client_cert": (str, tuple), "proxy_use_forwarding_for_https": FLAG,
    },
}  # fmt: skip


TEXTS: Mapping[str, tuple[type, ...]] = dict.fromkeys(
    (
        "service_name", "profile_name", "region_name", "endpoint_url", "aws_access_key_id", "aws_secret_access_key",
        "aws_session_token", "aws_account_id",
    ), (str,),
)  # fmt: skip


class Config:
    """Options that are not given are None, and left to the settings. Raises TypeError, ParamValidationError."""

    region_name: str | None
    signature_version: str | None
    user_agent: str | None
    user_agent_extra: str | None
    connect_timeout: float | None
    read_timeout: float | None
    max_pool_connections: int | None
    client_cert: str | tuple[str, str] | None
    inject_host_prefix: bool | None
    proxies: Mapping[str, str] | None
    proxies_config: Mapping[str, Any] | None
    retries: Mapping[str, Any] | None
    s3: Mapping[str, Any] | None

    def __init__(self, **options: Any) -> None:
        check_types("Config", options, OPTIONS)
        for name, known in WITHIN.items():
            check_types(f"Config {name}", options.get(name) or {}, known)
        for name in ("connect_timeout", "read_timeout", "max_pool_connections"):
            if options.get(name) is not None and options[name] <= 0:
                raise ParamValidationError(f"{name} must be greater than 0, and is {options[name]}.")
        if any(number < 0 for number in (options.get("retries") or {}).values() if isinstance(number, int)):
            raise ParamValidationError(f"retries must not be negative: {options['retries']}")
        self.__dict__.update(dict.fromkeys(OPTIONS) | options)

    @property
    def given(self) -> dict[str, Any]:
        """The options that say something."""
        return {name: value for name, value in self.__dict__.items() if value is not None}

    def merge(self, other: "Config") -> "Config":
        """A new one, where the other's options go before these."""
        return Config(**{**self.given, **other.given})

    def settings(self) -> Iterator[tuple[str, Any]]:
        """Those that are settings, by the settings' names."""
        for name, value in self.given.items():
            if name not in OWN:
                yield name, value
        if self.region_name is not None:
            yield "region", self.region_name
        for name, value in (self.s3 or {}).items():
            yield f"s3.{name}", value
        yield from (self.proxies_config or {}).items()
        retries = self.retries or {}
        if "mode" in retries:
            yield "retry_mode", retries["mode"]
        if "total_max_attempts" in retries:
            yield "max_attempts", retries["total_max_attempts"]
        elif "max_attempts" in retries:  # beside the first one
            yield "max_attempts", retries["max_attempts"] + 1

    def __repr__(self) -> str:
        return f"Config({', '.join(sorted(self.given))})"  # proxies may have passwords


class TransferConfig:
    """How files are cut and how many requests go at a time. What concerns boto3's queues and threads has no effect."""

    def __init__(
        self,
        multipart_threshold: int = 8 * MB,
        max_concurrency: int | None = None,
        multipart_chunksize: int = 8 * MB,
        num_download_attempts: int = 5,
        max_io_queue: int = 100,
        io_chunksize: int = 256 * 1024,
        use_threads: bool = True,
        max_bandwidth: int | None = None,
        preferred_transfer_client: str = "auto",
    ) -> None:
        numbers = {
            "multipart_threshold": multipart_threshold,
            "max_concurrency": max_concurrency,
            "multipart_chunksize": multipart_chunksize,
            "max_bandwidth": max_bandwidth,
        }
        for name, number in numbers.items():
            if number is not None and (not isinstance(number, int) or number <= 0):
                raise ValueError(f"{name} has to be a whole number above 0, and is {number!r}")
        self.multipart_threshold = multipart_threshold
        self.multipart_chunksize = multipart_chunksize
        self.max_concurrency = max_concurrency if use_threads else 1
        self.max_bandwidth = max_bandwidth


def check_types(where: str, given: Mapping[str, Any], known: Mapping[str, tuple[type, ...]]) -> None:
    for name, value in given.items():
        if name not in known:
            raise TypeError(f"{where} got an unexpected option '{name}'; there are {', '.join(known)}")
        kinds = known[name]
        if value is not None and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
            wanted = " or ".join(kind.__name__ for kind in kinds)
            shown = type(value).__name__ if name.startswith(SECRETIVE) else repr(value)
            raise TypeError(f"{where}: {name} has to be {wanted}, and is {shown}")
