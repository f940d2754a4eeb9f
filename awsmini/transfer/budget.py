"""How much of a span is worked on at once."""

from collections.abc import Iterable, Iterator

from awsmini.transfer.local import Entry
from awsmini.transfer.span import Span


class Budget:
    """`cut` is the last key that was worked on, where that is not all.

    Two sides that are merged may be watched by one budget: it ends both behind the same key.
    """

    def __init__(self, most: int) -> None:
        self._most = most  # entries
        self.taken = 0
        self.cut: str | None = None

    def exhaust(self) -> None:
        """End behind the entry at hand."""
        self._most = 0

    def watched(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries of one side, as far as the budget goes."""
        for entry in entries:
            if self.is_over(entry.key):
                return
            self.taken += 1
            yield entry
            # The next one is asked for, so this one is settled.
            if self.cut is None and self.taken >= self._most:
                self.cut = entry.key
                return

    def passed(self, count: int) -> None:
        """So many entries needed no look of their own."""
        self.taken += count

    def ends(self, settled: str) -> bool:
        """Whether nothing is worked on beyond a key up to which all is settled."""
        if self.cut is None and self.taken >= self._most:
            self.cut = settled
        return self.cut is not None

    def is_over(self, key: str) -> bool:
        """Whether a key is beyond the end: the other side may have had it in hand already."""
        return self.cut is not None and key > self.cut

    def rest(self, span: Span) -> Span | None:
        """What is left of the span."""
        return None if self.cut is None else Span(self.cut, span.until)
