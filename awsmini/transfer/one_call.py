"""One API call from a thread, where the loop cannot send it."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from awsmini.transfer.core import Core
from awsmini.transfer.records import Delete
from awsmini.transfer.shared import Shared
from awsmini.transfer.workers import LargeTransfer


class OneCall(LargeTransfer):
    """`output` is there when `done` is, or `error`."""

    def __init__(self, core: Core, name: str, params: Mapping[str, Any]) -> None:
        super().__init__()
        self.output: dict[str, Any] = {}
        self.done = False
        self._core = core
        self._name = name
        self._params = params

    def begin(self) -> None:
        self.output = self._core.call(self._name, self._params)

    def tell(self) -> None:
        self.done = True


class DeleteOnce(OneCall):
    """A Delete task by itself."""

    def __init__(self, shared: Shared, task: Delete) -> None:
        own = {"VersionId": task.version_id, "IfMatch": None if task.etag is None else f'"{task.etag}"'}
        given = {name: value for name, value in own.items() if value is not None}
        super().__init__(shared.core, "DeleteObject", {**task.params, **given, "Bucket": task.bucket, "Key": task.key})
        self._shared = shared
        self._task = task
        self._started = monotonic()

    def tell(self) -> None:
        if self.error is not None:
            self._shared.failed(self, self._task, self._started, self.error)
        else:
            self._shared.done(self, self._task, self._started)
