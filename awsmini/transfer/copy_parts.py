"""A large object to another one, range by range, by the service itself."""

from awsmini.transfer.copy_object import copy_result
from awsmini.transfer.delete_object import delete_source
from awsmini.transfer.parts import InParts, part_size
from awsmini.transfer.records import Copy
from awsmini.transfer.shared import Shared


class CopyParts(InParts):
    """Each range is copied only while the source is what it was."""

    task: Copy

    def __init__(self, shared: Shared, task: Copy) -> None:
        super().__init__(shared, task)
        self.size = task.size
        self._part_size = part_size(shared.options.multipart_chunksize, task.size)

    def begin(self) -> None:
        own = self.task.multipart_params() if self.task.multipart_params is not None else {}
        self.create({**self.task.params, **own})
        self.count = max(1, -(-self.size // self._part_size))

    def part(self, number: int) -> None:
        task = self.task
        start = number * self._part_size
        end = min(start + self._part_size, self.size) - 1
        params = {
            **self.part_params("UploadPartCopy", number),
            "CopySource": source_parts(task),
            "CopySourceRange": f"bytes={start}-{end}",
        }
        if task.etag:
            params["CopySourceIfMatch"] = f'"{task.etag}"'
        output = self.shared.core.call("UploadPartCopy", params)
        self.keep_part(number, output.get("CopyPartResult", {}))
        if self.shared.options.progress is not None:
            self.workers.post(lambda: self.shared.progress(task, end + 1 - start))

    def finish(self) -> None:
        self.complete()
        if self.task.finish is not None:
            self.task.finish()

    def tell(self) -> None:
        if self.error is None and self.task.move:
            delete_source(self.shared, self, self.task, self.started, self.facts())
        else:
            super().tell()


class CopyOnce(CopyParts):
    """One CopyObject from a thread, where the loop cannot send it."""

    def begin(self) -> None:
        task = self.task
        params = self._members("CopyObject", task.params)
        if task.exact and task.etag:
            params["CopySourceIfMatch"] = f'"{task.etag}"'
        output = self.shared.core.call("CopyObject", {**params, "CopySource": source_parts(task)})
        self.output = {**copy_result(output), "VersionId": output.get("VersionId")}
        if task.finish is not None:
            task.finish()

    def finish(self) -> None:
        """There are no parts."""


def source_parts(task: Copy) -> dict[str, str]:
    """The source as the core takes it, which quotes all of it."""
    version = {"VersionId": task.source_version} if task.source_version else {}
    return {"Bucket": task.source_bucket, "Key": task.source_key, **version}
