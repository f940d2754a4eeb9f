"""The newest botocore from the package index, and what is new in it."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from awsmini.errors import ModelError
from awsmini.model.build import build
from awsmini.model.load import ModelFinder, ModelLines

_PATIENCE = 600  # seconds


@contextmanager
def downloaded(release: str | None) -> Iterator[Path]:
    """The wheel of botocore (the newest, or a release), fetched with pip as it is configured."""
    if find_spec("pip") is None:
        raise ModelError("Fetching models needs pip, which this Python lacks; give a botocore wheel with --from")
    with TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
            *("--no-deps", "--only-binary", ":all:", "--dest", folder),
            f"botocore=={release}" if release else "botocore",
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        except (OSError, subprocess.SubprocessError) as error:
            raise ModelError(f"pip cannot fetch botocore: {error}") from error
        wheel = next(Path(folder).glob("*.whl"), None)
        if done.returncode or wheel is None:
            words = done.stderr.strip().splitlines() or ["it said nothing"]
            raise ModelError(f"pip cannot fetch botocore: {words[-1]}")
        yield wheel


def models(source: Path) -> Iterator[tuple[str, bytes]]:
    """The models of a botocore: service name to lines."""
    for path, content in build(source):
        folder, _, name = path.rpartition("/")
        if folder == "models":
            yield name.removesuffix(".jsonl"), content


def news(before: ModelFinder, after: Mapping[str, bytes]) -> tuple[list[str], dict[str, list[str]]]:
    """The services that are new, and the new operations of those that are not."""
    known = before.service_names()
    operations: dict[str, list[str]] = {}
    for name in sorted(known & after.keys()):
        try:
            old = before.lines(name).names("operation")
        except ModelError:
            continue  # it cannot be used, which is why the models are fetched anew
        new = set(ModelLines(name, after[name]).names("operation")) - set(old)
        if new:
            operations[name] = sorted(new)
    return sorted(after.keys() - known), operations
