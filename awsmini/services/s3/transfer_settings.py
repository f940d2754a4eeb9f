"""The section `s3` of a profile, as far as transfers are concerned."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError
from awsmini.services.s3.sizes import to_int

MB = 1024 * 1024
CLIENTS = ("auto", "classic", "crt")
_SIZES = ("multipart_chunksize", "multipart_threshold", "io_chunksize")
_RATES = ("max_bandwidth", "target_bandwidth", "disk_throughput")
_POSITIVE = (
    "multipart_chunksize", "multipart_threshold", "max_concurrent_requests", "max_queue_size", "max_bandwidth",
    "target_bandwidth", "io_chunksize", "disk_throughput",
)  # fmt: skip

_ONLY_CLASSIC = ("max_bandwidth", "max_queue_size", "io_chunksize")
_ONLY_CRT = ("target_bandwidth", "should_stream", "disk_throughput", "direct_io")
_FEWEST, _MOST = 2, 64  # attempts that the crt client can make


class TransferConfigError(AwsminiError):
    """A setting of the section `s3` has a value that cannot be used."""


class TransferSettings(NamedTuple):
    """What of them the engine gets."""

    multipart_threshold: int = 8 * MB
    multipart_chunksize: int = 8 * MB
    max_concurrent_requests: int | None = None
    max_bandwidth: int | None = None
    client: str = "auto"


def read(section: Mapping[str, Any]) -> TransferSettings:
    """Raises TransferConfigError."""
    found: dict[str, Any] = {
        name: section[name] for name in (*_POSITIVE, "preferred_transfer_client") if name in section
    }
    for name in _SIZES:
        if isinstance(found.get(name), str):
            found[name] = _checked(to_int, found[name])
    for name in _RATES:
        if isinstance(found.get(name), str):
            found[name] = _rate(found[name])
    client = found.get("preferred_transfer_client", "auto")
    client = "classic" if client == "default" else client
    for name in _POSITIVE:
        if name in found:
            found[name] = _positive(name, found[name])
    if client not in CLIENTS:
        raise TransferConfigError(
            f'Invalid value: "{client}" for configuration option: "preferred_transfer_client". '
            f"Supported values are: {', '.join(CLIENTS)}"
        )
    return TransferSettings(
        multipart_threshold=found.get("multipart_threshold", 8 * MB),
        multipart_chunksize=found.get("multipart_chunksize", 8 * MB),
        max_concurrent_requests=found.get("max_concurrent_requests"),
        max_bandwidth=found.get("max_bandwidth"),
        client=client,
    )


def _rate(text: str) -> int:
    """`10MB/s`, `10Mb/s` or `10485760` in bytes a second."""
    if text.endswith(("B/s", "b/s")):
        amount = text[:-3] if text[:-3].lstrip("+-").isdigit() else text[:-2]
        size = int(_checked(to_int, amount))
        return size if text.endswith("B/s") else size // 8
    try:
        return int(text)
    except ValueError:
        raise TransferConfigError(
            f"Invalid rate: {text}. The value must be expressed as an integer in terms of bytes per second "
            "(e.g. 10485760) or a rate in terms of bytes per second (e.g. 10MB/s or 800KB/s) or bits per second "
            "(e.g. 10Mb/s or 800Kb/s)"
        ) from None


def _positive(name: str, value: Any) -> int:
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number <= 0:
        raise TransferConfigError(f"Value for {name} must be a positive integer: {value}")
    return number


def _checked(convert: Callable[[str], int], text: str) -> int:
    try:
        return convert(text)
    except ValueError as error:
        raise TransferConfigError(str(error)) from None


class RunFacts(NamedTuple):
    """What else decides about the client."""

    copies: bool = False  # from S3 to S3
    stdin: bool = False  # the source is a stream
    retry_mode: str = "standard"
    max_attempts: int = 3

    @property
    def needs_classic(self) -> bool:
        return self.stdin or self.retry_mode == "adaptive" or not _FEWEST <= self.max_attempts <= _MOST


def client_for(wanted: str, section: Mapping[str, Any], facts: RunFacts) -> str:
    """Which of its two clients AWS CLI v2 would take: `classic` or `crt`."""
    if facts.copies:
        return "classic"
    if wanted != "auto":
        return wanted
    return "classic" if "max_bandwidth" in section or facts.needs_classic else "crt"


def warnings(wanted: str, section: Mapping[str, Any], facts: RunFacts) -> list[str]:
    """What it would say of settings that this client ignores."""
    client = client_for(wanted, section, facts)
    told = []
    if wanted == "auto" and "max_bandwidth" in section and not facts.copies:
        told.append(
            "warning: Using the 'classic' s3 transfer client because the 'crt' s3 transfer client does not support: "
            "max_bandwidth. A future version of the AWS CLI will use the 'crt' s3 transfer client by default, at which "
            "point these values will be ignored. Set the preferred_transfer_client configuration value to 'classic' to "
            "continue using the 'classic' s3 transfer client.\n"
        )
    ignored = [name for name in _ONLY_CRT if name in section]
    if client == "crt":
        ignored = [name for name in _ONLY_CLASSIC if name in section]
        if facts.retry_mode == "adaptive":
            ignored.append("retry_mode = adaptive")
        if not _FEWEST <= facts.max_attempts <= _MOST:
            ignored.append(f"max_attempts = {facts.max_attempts} (must be between {_FEWEST} and {_MOST})")
    if ignored:
        told.append(
            f"warning: The following configuration values are not supported by the '{client}' s3 transfer client and "
            f"will be ignored: {', '.join(ignored)}.\n"
        )
    return told
