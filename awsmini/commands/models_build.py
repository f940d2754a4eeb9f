"""`awsmini models build`, `update`, `add` and `remove`: models made of the definitions of others."""

from collections.abc import Mapping
from contextlib import nullcontext, suppress
from importlib.util import find_spec
from pathlib import Path

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ModelError, UsageError
from awsmini.model import own, store
from awsmini.model.build import ModelBuildError, build, open_distribution
from awsmini.model.check import check
from awsmini.model.cli_names import cli_service
from awsmini.model.load import DATA, content, data, services
from awsmini.model.packed import FILE, PackedModels
from awsmini.model.read import read
from awsmini.model.update import downloaded, models, news
from awsmini.params.arguments import flag, option
from awsmini.system.atomic import writing


def _build(invocation: Invocation, values: Values) -> int:
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


build_command = HandWritten(
    "build",
    _build,
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


def _update(invocation: Invocation, values: Values) -> int:
    say, env = invocation.app.stdout.write, invocation.app.env
    before = invocation.models
    shipped = data("services.json")["botocore"]
    with nullcontext(Path(values["from"])) if "from" in values else downloaded(values.get("release")) as source:
        release = open_distribution(source).version
        if own.version(release) <= own.version(shipped):
            say(f"The models that awsmini ships are of botocore {shipped}; {release} is not newer.\n")
            return 0
        found = dict(models(source))
        services, operations = news(before, found)
        store.keep_release(env, release, iter(found.items()))
    say(f"The models are now those of botocore {release}.\n")
    for name in services:
        say(f"new service: {name}\n")
    for name, new in operations.items():
        say(f"new in {name}: {', '.join(new)}\n")
    return 0


update_command = HandWritten(
    "update",
    _update,
    doc="Fetch the newest release of botocore with pip, and make the commands from its models.",
    arguments=(
        option("release", doc="A release of botocore, where the newest is not wanted."),
        option("from", doc="A botocore wheel, sdist or installed package at hand, in place of pip."),
    ),
)


def _add(invocation: Invocation, values: Values) -> int:
    name, lines = read(Path(values["path"]), values.get("name"))
    store.check_name(name)
    model = check(name, lines)
    path = store.add(invocation.app.env, name, lines)
    instead = ", in the place of the shipped one" if name in services() else ""
    count = len(model.operation_names)
    invocation.app.stdout.write(
        f"{model.metadata.get('serviceFullName') or model.service_id} is now 'awsmini {cli_service(name)}'{instead}: "
        f"{count} operation{'' if count == 1 else 's'}, in {path}\n"
    )
    return 0


def _remove(invocation: Invocation, values: Values) -> int:
    name: str | None = values.get("service_name")
    updates = values.get("updates")
    say = invocation.app.stdout.write
    if (name is None) == (updates is None):
        raise UsageError("either the name of a service or --updates is required")
    if name is None:
        gone = store.forget_releases(invocation.app.env)
        say("Back to the models that awsmini ships.\n" if gone else "There are no updates to remove.\n")
        return 0
    if not store.remove(invocation.app.env, name):
        raise ModelError(f"No model of {name} was added with 'awsmini models add'")
    say(f"The model of {name} that was added is gone.\n")
    return 0


add_command = HandWritten(
    "add",
    _add,
    doc="Add a service, or a newer model of one: its commands are there at once.",
    arguments=(
        option(
            "path",
            positional=True,
            required=True,
            doc="A Smithy model (JSON AST), a botocore service-2.json, or the folder that holds one.",
        ),
        option("name", doc="The command's name, where it is not the model's own."),
    ),
    literal=("path",),
)
remove_command = HandWritten(
    "remove",
    _remove,
    doc="Remove a service that was added, or what 'awsmini models update' brought.",
    arguments=(
        option("service-name", positional=True, nargs="?", doc="The service."),
        flag("updates", doc="Go back to the models that awsmini ships."),
    ),
)
