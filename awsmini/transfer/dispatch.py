"""Which way each task takes: over the loop in one request, over threads in parts, or with others in one deletion."""

import errno
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

from awsmini.references import resolve_name
from awsmini.transfer.records import Copy, Delete, Download, Task, Upload
from awsmini.transfer.shared import Shared
from awsmini.transfer.workers import LargeTransfer

# A run has tasks of one or two kinds, and loads the code of no others.
PUT_FILE = "awsmini.transfer.put_file:PutFile"
UPLOAD_FILE = "awsmini.transfer.upload_parts:UploadFile"
UPLOAD_STREAM = "awsmini.transfer.upload_parts:UploadStream"
PUT_ONCE = "awsmini.transfer.upload_parts:PutOnce"
GET_FILE = "awsmini.transfer.get_file:GetFile"
DOWNLOAD_FILE = "awsmini.transfer.download_parts:DownloadFile"
DOWNLOAD_STREAM = "awsmini.transfer.download_parts:DownloadStream"
COPY_OBJECT = "awsmini.transfer.copy_object:CopyObject"
COPY_PARTS = "awsmini.transfer.copy_parts:CopyParts"
COPY_ONCE = "awsmini.transfer.copy_parts:CopyOnce"
DELETE_BATCH = "awsmini.transfer.delete_batch:DeleteBatch"
DELETE_OBJECT = "awsmini.transfer.delete_object:DeleteObject"
DELETE_ONCE = "awsmini.transfer.one_call:DeleteOnce"
FITS_A_DOCUMENT = "awsmini.transfer.delete_batch:fits_a_document"
MOST = 1000  # objects in one DeleteObjects
BATCHES_MOST = 16  # deletions of a thousand under way
LARGE_MOST = 16  # large transfers under way, of which a few at a time move
FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


class Dispatch:
    """Starts tasks and knows what is under way."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.waited_for: set[Any] = set()  # requests of the tasks' own source, which ends with it
        self._workers = shared.workers
        self._by_loop = shared.by_loop
        self._small: set[Any] = set()
        self._large: set[LargeTransfer] = set()
        self._batches: dict[tuple[str, int], list[Delete]] = {}
        self._sent_batches: set[Any] = set()
        self._starters: Mapping[type, Callable[[Any], None]] = {
            Upload: self._upload,
            Download: self._download,
            Copy: self._copy,
            Delete: self._delete,
        }

    @property
    def has_room(self) -> bool:
        """Whether another task can be started."""
        small = len(self._small) < self.shared.loop.limit and len(self._sent_batches) < BATCHES_MOST
        return small and len(self._large) < LARGE_MOST

    @property
    def is_busy(self) -> bool:
        return bool(self._small or self._large or self._batches)

    def start(self, task: Task) -> None:
        """Start a task. An error of its own becomes its result."""
        try:
            self._starters[type(task)](task)
        except Exception as error:
            self.shared.failed(None, task, monotonic(), error)

    def flush(self) -> None:
        """No further tasks come: deletions that wait for company go."""
        for tasks in list(self._batches.values()):
            self._send_batch(tasks)
        self._batches.clear()

    def ended(self, transfer: Any) -> None:
        """A transfer is over."""
        self._small.discard(transfer)
        self._sent_batches.discard(transfer)
        self._large.discard(transfer)

    def stop(self) -> None:
        """The engine is closing: small transfers are dropped where they are."""
        for transfer in [*self._small, *self.waited_for]:
            transfer.done = True
            with suppress(OSError):
                transfer.stop()
        self._small.clear()
        self._batches.clear()

    def _upload(self, task: Upload) -> None:
        if not isinstance(task.source, str):
            self._add(resolve_name(UPLOAD_STREAM)(self.shared, task))
            return
        descriptor = os.open(task.source, FLAGS)
        try:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise _not_a_file(task.source, facts)
            if facts.st_size >= self.shared.options.multipart_threshold:
                self._add(resolve_name(UPLOAD_FILE)(self.shared, task, descriptor, facts))
            elif self._by_loop(task.bucket):
                self._submit(resolve_name(PUT_FILE)(self.shared, task, descriptor, facts))
            else:
                self._add(resolve_name(PUT_ONCE)(self.shared, task, descriptor, facts))
        except BaseException:
            with suppress(OSError):
                os.close(descriptor)
            raise

    def _download(self, task: Download) -> None:
        if not isinstance(task.target, str):
            self._add(resolve_name(DOWNLOAD_STREAM)(self.shared, task))
        elif (task.size or 0) >= self.shared.options.multipart_threshold or not self._by_loop(task.bucket):
            self._add(resolve_name(DOWNLOAD_FILE)(self.shared, task))
        else:
            self._submit(resolve_name(GET_FILE)(self.shared, task))

    def _copy(self, task: Copy) -> None:
        if task.size >= self.shared.options.multipart_threshold:
            self._add(resolve_name(COPY_PARTS)(self.shared, task))
        elif self._by_loop(task.bucket):
            self._submit(resolve_name(COPY_OBJECT)(self.shared, task))
        else:
            self._add(resolve_name(COPY_ONCE)(self.shared, task))

    def _delete(self, task: Delete) -> None:
        if not self._by_loop(task.bucket):
            self._add(resolve_name(DELETE_ONCE)(self.shared, task))
        elif not self.shared.options.batch_deletes or not resolve_name(FITS_A_DOCUMENT)(task.key):
            self._delete_singly([task])
        else:
            group = task.bucket, id(task.params)
            tasks = self._batches.setdefault(group, [])
            tasks.append(task)
            if len(tasks) == MOST:
                del self._batches[group]
                self._send_batch(tasks)

    def _send_batch(self, tasks: Sequence[Delete]) -> None:
        try:
            batch = resolve_name(DELETE_BATCH)(self.shared, tasks, self._delete_singly)
            self._sent_batches.add(batch)
            self._submit(batch)
        except Exception as error:
            for task in tasks:
                self.shared.failed(None, task, monotonic(), error)

    def _delete_singly(self, tasks: Sequence[Delete]) -> None:
        for task in tasks:
            self._submit(self._single_deletion(task))

    def _single_deletion(self, task: Delete) -> Any:
        started = monotonic()

        def then(error: Exception | None) -> None:
            if error is None:
                self.shared.done(call, task, started)
            else:
                self.shared.failed(call, task, started, error)

        call = resolve_name(DELETE_OBJECT)(
            self.shared, self.shared.templates, task.bucket, task.key, task.params, then, task.version_id, task.etag
        )
        return call

    def _submit(self, transfer: Any) -> None:
        self._small.add(transfer)
        transfer.submit()

    def _add(self, transfer: LargeTransfer) -> None:
        self._large.add(transfer)
        self._workers.add(transfer)


def _not_a_file(path: str, facts: os.stat_result) -> OSError:
    """What is said of a folder or a device in a file's place."""
    kind = errno.EISDIR if stat.S_ISDIR(facts.st_mode) else errno.EINVAL
    return OSError(kind, os.strerror(kind), path)
