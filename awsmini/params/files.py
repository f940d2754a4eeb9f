"""Values that name a file: `file://` for its text, `fileb://` for its bytes, and paths of streamed bodies.

This is the one place of `params` that touches the disk.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from awsmini.errors import AwsminiError
from awsmini.params.context import ConversionError
from awsmini.system import atomic
from awsmini.system.atomic import PUBLIC
from awsmini.system.user_dirs import expand_user

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
    return os.path.expandvars(expand_user(path, os.environ))


def is_file(path: str) -> bool:
    return os.path.isfile(path)


def is_writable(path: str) -> bool:
    """Whether a file can be written, or made where there is none."""
    try:
        atomic.check_writable(path)
    except OSError:
        return False
    return True


def read(path: str) -> bytes:
    """The bytes of a file."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ConversionError(str(error)) from None


@contextmanager
def saving(path: str | bytes, mode: int = PUBLIC) -> Iterator[BinaryIO]:
    """`awsmini.system.atomic.saving`, with its errors as ConversionError."""
    try:
        with atomic.saving(path, mode) as file:
            yield file
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
