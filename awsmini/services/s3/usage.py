"""`du`: how much there is below each folder, summed up while the listing comes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.services.s3 import request_params
from awsmini.services.s3.job import number
from awsmini.services.s3.json_lines import line as json_line
from awsmini.services.s3.places import client_of, count, pages, place, uri
from awsmini.services.s3.printing import write
from awsmini.services.s3.sizes import readable
from awsmini.transfer.engine import Engine

Values = Mapping[str, Any]
Sized = tuple[str, int]  # a key and its bytes
_DEPTH = 1


class Sum:
    """Bytes, and how many objects have them."""

    __slots__ = ("bytes", "objects")

    def __init__(self) -> None:
        self.bytes = self.objects = 0


class Sums:
    """The sums of a prefix and of the folders below it, `depth` levels of them."""

    def __init__(self, prefix: str, depth: int) -> None:
        self.all = Sum()
        self.folders: dict[str, Sum] = {}
        self._base, self._depth = prefix.rpartition("/")[0] + "/" if "/" in prefix else "", depth
        self._last: str | None = None
        self._counted: list[Sum] = []  # what objects of the last folder count for

    def add(self, found: Iterable[Sized]) -> None:
        for key, size in found:
            folder = key[: key.rfind("/") + 1]
            if folder != self._last:
                self._last, self._counted = folder, self._of(folder)
            for each in self._counted:
                each.bytes += size
                each.objects += 1

    def _of(self, folder: str) -> list[Sum]:
        parts = folder[len(self._base) :].split("/")[:-1]
        names = [self._base + "/".join(parts[:level]) + "/" for level in range(1, min(len(parts), self._depth) + 1)]
        return [self.all, *(self.folders.setdefault(name, Sum()) for name in names)]

    def rows(self, by: str) -> list[tuple[str, Sum]]:
        """The folders, by `name` or by `size`."""
        if by == "size":
            return sorted(self.folders.items(), key=lambda row: (-row[1].bytes, row[0]))
        return sorted(self.folders.items())


def du(invocation: Invocation, values: Values) -> int:
    """The exit code: 1 where a prefix has nothing."""
    number(values, "page_size")
    asked = count(values, "depth")
    depth = 0 if values.get("summarize") else _DEPTH if asked is None else asked
    places = [place("du", word) for word in values.get("paths") or ()]
    code = 0
    with Engine(client_of(invocation)) as engine:
        if not places:
            depth = 0
        for bucket, prefix in places or _buckets(engine):
            sums = Sums(prefix, depth)
            for found in listed(engine, values, bucket, prefix):
                sums.add(found)
            if prefix and not sums.all.objects:
                code = 1
            else:
                _show(invocation, values, bucket, [*sums.rows(values.get("sort", "name")), (prefix, sums.all)])
    return code


def _show(invocation: Invocation, values: Values, bucket: str, rows: list[tuple[str, Sum]]) -> None:
    size = readable if values.get("human_readable") else str
    for name, found in rows:
        where = uri(bucket, name)
        if values.get("json"):
            text = json_line("sum", where, bytes=found.bytes, objects=found.objects)
        else:
            text = f"{size(found.bytes):>12} {found.objects:>10} {where}"
        write(invocation.app.stdout, f"{text}\n")


def _buckets(engine: Engine) -> Iterator[tuple[str, str]]:
    params: dict[str, Any] = {}
    while True:
        output = engine.call("ListBuckets", params)
        for bucket in output.get("Buckets", ()):
            yield bucket["Name"], ""
        if not output.get("ContinuationToken"):
            return
        params["ContinuationToken"] = output["ContinuationToken"]


def listed(engine: Engine, values: Values, bucket: str, prefix: str, after: str = "") -> Iterator[list[Sized]]:
    """What counts, in the order of the keys, from behind the key `after` on."""
    if values.get("versions"):
        yield from _versions(engine, values, bucket, prefix, after)
        return
    for page in pages(engine, values, bucket, prefix, start_after=after or None):
        yield [(found.key, found.size) for found in page.objects]


def _versions(engine: Engine, values: Values, bucket: str, prefix: str, after: str) -> Iterator[list[Sized]]:
    params: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix, **request_params.payer(values)}
    if after:
        params["KeyMarker"] = after
    size = number(values, "page_size")
    if size is not None:
        params["MaxKeys"] = size
    while True:
        output = engine.call("ListObjectVersions", params)
        yield [(found["Key"], found.get("Size", 0)) for found in output.get("Versions", ())]
        if not output.get("IsTruncated"):
            return
        params["KeyMarker"] = output["NextKeyMarker"]
        params.pop("VersionIdMarker", None)
        if output.get("NextVersionIdMarker"):
            params["VersionIdMarker"] = output["NextVersionIdMarker"]
