"""Up to a thousand objects deleted by one DeleteObjects, which names only those that it could not delete."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from time import monotonic
from typing import Any

from awsmini.errors import ClientError
from awsmini.records import Reply
from awsmini.send.checksums import body_checksum
from awsmini.transfer.api_call import ApiCall
from awsmini.transfer.http1 import Head
from awsmini.transfer.records import Delete
from awsmini.transfer.shared import Shared
from awsmini.transfer.template import Template

MOST = 1000  # objects in one request
EXTRA = {"Delete": {"Objects": [{"Key": "-"}], "Quiet": True}}  # for the template
NOT_THERE = ("NotImplemented", "MethodNotAllowed", "501", "405")  # codes of services that have no DeleteObjects
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;", "\n": "&#xA;"}
_ESCAPED = str.maketrans(_ESCAPES)


class DeleteBatch(ApiCall):
    """All tasks are of one bucket, and share their parameters. `singly` takes them where the service has no such thing."""

    def __init__(self, shared: Shared, tasks: Sequence[Delete], singly: Callable[[Sequence[Delete]], None]) -> None:
        self.tasks = tasks
        self._shared = shared
        self._started = monotonic()
        self._singly = singly
        self._body = delete_document(tasks)
        super().__init__(shared.loop, shared.templates, "", {b"length": b"%d" % len(self._body)})
        self.values[b"hash"] = sha256(self._body).hexdigest().encode()
        if self.template.algorithm is not None:
            self.values[b"sum"] = body_checksum(self._body, self.template.algorithm).encode()

    def make_template(self) -> Template:
        first = self.tasks[0]
        return self._templates.get("DeleteObjects", first.bucket, first.params, (), True, EXTRA)

    def first_bytes(self) -> bytes:
        return self._body

    def succeeded(self, head: Head, reply: Reply) -> None:
        self.done = True
        refused: dict[tuple[str, str | None], Any] = {}
        if b"<Error>" in reply.body:
            output = self._core.output(self.template.call, reply)
            refused = {(error.get("Key", ""), error.get("VersionId")): error for error in output.get("Errors", ())}
        for task in self.tasks:
            error = refused.get((task.key, task.version_id)) or refused.get((task.key, None)) if refused else None
            if error is None:
                self._shared.done(None, task, self._started)
            else:
                self._shared.failed(None, task, self._started, self._as_error(error, reply))
        self._shared.ended(self)

    def failed(self, error: Exception) -> None:
        self.done = True
        if isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in NOT_THERE:
            self._singly(self.tasks)
        else:
            for task in self.tasks:
                self._shared.failed(None, task, self._started, error)
        self._shared.ended(self)

    def _as_error(self, error: dict[str, Any], reply: Reply) -> ClientError:
        """What was said of one object, as the error that DeleteObject would have raised."""
        said = {"Code": error.get("Code", ""), "Message": error.get("Message", "")}
        metadata = {"HTTPStatusCode": reply.status, "HTTPHeaders": dict(reply.headers)}
        return ClientError({"Error": said, "ResponseMetadata": metadata}, "DeleteObject")


def delete_document(tasks: Sequence[Delete]) -> bytes:
    """The request's body, as the core would write it."""
    parts = ['<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">']
    for task in tasks:
        key = task.key
        if not key.isalnum():
            key = key.translate(_ESCAPED)
        version = "" if task.version_id is None else f"<VersionId>{task.version_id.translate(_ESCAPED)}</VersionId>"
        parts.append(f"<Object><Key>{key}</Key>{version}</Object>")
    parts.append("<Quiet>true</Quiet></Delete>")
    return "".join(parts).encode()
