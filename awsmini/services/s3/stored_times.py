"""--preserve-times in a comparison: files of equal size are equal where the times are that their objects keep."""

from collections.abc import Iterator, Mapping, Sequence

from awsmini.records import NOTHING
from awsmini.services.s3 import request_params
from awsmini.services.s3.transfer import Transfer
from awsmini.transfer.compare import Difference, Rules
from awsmini.transfer.file_times import HEADER, from_text
from awsmini.transfer.local import Entry

BLOCK = 256  # objects that are asked about at a time
NEAR = 2000  # nanoseconds: entries know their times by the microsecond
Headers = Mapping[str, str]


class Looked:
    """Differences that a listing leaves open, decided by what HeadObject says. The order stays."""

    asked: Mapping[str, str] = NOTHING  # members of HeadObject

    def __init__(self, transfer: Transfer) -> None:
        self.transfer = transfer
        self.job, self.values = transfer.job, transfer.values
        self.rules: Rules = transfer._rules()
        self.params = {**self.asked, **request_params.of_download(self.values)}
        self.of_source = {**self.asked, **request_params.of_copy_source(self.values)}

    def decided(self, found: Iterator[Difference]) -> Iterator[Difference]:
        block: list[Difference] = []
        for difference in found:
            block.append(difference)
            if len(block) == BLOCK:
                yield from self._block(block)
                block = []
        yield from self._block(block)

    def _block(self, block: list[Difference]) -> Iterator[Difference]:
        unsure = [each for each in block if each.unsure]
        heads = zip(self._heads(unsure, of_source=True), self._heads(unsure, of_source=False), strict=True)
        for each in block:
            if not each.unsure or (each.other is not None and self.differ(each.entry, each.other, *next(heads))):
                yield each

    def _heads(self, unsure: Sequence[Difference], *, of_source: bool) -> Sequence[Headers]:
        """Of the objects of one side; files have none."""
        location = self.job.source if of_source else self.job.target
        if not unsure or location.kind == "local":
            return [{}] * len(unsure)
        copied = of_source and self.job.kind == "copy"
        keys = [location.root + each.entry.key for each in unsure]
        params = self.of_source if copied else self.params
        return self.transfer.engine.heads(location.bucket, keys, params, source=of_source)

    def differ(self, source: Entry, destination: Entry, ours: Headers, theirs: Headers) -> bool:
        raise NotImplementedError


class StoredTimes(Looked):
    def differ(self, source: Entry, destination: Entry, ours: Headers, theirs: Headers) -> bool:
        """By the times of the files, where both are known; else as without the option."""
        first, second = _time(source, ours, self.job.source.kind), _time(destination, theirs, self.job.target.kind)
        if first is None or second is None:
            return self.rules.differ(source, destination)
        return not self.rules.size_only and abs(first - second) > NEAR


def _time(entry: Entry, headers: Headers, kind: str) -> int | None:
    return int(entry.modified * 1_000_000) * 1000 if kind == "local" else from_text(headers.get(HEADER))
