"""The menu's completers: what may stand at the cursor, or the lines run before."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import suppress
from threading import Thread
from typing import TypeVar

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from awsmini.log import debug
from awsmini.prompt.history import newest_first
from awsmini.prompt.offers import Offers, ranked

GLANCE = 0.05  # seconds after which it is looked again whether the answer is still wanted


class OffersCompleter(Completer):
    """Asks `Offers`, in another thread; `is_current` says whether a document is still what is on the screen."""

    def __init__(self, offers: Offers, is_current: Callable[[Document], bool]) -> None:
        self._offers = offers
        self._is_current = is_current

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        for choice in self._offers.choices(document.text_before_cursor):
            yield Completion(choice.text, -choice.length, choice.shown, choice.note)

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        answer = started(lambda: [*self.get_completions(document, complete_event)])
        while self._is_current(document):
            await asyncio.wait({answer}, timeout=GLANCE)
            if not answer.done():
                continue
            error = answer.exception()
            if error is not None:
                debug("prompt", "Nothing is offered: %r", error)
                return
            for completion in answer.result():
                yield completion
            return


class HistoryCompleter(Completer):
    """The lines run before that have what is typed in them."""

    def __init__(self, lines: Callable[[], list[str]]) -> None:
        self._lines = lines

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        typed = document.text_before_cursor
        for line in ranked(typed.strip(), newest_first(self._lines()), str):
            yield Completion(line, -len(typed), " ".join(line.split()))


T = TypeVar("T")


def started(work: Callable[[], T]) -> "asyncio.Future[T]":
    """The future result of `work`, begun at once."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
            future.exception()  # whoever has stopped waiting is not to be told
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as raised:
            error = raised
        with suppress(RuntimeError):  # the prompt was left meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    Thread(target=run, daemon=True).start()
    return future
