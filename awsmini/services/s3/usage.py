"""`du`: how much there is below each folder, summed up while the listing comes."""

from collections.abc import Iterable, Iterator, Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.services.s3 import request_params
from awsmini.services.s3.job import number
from awsmini.services.s3.json_lines import line as json_line
from awsmini.services.s3.places import client_of, count, pages, place, uri
from awsmini.services.s3.printing import write
from awsmini.services.s3.sizes import readable
from awsmini.services.s3.transfers import check_cluster_options
from awsmini.transfer.engine import Engine

Values = Mapping[str, Any]
Sized = tuple[str, int]  # a key and its bytes
CLUSTERED = "awsmini.services.s3.clustered_usage:run"
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

    def merge(self, sums: Mapping[str, Any]) -> None:
        """Add what was counted elsewhere, as `plain` has it."""
        for name, (size, objects) in (("", sums["all"]), *sums["folders"].items()):
            found = self.folders.setdefault(name, Sum()) if name else self.all
            found.bytes += size
            found.objects += objects

    def plain(self) -> dict[str, Any]:
        """The same as plain values."""
        folders = {name: [found.bytes, found.objects] for name, found in self.folders.items()}
        return {"all": [self.all.bytes, self.all.objects], "folders": folders}

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
    check_cluster_options(values)
    number(values, "page_size")
    asked = count(values, "depth")
    depth = 0 if values.get("summarize") else _DEPTH if asked is None else asked
    places = [place("du", word) for word in values.get("paths") or ()]
    if not places:
        depth = 0
    if "cluster" in values:
        clustered: int = resolve_name(CLUSTERED)(invocation, values, places, depth)
        return clustered
    code = 0
    with Engine(client_of(invocation)) as engine:
        for bucket, prefix in places or buckets(engine):
            sums = Sums(prefix, depth)
            for found in listed(engine, values, bucket, prefix):
                sums.add(found)
            code |= show(invocation, values, bucket, prefix, sums)
    return code


def show(invocation: Invocation, values: Values, bucket: str, prefix: str, sums: Sums) -> int:
    """The exit code: 1 for a prefix that has nothing, of which nothing is shown."""
    if prefix and not sums.all.objects:
        return 1
    size = readable if values.get("human_readable") else str
    for name, found in [*sums.rows(values.get("sort", "name")), (prefix, sums.all)]:
        where = uri(bucket, name)
        if values.get("json"):
            text = json_line("sum", where, bytes=found.bytes, objects=found.objects)
        else:
            text = f"{size(found.bytes):>12} {found.objects:>10} {where}"
        write(invocation.app.stdout, f"{text}\n")
    return 0


def buckets(engine: Engine) -> Iterator[tuple[str, str]]:
    """All buckets, each with the prefix of all of it."""
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
