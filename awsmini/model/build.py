"""Service models from a botocore distribution: the facts of each API as sorted lines, and none of its prose.

    awsmini models build --from botocore-1.44.8-py3-none-any.whl

reads a wheel, an sdist or an installed package, and writes the same bytes on every run. What AWS CLI v2 alone
describes comes from the botocore in its source or in what it installs, `--also aws-cli-2/awscli/botocore`: a whole
service, and single operations and members of others, which `data/additions.jsonl` keeps. Without it, both stay.
"""

import gzip
import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from awsmini.errors import ModelError
from awsmini.model.additions import additions_to, with_additions
from awsmini.model.load import content, services, shipped_text
from awsmini.model.shapes import REPEATABLE_METHODS

_PROSE = frozenset({"documentation", "documentationUrl", "deprecatedMessage", "deprecatedSince", "examples"})
_UNREAD = frozenset({"responseCode", "readonly", "box", "senderFault"})  # by any stage, or by help
_LEFT_OUT = _PROSE | _UNREAD
_BESIDE_METADATA = ("clientContextParams", "deprecated")
ADDITIONS = "additions.jsonl"
IN_CLI_ALONE = ("agenttoolkit",)  # services of AWS CLI v2 that no release of botocore describes

Reader = Callable[[str], dict[str, Any] | None]


class ModelBuildError(ModelError):
    """The source is no botocore distribution, or one of its files is not what it should be."""


class Distribution:
    """The data files of one botocore release, wherever they are."""

    def __init__(self, files: Mapping[str, Callable[[], bytes]], version: str) -> None:
        self.files = files
        self.version = version

    def json(self, path: str) -> dict[str, Any] | None:
        """The JSON file at a path below `botocore/data`, gzipped or not; None where there is none."""
        for name, unpack in ((path, bytes), (f"{path}.gz", gzip.decompress)):
            if name in self.files:
                try:
                    loaded: dict[str, Any] = json.loads(unpack(self.files[name]()))
                except (OSError, ValueError, EOFError) as error:
                    raise ModelBuildError(f"{name} in the botocore distribution cannot be read: {error}") from error
                return loaded
        return None

    def services(self) -> dict[str, str]:
        """Service name to its newest API version."""
        newest: dict[str, str] = {}
        for path in self.files:
            parts = PurePosixPath(path).parts
            if len(parts) == 3 and parts[2].startswith("service-2.json"):
                newest[parts[0]] = max(parts[1], newest.get(parts[0], ""))
        return dict(sorted(newest.items()))


def open_distribution(source: Path) -> Distribution:
    """The botocore at `source`: a wheel, an sdist, an installed package's folder or the folder it lies in."""
    try:
        if source.is_dir():
            return _open_folder(source / "botocore" if (source / "botocore").is_dir() else source)
        if zipfile.is_zipfile(source):
            return _open_wheel(source)
        if source.exists() and tarfile.is_tarfile(source):
            return _open_sdist(source)
    except OSError as error:
        raise ModelBuildError(f"{source} cannot be read: {error}") from error
    raise ModelBuildError(f"{source} is not a botocore wheel, sdist or installed package")


def _open_folder(package: Path) -> Distribution:
    data = package / "data"
    files = _files_below(data)
    return _distribution(files, package.joinpath("__init__.py").read_bytes if files else None, package)


def _files_below(data: Path) -> dict[str, Callable[[], bytes]]:
    return {path.relative_to(data).as_posix(): path.read_bytes for path in data.rglob("*") if path.is_file()}


def _open_wheel(path: Path) -> Distribution:
    wheel = zipfile.ZipFile(path)
    files = {name[len("botocore/data/") :]: _later(wheel.read, name)
             for name in wheel.namelist() if name.startswith("botocore/data/")}  # fmt: skip
    return _distribution(files, _later(wheel.read, "botocore/__init__.py") if files else None, path)


def _open_sdist(path: Path) -> Distribution:
    with tarfile.open(path) as archive:
        contents = {member.name.partition("/")[2]: archive.extractfile(member).read()  # type: ignore[union-attr]
                    for member in archive if member.isfile() and "/botocore/" in member.name}  # fmt: skip
    files = {name[len("botocore/data/") :]: _later(contents.__getitem__, name)
             for name in contents if name.startswith("botocore/data/")}  # fmt: skip
    return _distribution(files, _later(contents.__getitem__, "botocore/__init__.py") if files else None, path)


def _later(read: Callable[[str], bytes], name: str) -> Callable[[], bytes]:
    return lambda: read(name)


def _distribution(
    files: Mapping[str, Callable[[], bytes]], init: Callable[[], bytes] | None, source: Path
) -> Distribution:
    version = re.search(rb"""__version__ = ['"]([^'"]+)['"]""", init()) if init else None
    if version is None:
        raise ModelBuildError(f"{source} holds no botocore")
    return Distribution(files, version.group(1).decode())


# One service ---------------------------------------------------------------------------------------------------


def service_lines(service_name: str, read: Reader) -> bytes:
    """The lines of one service. `read` gives the decoded file of a name such as `service-2`, or None."""
    return joined(line for part in PARTS for line in part_lines(service_name, part, read))


