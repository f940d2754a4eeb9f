"""A copy below the multipart threshold: one CopyObject on the loop."""

from collections.abc import Mapping
from time import monotonic
from typing import Any
from urllib.parse import quote

from awsmini.errors import ResponseParseError
from awsmini.records import Output, Reply
from awsmini.transfer.api_call import ApiCall
from awsmini.transfer.delete_object import delete_source
from awsmini.transfer.http1 import Head
from awsmini.transfer.records import Copy
from awsmini.transfer.shared import Shared, bare
from awsmini.transfer.template import Template, put_header

VARYING: tuple[str, ...] = ("CopySource",)
IF_MATCH = "CopySourceIfMatch"


class CopyObject(ApiCall):
    """A success may hold an error, which is then an error like any other."""

    def __init__(self, shared: Shared, task: Copy) -> None:
        self.task = task
        self._shared = shared
        self._started = monotonic()
        values = {b"length": b"0"}
        version = f"?versionId={quote(task.source_version)}" if task.source_version else ""
        put_header(values, "CopySource", quote(copy_source(task), safe="/") + version)
        self._varying = VARYING
        if task.exact and task.etag:
            self._varying += (IF_MATCH,)
            put_header(values, IF_MATCH, f'"{task.etag}"')
        super().__init__(shared.loop, shared.templates, task.key, values)

    def make_template(self) -> Template:
        return self._templates.get("CopyObject", self.task.bucket, self.task.params, self._varying)

    def succeeded(self, head: Head, reply: Reply) -> None:
        task = self.task
        made = copy_result(self._core.output(self.template.call, reply))
        self.done = True
        try:
            if task.finish is not None:
                task.finish()
        except Exception as error:
            self._shared.failed(self, task, self._started, error)
            return
        facts: dict[str, Any] = {
            "size": task.size,
            "etag": bare(made.get("ETag")),
            "version_id": head.headers.get("x-amz-version-id"),
        }
        self._shared.progress(task, task.size)
        if task.move:
            delete_source(self._shared, self, task, self._started, facts)
        else:
            self._shared.done(self, task, self._started, **facts)

    def failed(self, error: Exception) -> None:
        self.done = True
        self._shared.failed(self, self.task, self._started, error)


def copy_result(output: Output) -> Mapping[str, Any]:
    """What is told of the new object. Raises ResponseParseError where nothing is: it may not be there."""
    made: Mapping[str, Any] | None = output.get("CopyObjectResult")
    if not made:
        raise ResponseParseError("Invalid service response to CopyObject: it has no CopyObjectResult")
    return made


def copy_source(task: Copy) -> str:
    """The source as `bucket/key`, not yet quoted; an access point's ARN has a word between."""
    middle = "/object/" if task.source_bucket.startswith("arn:") else "/"
    return f"{task.source_bucket}{middle}{task.source_key}"
