"""What reading parameters needs of the outside world, and the errors of reading them."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple, TextIO

from awsmini.errors import AwsminiError, ParamValidationError


class ParamError(ParamValidationError):
    """The value of one option cannot be understood."""

    def __init__(self, label: str, message: str) -> None:
        super().__init__(f"Error parsing parameter '{label}': {message}")


class ConversionError(AwsminiError):
    """A text that does not convert to the type of its member; the message is the converter's own."""


class InvalidBase64Error(AwsminiError):
    """A binary value that is not what its format says."""

    def __init__(self, value: str) -> None:
        super().__init__(
            f'Invalid base64: "{value}". Binary values are given in base64: as they are with --cli-binary-format '
            "raw-in-base64-out, from a file with fileb://."
        )


def _silent(text: str) -> None:
    """Drop a warning."""


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def _uniform() -> float:
    return int.from_bytes(os.urandom(6), "big") / (1 << 48)


class Context(NamedTuple):
    """How parameters are read.

    `binary_format` is `base64` or `raw-in-base64-out` (--cli-binary-format, cli_binary_format);
    `encoding` that of file:// texts (AWS_CLI_FILE_ENCODING; None: the locale's); `stdin` is what
    `--cli-input-json -` reads; `warn` takes text for stderr; `endpoint_url` is the global option's value;
    `call` makes an API call of the same service (operation name, params) for the one option that needs one;
    `now` and `uniform` (in [0, 1)) make the references that must be unique.
    """

    binary_format: str = "base64"
    encoding: str | None = None
    stdin: TextIO | None = None
    warn: Callable[[str], object] = _silent
    endpoint_url: str | None = None
    call: Callable[[str, Mapping[str, Any]], dict[str, Any]] | None = None
    now: Callable[[], datetime] = _utc_now
    uniform: Callable[[], float] = _uniform
