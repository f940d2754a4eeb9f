"""`awsmini models build`: the models that awsmini ships, made from a botocore distribution."""

from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.model.build import ModelBuildError, build
from awsmini.model.load import DATA, content
from awsmini.model.packed import FILE, PackedModels
from awsmini.params.arguments import flag, option
from awsmini.system.atomic import writing


def run(invocation: Invocation, values: Values) -> int:
    source = Path(values["from"]) if "from" in values else _installed_botocore()
    target = Path(values.get("to", DATA))
    files = dict(build(source, Path(values["also"]) if "also" in values else None))
    changed = changes(files, target)
    say = invocation.app.stdout.write
    if values.get("check"):
        for path, what in changed.items():
            say(f"{what}: {path}\n")
        return 1 if changed else 0
    write(files, target)
    gone = sum(what == "gone" for what in changed.values())
    say(f"{len(files)} files in {target}: {len(changed) - gone} written anew, {gone} removed.\n")
    return 0


def changes(files: Mapping[str, bytes], target: Path) -> dict[str, str]:
    """What writing `files` below `target` would do: path to `new`, `changed` or `gone`."""
    packed = PackedModels(target / FILE) if (target / FILE).is_file() else None
    names = packed.names() if packed else [path.stem for path in target.glob("models/*.jsonl")]
    models = {f"models/{name}.jsonl": name for name in names}
    found = dict.fromkeys(models.keys() - files.keys(), "gone")
    for path, text in files.items():
        there = packed.model(models[path]).text() if packed and path in models else _content(path, target)
        if there != text:
            found[path] = "new" if there is None else "changed"
    return dict(sorted(found.items()))


def _content(path: str, target: Path) -> bytes | None:
    with suppress(FileNotFoundError, NotADirectoryError):
        return content(path, target)
    return None


def write(files: Mapping[str, bytes], target: Path) -> None:
    """Write `files` below `target`, each whole or not at all, and remove other models, and all packed ones where one changes."""
    todo = changes(files, target)
    packed = target / FILE
    if packed.is_file() and any(path.startswith("models/") for path in todo):
        todo |= dict.fromkeys((path for path in files if path.startswith("models/") and path not in todo), "packed")
    try:
        for path, what in todo.items():
            file = target / path
            if what == "gone":
                file.unlink(missing_ok=True)
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                with writing(str(file)) as stream:
                    stream.write(files[path])
        if any(path.startswith("models/") for path in todo):
            packed.unlink(missing_ok=True)
    except OSError as error:
        raise ModelBuildError(f"{error.filename} cannot be written: {error.strerror}") from error


def _installed_botocore() -> Path:
    spec = find_spec("botocore")
    if spec is None or not spec.submodule_search_locations:
        raise ModelBuildError("There is no botocore installed beside awsmini; name one with --from")
    return Path(spec.submodule_search_locations[0])


command = HandWritten(
    "build",
    run,
    doc="Write the models of all services as awsmini ships them: the same bytes on every run.",
    arguments=(
        option("from", doc="A botocore wheel, sdist or installed package; by default the one beside awsmini."),
        option(
            "also",
            doc="The botocore of AWS CLI v2, in its source or as installed, for the services, operations and members "
            "that it alone has; without it they stay as they are.",
        ),
        option("to", doc="The folder to write to; by default awsmini's own."),
        flag("check", doc="Write nothing; exit with 1 where a file there would change."),
    ),
)
