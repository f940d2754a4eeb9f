"""Downloads whose names differ by case alone, on file systems that have room for only one of them."""

import os
from collections.abc import Callable
from typing import TextIO

from awsmini.errors import AwsminiError, ParamValidationError

HELP = "https://docs.aws.amazon.com/cli/latest/topic/s3-case-insensitivity.html"


class CaseConflictError(AwsminiError):
    """Two names clash, and that is to be an error."""


class CaseConflicts:
    """The names under way, in small letters. `wanted` is skip, warn or error."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self._under_way: set[str] = set()

    def takes(self, key: str, source: str, path: str, tell: Callable[[str], None]) -> bool:
        """Whether an object is downloaded. Raises CaseConflictError."""
        small = key.lower()
        if (small in self._under_way or os.path.exists(path)) and not self._clash(source, path, tell):
            return False
        self._under_way.add(small)
        return True

    def ended(self, key: str) -> None:
        self._under_way.discard(key.lower())

    def _clash(self, source: str, path: str, tell: Callable[[str], None]) -> bool:
        why = "a file whose name differs only by case either exists or is being downloaded."
        if self.wanted == "error":
            raise CaseConflictError(f"Failed to download {source} -> {path} because {why}")
        if self.wanted == "skip":
            tell(f"warning: Skipping {source} -> {path} because {why}\n")
            return False
        tell(
            f"warning: Downloading {source} -> {path} despite a file whose name differs only by case either existing "
            "or being downloaded. This behavior is not defined on case-insensitive filesystems and may result in "
            f"overwriting existing files or race conditions between concurrent downloads. For more information, see {HELP}.\n"
        )
        return True


def warn_of_directory_bucket(wanted: str, stderr: TextIO) -> None:
    """Directory buckets list in no order, so nobody knows which name is the second. Raises ParamValidationError."""
    if wanted != "warn":
        raise ParamValidationError(
            f"`{wanted}` is not a valid value for `--case-conflict` when operating on S3 Express directory buckets. "
            "Valid values: `warn`, `ignore`."
        )
    stderr.write(
        "warning: Recursive copies/moves from an S3 Express directory bucket to a case-insensitive local filesystem may "
        "result in undefined behavior if there are S3 object key names that differ only by case. To disable this "
        f"warning, set the `--case-conflict` parameter to `ignore`. For more information, see {HELP}."
    )
