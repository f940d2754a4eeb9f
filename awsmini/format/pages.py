"""An answer is one value or the pages of a paginated call; these tell them apart and bring them together."""

from typing import Any

from awsmini.paging import PageIterator


def is_paged(answer: Any) -> bool:
    return isinstance(answer, PageIterator)


def merged(answer: Any) -> Any:
    """The answer as one value: pages are joined."""
    return answer.build_full_result() if isinstance(answer, PageIterator) else without_metadata(answer)


def without_metadata(answer: Any) -> Any:
    """The answer without what describes its HTTP exchange."""
    if isinstance(answer, dict) and "ResponseMetadata" in answer:
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    return answer