def joined(lines: Iterable[bytes]) -> bytes:
    """Lines as a model's file has them."""
    return b"\n".join(sorted(lines)) + b"\n"


def part_lines(service_name: str, part: str, read: Reader) -> list[bytes]:
    """The lines of one file of a model, with its `sdk-extras` laid over it."""
    try:
        content = read(part) or {}
        _merge(content, read(f"{part}.sdk-extras"))
        return list(PARTS[part](service_name, content))
    except KeyError as error:
        raise ModelBuildError(f"The model of {service_name} is broken: {error.args[0]} is missing") from error
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise ModelBuildError(f"The model of {service_name} is broken: {error}") from error


def _described(service_name: str, service: Mapping[str, Any]) -> Iterator[bytes]:
    if "metadata" not in service:
        raise ModelBuildError(f"the model of {service_name} is not a service model: it has no metadata")
    yield _line("service", service_name, _service(service))
    for name, operation in service.get("operations", {}).items():
        yield _line("operation", name, _operation(name, operation))
    for name, shape in service.get("shapes", {}).items():
        yield _line("shape", name, _shape(shape))


def _paginators(_service_name: str, content: Mapping[str, Any]) -> Iterator[bytes]:
    for name, paginator in content.get("pagination", {}).items():
        yield _line("paginator", name, paginator)


def _waiters(_service_name: str, content: Mapping[str, Any]) -> Iterator[bytes]:
    for name, waiter in content.get("waiters", {}).items():
        yield _line("waiter", name, _waiter(waiter))


def _endpoints(service_name: str, rules: Mapping[str, Any]) -> Iterator[bytes]:
    if rules:
        yield _line("endpoints", service_name, _rule_set(rules))


PARTS: Mapping[str, Callable[[str, Mapping[str, Any]], Iterator[bytes]]] = {
    "service-2": _described,
    "paginators-1": _paginators,
    "waiters-2": _waiters,
    "endpoint-rule-set-1": _endpoints,
}


def service_lines_of(folder: Path, service_name: str) -> bytes:
    """The lines of a model folder such as `~/.aws/models/<service>/<version>`."""
    return service_lines(service_name, folder_reader([folder]))


def folder_reader(folders: Iterable[Path]) -> Reader:
    """Reads the files of the folders; of two that have the same name, the first folder's."""
    files: dict[str, Callable[[], bytes]] = {}
    for folder in folders:
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_file():
                files.setdefault(path.name, path.read_bytes)
    distribution = Distribution(files, "")
    return lambda name: distribution.json(f"{name}.json")


def _line(kind: str, name: str, value: Mapping[str, Any]) -> bytes:
    return f"{kind}\t{name}\t{json.dumps(value, separators=(',', ':'), ensure_ascii=False)}".encode()


def _merge(model: dict[str, Any], extras: Mapping[str, Any] | None) -> None:
    """Lay an `sdk-extras` file over a model: maps merge, anything else replaces."""

    def lay(over: Mapping[str, Any], under: dict[str, Any]) -> None:
        for key, value in over.items():
            if isinstance(value, dict) and isinstance(under.get(key), dict):
                lay(value, under[key])
            else:
                under[key] = value

    lay((extras or {}).get("merge", {}), model)


def _facts(traits: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in traits.items() if key not in _LEFT_OUT}


def _service(service: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"metadata": service["metadata"], **{key: service[key] for key in _BESIDE_METADATA if key in service}}
    if "clientContextParams" in kept:
        kept["clientContextParams"] = {name: _facts(traits) for name, traits in kept["clientContextParams"].items()}
    return kept


