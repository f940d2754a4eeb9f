"""`awsmini models build`: the service models that awsmini ships, made from a botocore distribution."""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from awsmini.model.build import ModelBuildError, build
from awsmini.model.load import DATA


@click.group("models")
def command() -> None:
    """Build the service models that commands are made from."""


@command.command("build")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    help="A botocore wheel, sdist or installed package; by default the botocore installed beside awsmini.",
)
@click.option("--to", "target", type=click.Path(path_type=Path), default=DATA, help="The folder to write to.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file there would change.")
@click.pass_obj
def build_models(context: Any, source: Path | None, target: Path, check: bool) -> int:
    """Write the models of all services, the same bytes on every run, and remove those of services that are gone."""
    files = dict(build(source or _installed_botocore()))
    changed = changes(files, target)
    if check:
        for path, what in changed.items():
            _say(context, f"{what}: {path}")
        return 1 if changed else 0
    write(files, target)
    gone = sum(what == "gone" for what in changed.values())
    _say(context, f"{len(files)} files in {target}: {len(changed) - gone} written anew, {gone} removed.")
    return 0


def changes(files: Mapping[str, bytes], target: Path) -> dict[str, str]:
    """What writing `files` below `target` would do: path to `new`, `changed` or `gone`."""
    there = {f"models/{path.name}" for path in target.glob("models/*.jsonl")}
    found = dict.fromkeys(there - files.keys(), "gone")
    for path, content in files.items():
        if not (target / path).is_file():
            found[path] = "new"
        elif (target / path).read_bytes() != content:
            found[path] = "changed"
    return dict(sorted(found.items()))


def write(files: Mapping[str, bytes], target: Path) -> None:
    """Write `files` below `target`, each under a temporary name that is then renamed, and remove other models."""
    try:
        for path, what in changes(files, target).items():
            if what == "gone":
                (target / path).unlink()
                continue
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            temporary = target / f"{path}.{os.getpid()}"
            temporary.write_bytes(files[path])
            temporary.replace(target / path)
    except OSError as error:
        raise ModelBuildError(f"{error.filename} cannot be written: {error.strerror}") from error


def _installed_botocore() -> Path:
    spec = find_spec("botocore")
    if spec is None or not spec.submodule_search_locations:
        raise ModelBuildError("There is no botocore installed beside awsmini; name one with --from")
    return Path(spec.submodule_search_locations[0])


def _say(context: Any, line: str) -> None:
    click.echo(line, file=context.app.stdout)
