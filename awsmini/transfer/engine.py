"""The engine: tasks in, results out.

    with Engine(client, options) as engine:
        for result in engine.run(Upload(path, "bucket", key) for path, key in files):
            ...

It prints nothing and knows nothing of commands. Tasks are taken as there is room for them and results come as they
end, in any order, so that ten million objects fill no memory. The iterable of tasks may itself use the engine's
`list`, `head` and `call`: transfers go on while it waits.

Leaving the block, by an error or KeyboardInterrupt too, ends what is under way: uploads in parts are aborted,
temporary files removed. SIGTERM does the same, and then ends the process as it would have.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any

from awsmini.client import Client
from awsmini.records import NOTHING, Output
from awsmini.transfer.records import DEFAULTS, Page, Result, Task, TransferOptions


class Engine:
    """One client's transfers. `source` is the client that reads the sources of copies, where that is another one."""

    def __init__(self, client: Client, options: TransferOptions = DEFAULTS, source: Client | None = None) -> None:
        raise NotImplementedError

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        raise NotImplementedError

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """One result for each task. A failed one is a Result with its error; what `tasks` raises comes out here."""
        raise NotImplementedError

    def list(
        self,
        bucket: str,
        prefix: str = "",
        *,
        delimiter: str | None = None,
        page_size: int | None = None,
        start_after: str | None = None,
        params: Mapping[str, Any] = NOTHING,
        source: bool = False,
    ) -> Iterator[Page]:
        """The pages of ListObjectsV2; the next one is asked for before this one is handed out. Raises ClientError.

        `params` are further members (RequestPayer, FetchOwner …); `source`: asked by the client of sources.
        """
        raise NotImplementedError

    def head(self, bucket: str, key: str, params: Mapping[str, Any] = NOTHING, *, source: bool = False) -> Output:
        """The output of HeadObject. Raises ClientError."""
        raise NotImplementedError

    def call(self, operation_name: str, params: Mapping[str, Any], *, source: bool = False) -> Output:
        """Any other API call, as the client makes it, but sent the engine's way. Raises ClientError."""
        raise NotImplementedError