def _operation(name: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    kept = _facts(operation)
    if "idempotent" in kept and kept.get("http", {}).get("method") in REPEATABLE_METHODS:
        del kept["idempotent"]  # the method says so
    if kept.get("name") == name:
        del kept["name"]  # the line has it
    for key in ("input", "output", "http"):
        if key in kept:
            kept[key] = _facts(kept[key])
    if "errors" in kept:
        kept["errors"] = [error["shape"] for error in kept["errors"]]  # a third of what operations take, as objects
    return kept


def _shape(shape: Mapping[str, Any]) -> dict[str, Any]:
    kept = _facts(shape)
    if "members" in kept:
        kept["members"] = {name: _facts(member) for name, member in kept["members"].items()}
    for key in ("member", "key", "value", "error"):
        if key in kept:
            kept[key] = _facts(kept[key])
    return kept


def _waiter(waiter: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in waiter.items() if key != "description"}


def _rule_set(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters and rules without `documentation`; the error texts stay, they are what a user is told."""
    kept = dict(rules)
    kept["parameters"] = {name: _facts(traits) for name, traits in rules["parameters"].items()}
    kept["rules"] = list(_undocumented(rules["rules"]))
    return kept


def _undocumented(rules: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for rule in rules:
        kept = _facts(rule)
        if "rules" in kept:
            kept["rules"] = list(_undocumented(kept["rules"]))
        yield kept


# All of them ---------------------------------------------------------------------------------------------------


def build(source: Path, also: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """Every file made from the botocore at `source`: its path below `awsmini/data`, and its bytes.

    `also` is AWS CLI v2's own botocore. Without it, what is shipped of the services that it alone has is kept, and
    so is what it adds to the others.
    """
    distribution = open_distribution(source)
    endpoints = _expect(distribution, "endpoints.json")
    others = _open_data(also) if also else None
    additions = _additions(distribution, others) if others else _kept_additions()
    index: dict[str, dict[str, str]] = {}
    for service_name, version in distribution.services().items():
        lines, index[service_name] = _service_of(distribution, service_name, version)
        yield f"models/{service_name}.jsonl", with_additions(lines, additions.get(service_name, ()))
    for service_name in sorted(set(IN_CLI_ALONE) - index.keys()):
        if others:
            lines, index[service_name] = _service_of(others, service_name, others.services()[service_name])
        else:
            lines, index[service_name] = shipped_text(service_name), services()[service_name]
        yield f"models/{service_name}.jsonl", lines
    yield ADDITIONS, b"".join(b"%b\t%b\n" % (name.encode(), line) for name, of in additions.items() for line in of)
    yield "services.json", _pretty({"botocore": distribution.version, "services": dict(sorted(index.items()))})
    yield "partitions.json", _pretty(_expect(distribution, "partitions.json"))
    yield "retry.json", _pretty({"codes": _retry_codes(_expect(distribution, "_retry.json"))})
    yield "defaults.json", _pretty(_facts(_expect(distribution, "sdk-default-configuration.json")))
    yield "regions.json", _pretty(_regions(endpoints))
    yield "service-regions.json", _pretty(_service_regions(distribution, endpoints))


def _open_data(package: Path) -> Distribution:
    """As `open_distribution`; what AWS CLI v2 installs has botocore's data, and no botocore that names its version."""
    if package.is_dir() and (package / "data").is_dir() and not (package / "__init__.py").exists():
        return Distribution(_files_below(package / "data"), "")
    return open_distribution(package)


def _additions(distribution: Distribution, others: Distribution) -> dict[str, list[bytes]]:
    """What the other distribution's models have beyond this one's: service name to lines."""
    theirs = others.services()
    found: dict[str, list[bytes]] = {}
    for service_name, version in distribution.services().items():
        if service_name in theirs:
            ours, _ = _service_of(distribution, service_name, version)
            lines = additions_to(ours, _service_of(others, service_name, theirs[service_name])[0])
            if lines:
                found[service_name] = lines
    return found


def _kept_additions() -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for line in content(ADDITIONS).splitlines():
        service_name, _, rest = line.partition(b"\t")
        found.setdefault(service_name.decode(), []).append(rest)
    return found


def _service_of(distribution: Distribution, service_name: str, version: str) -> tuple[bytes, dict[str, str]]:
    """The lines of a service, and its entry in the index."""
    folder = f"{service_name}/{version}"
    lines = service_lines(service_name, lambda name: distribution.json(f"{folder}/{name}.json"))
    return lines, _index_entry(distribution, folder)


def _expect(distribution: Distribution, path: str) -> dict[str, Any]:
    found = distribution.json(path)
    if found is None:
        raise ModelBuildError(f"the botocore distribution has no {path}")
    return found


def _pretty(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"


def _index_entry(distribution: Distribution, folder: str) -> dict[str, str]:
    metadata = _expect(distribution, f"{folder}/service-2.json")["metadata"]
    return {"id": metadata["serviceId"], "name": metadata["serviceFullName"], "version": metadata["apiVersion"]}


def _retry_codes(retry: Mapping[str, Any]) -> dict[str, int]:
    """The error codes that `_retry.json` retries for single services, with the HTTP status each comes with."""
    codes: dict[str, int] = {}
    for definition in retry["definitions"].values():
        response = definition["applies_when"].get("response", {})
        if "service_error_code" in response:
            codes[response["service_error_code"]] = response["http_status_code"]
    for service in retry["retry"].values():
        for policy in service.get("policies", {}).values():
            response = policy.get("applies_when", {}).get("response", {})
            if "service_error_code" in response:
                codes[response["service_error_code"]] = response["http_status_code"]
    return dict(sorted(codes.items()))


def _regions(endpoints: Mapping[str, Any]) -> dict[str, list[str]]:
    """Partition to its regions, as `endpoints.json` lists them."""
    return {partition["partition"]: sorted(partition["regions"]) for partition in endpoints["partitions"]}


def _service_regions(distribution: Distribution, endpoints: Mapping[str, Any]) -> dict[str, str]:
    """Service name to the regions of the partition `aws` that `endpoints.json` lists for it, separated by blanks."""
    partition = next(each for each in endpoints["partitions"] if each["partition"] == "aws")
    found: dict[str, str] = {}
    for service_name, version in distribution.services().items():
        metadata = _expect(distribution, f"{service_name}/{version}/service-2.json")["metadata"]
        listed = partition["services"].get(metadata.get("endpointPrefix", service_name), {})
        regions = sorted(listed.get("endpoints", {}).keys() & partition["regions"].keys())
        if regions:
            found[service_name] = " ".join(regions)
    return found
