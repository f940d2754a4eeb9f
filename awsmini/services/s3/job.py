"""What a transfer command is told, checked and taken apart before anything is sent."""

import os
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.services.s3 import paths
from awsmini.services.s3.options import PATHS_USAGE, URI_USAGE
from awsmini.services.s3.paths import Location

Values = Mapping[str, Any]
Kind = Literal["upload", "download", "copy", "delete"]

KINDS: Mapping[tuple[bool, ...], Kind] = {
    (False, True): "upload",
    (True, False): "download",
    (True, True): "copy",
    (True,): "delete",
}
_FORMS = {
    "upload": "<LocalPath> <S3Uri>",
    "copy": "<S3Uri> <S3Uri>",
    "download": "<S3Uri> <LocalPath>",
    "delete": "<S3Uri>",
}
STREAM = "-"
_CARE = frozenset(("max_delete", "delete_after", "backup_dir", "checksum", "preserve_times"))


class Job(NamedTuple):
    """One command line of cp, mv, rm or sync."""

    command: str
    kind: Kind
    values: Values
    source_path: str
    target_path: str
    many: bool
    stream: bool
    pattern: str = ""  # what of the source takes part, by its path below it: `2026-*/*.gz`

    @property
    def source(self) -> Location:
        return paths.location(self.source_path, many=self.many)

    @property
    def target(self) -> Location:
        return paths.location(self.target_path, many=self.many)

    @property
    def move(self) -> bool:
        return self.command == "mv"

    @property
    def page_size(self) -> int | None:
        return number(self.values, "page_size")


class NotANumberError(AwsminiError):
    """A word that should be an integer."""


def number(values: Values, name: str) -> int | None:
    """The value of an option that is an integer. Raises NotANumberError."""
    text = values.get(name)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise NotANumberError(str(error)) from None


def is_careful(values: Values) -> bool:
    """Whether a sync is a careful one."""
    return not _CARE.isdisjoint(values)


def job(command: str, values: Values) -> Job:
    """Raises ParamValidationError where the words do not go together."""
    number(values, "page_size")
    number(values, "progress_frequency")
    words: list[str] = list(values["paths"])
    kind = KINDS.get(tuple(paths.is_s3(word) for word in words))
    if kind is None or (command == "rm") != (kind == "delete"):
        usage = URI_USAGE if command == "rm" else PATHS_USAGE
        raise ParamValidationError(f"usage: awsmini s3 {command} {usage}\nError: Invalid argument type")
    words = [paths.with_slash(word) for word in words]
    source, target = words[0], words[-1]
    many = command == "sync" or bool(values.get("dir_op"))
    stream = STREAM in (source, target)
    if stream and (command != "cp" or many):
        raise ParamValidationError("Streaming currently is only compatible with non-recursive cp commands")
    if target == STREAM and values.get("no_overwrite"):
        raise ParamValidationError("--no-overwrite parameter is not supported for streaming downloads")
    if target == STREAM and values.get("json"):
        raise ParamValidationError("--json parameter is not supported for streaming downloads: both write to stdout")
    made = Job(command, kind, values, source, target, many, stream)
    _check_onto_itself(made)
    _check_checksums(made)
    if kind == "upload" and not stream and not os.path.exists(source):
        raise paths.MissingPathError(source)
    _check_keys(made)
    if command == "sync" and any(
        paths.is_directory_bucket(paths.bucket_and_key(word)[0]) for word in words if paths.is_s3(word)
    ):
        raise ParamValidationError("Cannot use sync command with a directory bucket.")
    return made


def _check_onto_itself(job: Job) -> None:
    if job.move and job.kind == "copy" and same_path(job.source_path, job.target_path, many=job.many):
        raise onto_itself(job)


def onto_itself(job: Job) -> ParamValidationError:
    return ParamValidationError(f"Cannot mv a file onto itself: {job.source_path} - {job.target_path}")


def same_path(source: str, target: str, *, many: bool) -> bool:
    """Whether what is moved would stay where it is, and be deleted there."""
    if source == target:
        return True
    if many:
        return f"{source.rstrip('/')}/" == f"{target.rstrip('/')}/"
    return target.endswith("/") and source == target + source.rpartition("/")[2]


def _check_checksums(job: Job) -> None:
    allowed: tuple[Kind, ...]
    for name, allowed in (("checksum-algorithm", ("upload", "copy")), ("checksum-mode", ("download",))):
        if job.values.get(name.replace("-", "_")) and job.kind not in allowed:
            forms = ", ".join(_FORMS[kind] for kind in allowed)
            raise ParamValidationError(
                f"Expected {name} parameter to be used with one of following path formats: {forms}. "
                f"Instead, received {_FORMS[job.kind]}."
            )


def _check_keys(job: Job) -> None:
    """Keys of one's own, for encryption by the server, come with their algorithm."""
    for name in ("sse-c", "sse-c-copy-source"):
        given = name, f"{name}-key"
        for one, other in (given, given[::-1]):
            if job.values.get(one.replace("-", "_")) and not job.values.get(other.replace("-", "_")):
                raise ParamValidationError(f"If --{one} is specified, --{other} must be specified as well.")
    if job.values.get("sse_c_copy_source") and job.kind != "copy":
        raise ParamValidationError("--sse-c-copy-source is only supported for copy operations.")
