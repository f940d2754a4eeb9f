"""`s3://bucket/key` and its relations: what the words of the commands name."""

import os
import re
from typing import Literal, NamedTuple

from awsmini.errors import AwsminiError, ParamValidationError

SCHEME = "s3://"
Kind = Literal["s3", "local"]

_ARN = "arn:aws"
_ACCESS_POINTS = (  # compiled when they are first needed
    r"^(arn:aws.*:s3:[a-z\-0-9]*:[0-9]{12}:accesspoint[:/][^/]+)/?(.*)$",
    r"^(arn:aws.*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\-]{1,63}[/:]accesspoint[/:]"
    r"[a-zA-Z0-9\-]{1,63})[/:]?(.*)$",
)
_REFUSED = (
    (
        r"^arn:aws.*:s3-object-lambda:[a-z\-0-9]+:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\-]{1,63}[/:]?.*$",
        "s3 commands do not support S3 Object Lambda resources. Use s3api commands instead.",
    ),
    (
        r"^arn:aws.*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\-]{1,63}[/:]bucket[/:]"
        r"[a-zA-Z0-9\-]{1,63}[/:]?.*$",
        "s3 commands do not support Outpost Bucket ARNs. Use s3control commands instead.",
    ),
)


class MissingPathError(AwsminiError):
    """What is to be uploaded is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(f"The user-provided path {path} does not exist.")


class Location(NamedTuple):
    """One side of a command, taken apart.

    `root` stands before the key of each entry: an absolute path with a separator, or a prefix. Of one file or object
    it is the whole path, and `named` says that the name is the user's and not to be taken from the source.
    """

    kind: Kind
    bucket: str
    root: str
    named: bool


def is_s3(path: str) -> bool:
    return path.startswith(SCHEME)


def bucket_and_key(path: str) -> tuple[str, str]:
    """The bucket (or the ARN of an access point) and the key of a path. Raises ParamValidationError."""
    path = path.removeprefix(SCHEME)
    if path.startswith(_ARN):
        for refused, reason in _REFUSED:
            if re.match(refused, path):
                raise ParamValidationError(reason)
        for access_point in _ACCESS_POINTS:
            if found := re.match(access_point, path):
                return found.group(1), found.group(2)
    bucket, _, key = path.partition("/")
    return bucket, key


def with_slash(path: str) -> str:
    """The path of a bucket alone gets a `/`."""
    if not is_s3(path):
        return path
    _, key = bucket_and_key(path)
    return path if key or path.endswith("/") else f"{path}/"


def is_directory_bucket(bucket: str) -> bool:
    return bucket.endswith("--x-s3")


def location(path: str, *, many: bool) -> Location:
    """What a word of the command line names; `many`: all files of a folder, all objects of a prefix."""
    if is_s3(path):
        bucket, key = bucket_and_key(path)
        if many:
            return Location("s3", bucket, key if not key or key.endswith("/") else f"{key}/", named=False)
        return Location("s3", bucket, key, named=not path.endswith("/"))
    whole = os.path.abspath(path)
    if many or os.path.isdir(whole) or path.endswith(os.sep):
        return Location("local", "", whole if whole.endswith(os.sep) else whole + os.sep, named=False)
    return Location("local", "", whole, named=True)


def filter_root(path: str, *, many: bool) -> str:
    """What the patterns of filters are joined to."""
    if not is_s3(path):
        return os.path.abspath(path if many else os.path.dirname(path))
    bucket, key = bucket_and_key(path)
    if not many and not key.endswith("/"):
        key = key.rpartition("/")[0]
    return f"{bucket}/{key}"


class RelativePaths:
    """Paths as result lines show them: relative to the current folder. Those of one folder mostly come together."""

    def __init__(self, here: str | None = None) -> None:
        self._here = here or os.getcwd()
        self._last, self._shown = "", ""

    def shown(self, path: str) -> str:
        folder, _, name = path.rpartition(os.sep)
        if folder != self._last or not self._shown:
            self._last, self._shown = folder, os.path.relpath(folder or os.sep, self._here)
        return f"{self._shown}{os.sep}{name}"
