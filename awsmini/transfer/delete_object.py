"""One object deleted by one DeleteObject: a task of its own, or the source of one that moves."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from awsmini.records import Reply
from awsmini.transfer.api_call import ApiCall
from awsmini.transfer.core import Core
from awsmini.transfer.http1 import Head
from awsmini.transfer.one_call import OneCall
from awsmini.transfer.records import Copy, Download
from awsmini.transfer.shared import Shared
from awsmini.transfer.template import Template, put_header
from awsmini.transfer.templates import Templates

Then = Callable[[Exception | None], None]
OF_DELETION = ("RequestPayer", "ExpectedBucketOwner", "BypassGovernanceRetention", "MFA")  # members that go along


class DeleteObject(ApiCall):
    """`then` is told of the end."""

    def __init__(
        self,
        shared: Shared,
        templates: Templates,
        bucket: str,
        key: str,
        params: Mapping[str, Any],
        then: Then,
        version_id: str | None = None,
        etag: str | None = None,
    ) -> None:
        self._bucket = bucket
        self._params = params
        self._then = then
        self._varying: tuple[str, ...] = () if version_id is None else ("VersionId",)
        values = {b"length": b"0"}
        if version_id is not None:
            values[b"VersionId"] = quote(version_id, safe="").encode()
        if etag is not None:
            self._varying += ("IfMatch",)
            put_header(values, "IfMatch", f'"{etag}"')
        super().__init__(shared.loop, templates, key, values)

    def make_template(self) -> Template:
        return self._templates.get("DeleteObject", self._bucket, self._params, self._varying)

    def succeeded(self, head: Head, reply: Reply) -> None:
        self.done = True
        self._then(None)

    def failed(self, error: Exception) -> None:
        self.done = True
        self._then(error)


class SourceDeletion(OneCall):
    """The same from a thread."""

    def __init__(self, core: Core, params: Mapping[str, Any], then: Then) -> None:
        super().__init__(core, "DeleteObject", params)
        self._then = then

    def tell(self) -> None:
        self._then(self.error)


def delete_source(shared: Shared, transfer: Any, task: Download | Copy, started: float, facts: dict[str, Any]) -> None:
    """The end of a move: the source goes, and then the result is told."""

    def then(error: Exception | None) -> None:
        if error is None:
            shared.done(transfer, task, started, **facts)
        else:
            shared.failed(transfer, task, started, error)

    params = {name: task.params[name] for name in OF_DELETION if name in task.params}
    try:
        if isinstance(task, Copy):
            templates, bucket, key = shared.source_templates, task.source_bucket, task.source_key
        else:
            templates, bucket, key = shared.templates, task.bucket, task.key
        if shared.by_loop(bucket):
            DeleteObject(shared, templates, bucket, key, params, then).submit()
        else:
            shared.workers.add(SourceDeletion(templates.core, {**params, "Bucket": bucket, "Key": key}, then))
    except Exception as error:
        shared.failed(transfer, task, started, error)
