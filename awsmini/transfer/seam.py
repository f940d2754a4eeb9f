"""Where the listing of one span ends and that of the next begins, at a server of which nobody knows how it lists.

Some go through folders, and take the key to begin behind for a place in that order: what lies beside it would be in
neither listing. So the key that follows in the one has to be the first of the other.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from awsmini.transfer.engine import Engine
from awsmini.transfer.listing_source import DisorderError
from awsmini.transfer.records import Page
from awsmini.transfer.span import Span


class Listing:
    """A listing that begins behind `span.after`. `engine`, `bucket` and `how` (params, source) ask for it."""

    def __init__(self, engine: Engine, bucket: str, prefix: str, span: Span, page_size: int | None, how: Any) -> None:
        self._engine, self._bucket, self._prefix, self._how, self._span = engine, bucket, prefix, how, span
        after = prefix + span.after if span.after else None
        self._pages = engine.list(bucket, prefix, page_size=page_size, start_after=after, **how)
        self._keys: list[str] = []  # of the last page
        self._last = after or ""

    def pages(self) -> Iterator[Page]:
        """As far as the span goes. Raises DisorderError."""
        return self._span.pages(self._watched(), self._prefix)

    def check_end(self, end: str) -> None:
        """Whether the span behind `end` begins where this listing has been left. Raises DisorderError, ClientError."""
        follows = self._behind(self._prefix + end)
        found = self._engine.next_keys(self._bucket, self._prefix, [self._prefix + end], 1, **self._how)
        if follows is not None and found != [[follows]] and not self._lists(self._prefix + end, follows):
            raise DisorderError

    def _watched(self) -> Iterator[Page]:
        for page in self._pages:
            self._keys = [each.key for each in page.objects]
            if self._keys != sorted(self._keys) or (self._keys and self._keys[0] <= self._last):
                raise DisorderError
            self._last = self._keys[-1] if self._keys else self._last
            yield page

    def _behind(self, end: str) -> str | None:
        """The key that comes next here."""
        while True:
            found = next((key for key in self._keys if key > end), None)
            if found is not None or next(self._watched(), None) is None:
                return found

    def _lists(self, after: str, key: str) -> bool:
        """Whether a listing from there comes to the key, before which others write, or it is gone."""
        pages: Iterable[Page] = self._engine.list(self._bucket, self._prefix, start_after=after, **self._how)
        for page in pages:
            keys = [each.key for each in page.objects]
            if key in keys:
                return True
            if keys and keys[-1] > key:
                break
        left = next(iter(self._engine.list(self._bucket, key, page_size=1, **self._how)), None)
        return left is None or not left.objects or left.objects[0].key != key
