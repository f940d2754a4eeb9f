"""An answer is one value or the pages of a paginated call; these bring both to one form."""

from collections.abc import Callable
from typing import Any, Protocol

from awsmini.paging import PageIterator
from awsmini.query_paths import assign, compile_path


class Growing(Protocol):
    """A list that is known only as text."""

    def extend(self, items: list[Any]) -> None: ...


def merged(answer: Any) -> Any:
    """The answer as one value: pages are joined."""
    return answer.build_full_result() if isinstance(answer, PageIterator) else without_metadata(answer)


def without_metadata(answer: Any) -> Any:
    """The answer without what describes its HTTP exchange."""
    if isinstance(answer, dict) and "ResponseMetadata" in answer:
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    return answer


def merged_as_text(pages: PageIterator, make: Callable[[int], Growing]) -> dict[str, Any]:
    """As `pages.build_full_result()`, with text in the place of the lists that pages are joined to.

    `make(depth)` makes the text of a list that stands `depth` keys deep; it gets the items of each page.
    """
    whole: dict[str, Any] = {}
    texts: dict[str, Growing] = {}
    keys = [(path, compile_path(path)) for path in pages.result_keys]
    page: Any
    for page in pages:
        for path, search in keys:
            found = search(page)
            existing = search(whole)
            if found is None:
                continue
            if existing is None and isinstance(found, list):
                existing = texts[path] = make(path.count(".") + 1)
                assign(whole, path, existing)
            if path in texts and isinstance(found, list):
                texts[path].extend(found)
            elif existing is None:
                assign(whole, path, found)
            elif isinstance(found, int | float | str):
                assign(whole, path, existing + found)
        page = found = None  # or this one would be in memory while the next is read
    return pages.finish(whole)
