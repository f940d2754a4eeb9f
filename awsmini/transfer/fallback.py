"""Listings where the loop cannot send the requests: pages asked for by a thread, the next one ahead of this one."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsmini.records import Output
from awsmini.transfer.core import Core
from awsmini.transfer.loop import Loop
from awsmini.transfer.one_call import OneCall
from awsmini.transfer.records import Listed, Page
from awsmini.transfer.workers import Workers


def fallback_pages(core: Core, workers: Workers, loop: Loop, params: Mapping[str, Any]) -> Iterator[Page]:
    """The pages of ListObjectsV2, as the core reads them. Raises ClientError."""

    def ask(token: str | None) -> OneCall:
        call = OneCall(core, "ListObjectsV2", params if token is None else {**params, "ContinuationToken": token})
        workers.add(call)
        return call

    call: OneCall | None = ask(None)
    while call is not None:
        while not call.done:
            loop.turn()
        if call.error is not None:
            raise call.error
        output = call.output
        token = output.get("NextContinuationToken")
        call = ask(token) if token else None
        yield page_of(output)


def page_of(output: Output) -> Page:
    """A parsed answer, its keys decoded already, as a page."""
    objects = [
        Listed(
            each["Key"],
            iso(each["LastModified"]),
            each.get("ETag", "").strip('"'),
            each.get("Size", 0),
            each.get("StorageClass", ""),
        )
        for each in output.get("Contents", ())
    ]
    return Page(objects, [each["Prefix"] for each in output.get("CommonPrefixes", ())])


def iso(moment: Any) -> str:
    """A moment as listings write it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
