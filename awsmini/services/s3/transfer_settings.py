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
