"""Up to a thousand objects deleted by one DeleteObjects, which names only those that it could not delete."""

import re
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

EXTRA = {"Delete": {"Objects": [{"Key": "-"}], "Quiet": True}}  # for the template
NOT_THERE = ("NotImplemented", "MethodNotAllowed", "501", "405")  # codes of services that have no DeleteObjects
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;", "\n": "&#xA;"}
_ESCAPED = str.maketrans(_ESCAPES)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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
        refused = self._refused_keys(reply)
        self.done = True
        if refused is None:
            self._singly(self.tasks)
            self._shared.ended(self)
            return
        for task in self.tasks:
            error = refused.get((task.key, task.version_id)) if refused else None
            if error is None:
                self._shared.done(None, task, self._started)
            else:
                self._shared.failed(None, task, self._started, self._as_error(error, reply))
        self._shared.ended(self)

    def _refused_keys(self, reply: Reply) -> dict[tuple[str, str | None], Any] | None:
        """The errors by key and version. None where the answer does not tell which objects are gone."""
        if b"DeleteResult" not in reply.body:
            return None
        if b"<Error>" not in reply.body:
            return {}
        errors = self._core.output(self.template.call, reply).get("Errors", ())
        refused = {(error.get("Key", ""), error.get("VersionId") or None): error for error in errors}
        return refused if refused.keys() <= {(task.key, task.version_id) for task in self.tasks} else None

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


def fits_a_document(key: str) -> bool:
    """Whether XML can hold a key: most control characters have no way to be written in it."""
    return key.isalnum() or _NOT_IN_XML.search(key) is None


def delete_document(tasks: Sequence[Delete]) -> bytes:
    """The request's body, as the core would write it."""
    parts = ['<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">']
    for task in tasks:
        key = task.key
        if not key.isalnum():
            key = key.translate(_ESCAPED)
        version = "" if task.version_id is None else f"<VersionId>{task.version_id.translate(_ESCAPED)}</VersionId>"
        etag = "" if task.etag is None else f"<ETag>&quot;{task.etag.translate(_ESCAPED)}&quot;</ETag>"
        parts.append(f"<Object><Key>{key}</Key>{version}{etag}</Object>")
    parts.append("<Quiet>true</Quiet></Delete>")
    return "".join(parts).encode()
