"""Many HeadObjects at a time, while transfers go on: what is stored beside the content of objects."""

from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.records import Reply
from awsmini.transfer.api_call import ApiCall
from awsmini.transfer.core import Core, known_members
from awsmini.transfer.http1 import Head
from awsmini.transfer.loop import Loop
from awsmini.transfer.one_call import OneCall
from awsmini.transfer.template import Template
from awsmini.transfer.templates import Templates
from awsmini.transfer.workers import Workers

Headers = Mapping[str, str]
AT_A_TIME = 64


class HeadObject(ApiCall):
    """`headers` are there when `done` is, or `error`."""

    def __init__(self, loop: Loop, templates: Templates, bucket: str, key: str, params: Mapping[str, Any]) -> None:
        self.headers: Headers = {}
        self.error: Exception | None = None
        self._bucket = bucket
        self._params = params
        super().__init__(loop, templates, key, {})

    def make_template(self) -> Template:
        return self._templates.get("HeadObject", self._bucket, self._params)

    def succeeded(self, head: Head, reply: Reply) -> None:
        self.headers = head.headers
        self.done = True

    def failed(self, error: Exception) -> None:
        self.error = error
        self.done = True


def heads_by_loop(
    loop: Loop, templates: Templates, bucket: str, keys: Sequence[str], params: Mapping[str, Any], started: set[Any]
) -> list[Headers | Exception]:
    """The headers of each object, in the order of the keys, or why there are none: ClientError, SendError."""
    calls: list[HeadObject] = []
    for at in range(0, len(keys), AT_A_TIME):
        begun = [HeadObject(loop, templates, bucket, key, params) for key in keys[at : at + AT_A_TIME]]
        for call in begun:
            started.add(call)
            call.submit()
        while not all(call.done for call in begun):
            loop.turn()
        started.difference_update(begun)
        calls += begun
    return [call.error or call.headers for call in calls]


def heads_by_threads(
    core: Core, workers: Workers, loop: Loop, bucket: str, keys: Sequence[str], params: Mapping[str, Any]
) -> list[Headers | Exception]:
    """The same where the loop cannot send the requests."""
    known = known_members(core.operation("HeadObject"), params)
    calls = [OneCall(core, "HeadObject", {**known, "Bucket": bucket, "Key": key}) for key in keys]
    for call in calls:
        workers.add(call)
    while not all(call.done for call in calls):
        loop.turn()
    return [call.error or call.output["ResponseMetadata"]["HTTPHeaders"] for call in calls]
