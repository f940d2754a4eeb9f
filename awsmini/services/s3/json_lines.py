"""`--json`: a JSON object in a line of its own for each object, in the place of lines for people."""

import json
from typing import Any

from awsmini.services.s3.places import uri
from awsmini.services.s3.printing import Printer, told
from awsmini.transfer.records import Copy, Delete, Download, Listed, Result, Task, Upload

_FIELDS = ("action", "source", "destination", "bytes", "seconds", "etag", "checksum", "error")
_ACTIONS = {"cp": "copy", "mv": "move", "rm": "delete"}  # of a source that gave no objects


def line(action: str, source: str, **more: Any) -> str:
    """One record. All have the same fields, null where there is nothing to tell; some have further ones."""
    record = {**dict.fromkeys(_FIELDS), "dryrun": False, "action": action, "source": source, **more}
    return json.dumps(record, separators=(",", ":"))


def listed_line(bucket: str, found: Listed) -> str:
    """An object of a listing."""
    return line(
        "list",
        uri(bucket, found.key),
        bytes=found.size,
        etag=found.etag,
        last_modified=found.last_modified,
        storage_class=found.storage_class or "STANDARD",
    )


class JsonPrinter(Printer):
    """What the transfer commands print with `--json`. What goes to stderr stays as it is."""

    def succeeded(self, task: Task, result: Result | None = None) -> None:
        self._end(task)
        self._tell(task, result)

    def failure(self, task: Task, error: object, result: Result | None = None) -> None:
        super().failure(task, error, result)
        self._tell(task, result, error=told(error))

    def dryrun(self, task: Task, error: object = None) -> None:
        self._tell(task, None, dryrun=True)

    def deleted_file(self, path: str) -> None:
        self._queued += 1
        self._done += 1
        self._tell_file(path)

    def failed_file(self, path: str, error: Exception) -> None:
        super().failed_file(path, error)
        self._tell_file(path, error=told(error))

    def dryrun_file(self, path: str) -> None:
        self._tell_file(path, dryrun=True)

    def kept_file(self, word: str, path: str, target: str) -> None:
        self._queued += 1
        self._done += 1
        self._tell_file(path, word, target)

    def unkept_file(self, word: str, path: str, target: str, error: Exception) -> None:
        super().unkept_file(word, path, target, error)
        self._tell_file(path, word, target, error=told(error))

    def dryrun_keeping(self, word: str, path: str, target: str) -> None:
        self._tell_file(path, word, target, dryrun=True)

    def failed_source(self, command: str, path: str, error: Exception) -> None:
        super().failed_source(command, path, error)
        if not self.quiet:
            self._out(line(_ACTIONS.get(command, command), path, error=told(error)))

    def _tell(self, task: Task, result: Result | None, **more: Any) -> None:
        if self.quiet or (self.errors_only and "error" not in more):
            return
        action = self.line(task).partition(": ")[0]
        source, destination = self._sides(task)
        facts: dict[str, Any] = {}
        if not isinstance(task, Delete):
            facts["bytes"] = task.size if result is None or result.error is not None else result.size
        if result is not None:
            facts |= {"seconds": round(result.seconds, 6), "etag": result.etag, "checksum": result.checksum}
        self._out(line(action, source, destination=destination, **facts, **more))

    def _tell_file(self, path: str, action: str = "delete", target: str | None = None, **more: Any) -> None:
        """What happens to a file that is no task of the engine."""
        if not self.quiet and (not self.errors_only or "error" in more):
            destination = None if target is None else self.paths.shown(target)
            self._out(line(action, self.paths.shown(path), destination=destination, **more))

    def _sides(self, task: Task) -> tuple[str, str | None]:
        """From where, and to where."""
        if isinstance(task, Upload):
            return self._local(task.source), uri(task.bucket, task.key)
        if isinstance(task, Download):
            return uri(task.bucket, task.key), self._local(task.target)
        if isinstance(task, Copy):
            return uri(task.source_bucket, task.source_key), uri(task.bucket, task.key)
        return uri(task.bucket, task.key), None
