"""A stretch of keys: what one of many processes works on."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from awsmini.transfer.records import Page

Name = tuple[str, bool, bool]  # of a file or a folder (which ends in `/`), whether a folder, whether a link


class Span(NamedTuple):
    """The keys behind `after`, as far as `until`, which belongs to it; None: to the end. In the order of S3."""

    after: str = ""
    until: str | None = None

    def holds(self, key: str) -> bool:
        return key > self.after and not self.is_before(key)

    def is_before(self, key: str) -> bool:
        """Whether a key, and all that begin with it, lie behind the end."""
        return self.until is not None and key > self.until

    def cut(self, keys: Iterable[str]) -> "list[Span]":
        """The same in pieces, each of which ends at one of the keys; these are in order."""
        pieces = []
        after = self.after
        for key in keys:
            if key > after and not self.is_before(key) and key != self.until:
                pieces.append(Span(after, key))
                after = key
        return [*pieces, Span(after, self.until)]

    def pages(self, pages: Iterable[Page], prefix: str) -> Iterator[Page]:
        """Pages of a listing that begins where the span does, as far as it goes."""
        until = None if self.until is None else prefix + self.until
        for page in pages:
            if until is None or not page.objects or page.objects[-1].key <= until:
                yield page
                continue
            yield page._replace(objects=[each for each in page.objects if each.key <= until])
            return

    def reached(self, names: Sequence[Name], folder: str) -> Iterator[Name]:
        """What of a folder may hold keys of the span. `folder` is its own key.

        Nobody knows of a link to nowhere whether it was a folder, so names of files are among them where keys below may
        belong to the span, though they do not.
        """
        if self.after > folder and not self.after.startswith(folder):
            return
        rest = self.after[len(folder) :] if self.after.startswith(folder) else ""
        begin = bisect_left(names, (rest,))
        # Of what comes before, only a name with which `after` begins may have something behind it.
        for end in range(1, len(rest)):
            at = bisect_left(names, (rest[:end],), 0, begin)
            if at < begin and names[at][0] == rest[:end] and (names[at][1] or f"{rest[:end]}/" >= rest[: end + 1]):
                yield names[at]
        for at in range(begin, len(names)):
            if self.is_before(folder + names[at][0]):
                return
            yield names[at]


ALL = Span()
