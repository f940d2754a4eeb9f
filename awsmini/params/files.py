"""Values that name a file: `file://` for its text, `fileb://` for its bytes, and paths of streamed bodies.

This is the one place of `params` that touches the disk.
"""

import os
from typing import Any, BinaryIO

from awsmini.errors import AwsminiError
from awsmini.params.context import ConversionError

TEXT = "file://"
BINARY = "fileb://"


class ParamFileError(AwsminiError):
    """A file that a value names cannot be read."""


def load(value: Any, encoding: str | None = None) -> str | bytes | None:
    """The content of the file that `value` names, or None where it names none. Raises ParamFileError."""
    if not isinstance(value, str):
        return None
    if value.startswith(TEXT):
        return _read_text(value, encoding)
    if value.startswith(BINARY):
        return _read_bytes(value)
    return None


def open_body(path: str) -> BinaryIO | None:
    """The file of a streamed body, or None where the path is no file."""
    try:
        expanded = expand(path)
        return open(expanded, "rb") if os.path.isfile(expanded) else None
    except OSError as error:
        raise ConversionError(str(error)) from None


def expand(path: str) -> str:
    """The path with ~ and $VARIABLES replaced."""
    return os.path.expandvars(os.path.expanduser(path))


def is_file(path: str) -> bool:
    return os.path.isfile(path)


def is_writable(path: str) -> bool:
    """Whether the folder of a path can be written to."""
    return os.access(os.path.dirname(os.path.abspath(path)), os.W_OK)


def read(path: str) -> bytes:
    """The bytes of a file."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ConversionError(str(error)) from None


def open_output(path: str) -> BinaryIO:
    """A file opened anew for writing."""
    try:
        return open(path, "wb")
    except OSError as error:
        raise ConversionError(str(error)) from None


def write_private(path: str, content: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all. A device or pipe is written to directly."""
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as file:
                file.write(content)
            return
        target = os.path.realpath(path)
        temporary = f"{target}.{os.getpid()}.part"
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        os.replace(temporary, target)
    except OSError as error:
        raise ConversionError(str(error)) from None


def _read_text(value: str, encoding: str | None) -> str:
    path = expand(value[len(TEXT) :])
    try:
        with open(path, encoding=encoding) as file:
            return file.read()
    except UnicodeDecodeError:
        raise ParamFileError(
            f"Unable to load paramfile ({path}), text contents could not be decoded.  If this is a binary file, "
            "please use the fileb:// prefix instead of the file:// prefix."
        ) from None
    except OSError as error:
        raise ParamFileError(f"Unable to load paramfile {value}: {error}") from None
    except (LookupError, ValueError) as error:  # an unknown encoding; a path with a NUL
        raise ConversionError(str(error)) from None


def _read_bytes(value: str) -> bytes:
    try:
        with open(expand(value[len(BINARY) :]), "rb") as file:
            return file.read()
    except OSError as error:
        raise ParamFileError(f"Unable to load paramfile {value}: {error}") from None
    except ValueError as error:
        raise ConversionError(str(error)) from None
