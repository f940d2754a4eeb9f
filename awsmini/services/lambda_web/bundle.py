"""What of a folder is uploaded: not what is hidden, and never what holds secrets, histories or leftovers."""

import fnmatch
import json
import os
import stat
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from awsmini.services.lambda_web.errors import InvalidOptionError, LambdaWebError
from awsmini.services.shared.zip_archives import Content, Entry, zipped

# Hidden, and yet of use: what frameworks build.
KEPT_FOLDERS = (".next", ".nuxt", ".svelte-kit", ".output", ".prisma", ".yarn")
KEPT_FILES = (".pnp.cjs", ".pnp.data.json", ".pnp.loader.mjs", ".pnp.js")
EXCLUDED_FOLDERS = (
    ".git", ".svn", ".hg", "__pycache__", "node_modules/.cache", ".aws-sam", ".terraform", ".aws", ".ssh",
)  # fmt: skip
EXCLUDED_FILES = (".ds_store", "*.pyc", "*.pem", "*.key", "id_rsa*", ".env", ".env.*", ".npmrc", ".netrc")
ENTRY_POINTS = (
    "index.js", "index.mjs", "index.cjs", "server.js", "server.mjs", "server.cjs", "dist/index.js", "dist/server.js",
    "build/index.js", "build/server.js",
)  # fmt: skip
LOADED = "index.js"  # what the runtime loads of itself
PACKAGE = "package.json"
_CONDITIONS = ("import", "default", "require")
_SHOWN = 5  # names in a warning


class Bundle(NamedTuple):
    """The files to be uploaded, and what is to be said of those that are not."""

    entries: Sequence[Entry]
    warnings: Sequence[str]


def entry_point(code: str, given: str | None) -> str:
    """The file that starts the server, relative to the folder. Raises InvalidOptionError, LambdaWebError."""
    if given:
        if os.path.isabs(given):
            raise InvalidOptionError(f"entry point '{given}' must be relative to source dir")
        relative = os.path.normpath(given)
        if relative.split(os.sep)[0] == os.pardir:
            raise InvalidOptionError(f"entry point '{given}' escapes source dir")
        if not os.path.isfile(os.path.join(code, relative)):
            raise InvalidOptionError(f"entry point '{given}' not found under {code.rstrip('/') or code}")
        return relative.replace(os.sep, "/")
    for candidate in (*_of_package(code), *ENTRY_POINTS):
        if os.path.isfile(os.path.join(code, candidate)):
            return os.path.normpath(candidate).replace(os.sep, "/")
    raise InvalidOptionError(
        f"No entry point was found under '{code}'. The command checked: {', '.join(ENTRY_POINTS)}. Use --entry-point "
        "to specify one."
    )


def is_there(code: str, path: str) -> bool:
    """Whether a file that the runtime is to load is there; it takes a path with a slash before it as well."""
    return os.path.isfile(os.path.join(code, path.lstrip("/")))


def _of_package(code: str) -> Iterator[str]:
    """The files that package.json names: its `main`, then what it exports."""
    try:
        with open(os.path.join(code, PACKAGE), encoding="utf-8") as file:
            package = json.load(file)
    except OSError:
        return
    except json.JSONDecodeError as error:
        raise LambdaWebError(f"{PACKAGE} invalid at line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise LambdaWebError(f"{PACKAGE} invalid: {error}") from None
    if isinstance(package, dict):
        if isinstance(package.get("main"), str):
            yield package["main"]
        exported = _exported(package.get("exports"))
        if exported is not None:
            yield exported


def _exported(value: object) -> str | None:
    """The file that a package exports as its main one."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return next(filter(None, map(_exported, value)), None)
    if isinstance(value, dict):
        if "." in value:
            return _exported(value["."])
        return next(filter(None, (_exported(value.get(name)) for name in _CONDITIONS)), None)
    return None


def collect(code: str, *, hidden: bool, forced: Sequence[str]) -> Bundle:
    """The files of a folder. Raises InvalidOptionError where one that was asked for cannot be had."""
    wanted = [_forced(code, path) for path in forced if path]
    walk = _Walk(hidden, frozenset(wanted))
    walk.folder(code, "")
    missing = [path for path in wanted if path not in {entry.name for entry in walk.entries}]
    if missing:
        raise InvalidOptionError(
            f"The command couldn't include these --force-include paths: {', '.join(map(repr, missing))}. Use "
            "--include-hidden-files if a parent directory is hidden. Files inside excluded or symlinked directories "
            "can't be included."
        )
    return Bundle(walk.entries, [*walk.warnings(), *_warned_of(wanted)])


def _warned_of(forced: Sequence[str]) -> Iterator[str]:
    if forced:
        yield (
            f"Warning: The command includes these files as requested by --force-include: {', '.join(forced)}. Verify "
            "that these files don't contain credentials or other secrets. Use AWS Secrets Manager for runtime secrets."
        )


def _forced(code: str, path: str) -> str:
    relative = os.path.normpath(path)
    if os.path.isabs(path) or relative.split(os.sep)[0] == os.pardir:
        raise InvalidOptionError(
            f"--force-include path '{path}' must be relative to --code and remain inside that directory."
        )
    full = os.path.join(code, relative)
    if os.path.islink(full) or not os.path.isfile(full):
        raise InvalidOptionError(
            f"--force-include path '{path}' must identify a regular file under --code '{code}'. Directories, "
            "symlinks, and special files aren't supported."
        )
    return relative.replace(os.sep, "/")


class _Walk:
    """One walk over a folder. Names are compared without regard to case."""

    def __init__(self, hidden: bool, forced: frozenset[str]) -> None:
        self._hidden = hidden
        self._forced = forced
        self.entries: list[Entry] = []
        self._hidden_paths: list[str] = []
        self._links: list[str] = []
        self._special: list[str] = []

    def folder(self, path: str, prefix: str) -> None:
        with os.scandir(path) as listing:
            found = sorted(listing, key=lambda entry: entry.name)
        folders = [entry for entry in found if entry.is_dir(follow_symlinks=False)]
        kept = [entry for entry in folders if self._keeps_folder(prefix + entry.name, entry.name)]
        for entry in found:
            if entry not in folders:
                self._file(entry, prefix + entry.name)
        for entry in kept:
            self.folder(entry.path, f"{prefix}{entry.name}/")

    def _keeps_folder(self, name: str, last: str) -> bool:
        lower = name.lower()
        if any(lower == folder or lower.endswith(f"/{folder}") for folder in EXCLUDED_FOLDERS):
            return False
        return self._is_seen(name, last, KEPT_FOLDERS)

    def _file(self, entry: "os.DirEntry[str]", name: str) -> None:
        last = entry.name
        if entry.is_symlink():
            self._links.append(name)
        elif name in self._forced:
            self.entries.append(Entry(entry.path, name))
        elif any(fnmatch.fnmatchcase(last.lower(), pattern) for pattern in EXCLUDED_FILES):
            return
        elif self._is_seen(name, last, KEPT_FILES):
            if stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                self.entries.append(Entry(entry.path, name))
            else:
                self._special.append(name)

    def _is_seen(self, name: str, last: str, kept: Sequence[str]) -> bool:
        if self._hidden or not last.startswith(".") or last.lower() in kept:
            return True
        self._hidden_paths.append(name)
        return False

    def warnings(self) -> Iterator[str]:
        for name in self._special:
            yield f"Warning: skipping {name}: not a regular file."
        if self._links:
            yield (
                f"Warning: skipped {len(self._links)} symlink(s) not followed into the bundle: "
                f"{_listed(self._links)}. Symlinks are never followed (they can escape the source directory or form "
                "cycles). If these are dependencies (for example, pnpm or workspace node_modules symlinks), the "
                "bundle may be missing modules; install with a layout that writes real files (for example, "
                '"npm install", or pnpm with "node-linker=hoisted") before deploying.'
            )
        if self._hidden_paths:
            many = "" if len(self._hidden_paths) == 1 else "s"
            yield (
                f"Warning: skipped {len(self._hidden_paths)} hidden path{many}: {_listed(self._hidden_paths)}. Use "
                "--include-hidden-files to include hidden files and directories that don't match an exclusion pattern."
            )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown}, ... and {len(names) - _SHOWN} more"


def archive(code: str, bundle: Bundle, entry: str | None) -> IO[bytes]:
    """The zip file. Where another file than index.js is to be loaded, an index.js is added that loads it.

    Raises InvalidOptionError.
    """
    contents: list[Entry | Content] = list(bundle.entries)
    names = {each.name for each in bundle.entries}
    if entry is not None and entry not in names:
        raise InvalidOptionError(
            f"entry point '{entry}' is not included in the deployment bundle. It may be hidden, excluded, a symlink, "
            "or not a regular file. Choose an included file, use --force-include for an excluded file, or use "
            "--include-hidden-files for a hidden file."
        )
    if entry not in (None, LOADED):
        if os.path.lexists(os.path.join(code, LOADED)):
            raise InvalidOptionError(
                f"Cannot inject wrapper: '{os.path.join(code, LOADED)}' already exists. Either rename your entry point "
                f"to {LOADED}, or remove the existing {LOADED} from the source directory."
            )
        contents.append(Content(LOADED, _loader(f"./{entry}").encode()))
    return zipped(contents)


def _loader(path: str) -> str:
    """A module that loads another one, and ends with an error where that cannot be loaded."""
    return (
        "// Written by `awsmini lambda-web deploy`: the runtime loads this file, and it loads the server.\n"
        f"const server = {json.dumps(path)};\n"
        "import(server).catch((error) => {\n"
        "  console.error(`${server} cannot be loaded:`, error);\n"
        "  process.exit(1);\n"
        "});\n"
    )
