"""What of a folder is deployed, and which file is started."""

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from awsmini.services.lambda_web.bundle import archive, collect, entry_point
from awsmini.services.lambda_web.errors import InvalidOptionError, LambdaWebError


def folder(path: Path, *names: str, **contents: str) -> str:
    for name in names:
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("1")
    for name, text in contents.items():
        (path / name.replace("_", ".")).write_text(text)
    return str(path)


def bundled(code: str, *forced: str, hidden: bool = False) -> list[str]:
    return sorted(entry.name for entry in collect(code, hidden=hidden, forced=forced).entries)


NEVER = (
    ".git/x", ".svn/x", ".hg/x", "__pycache__/x", "node_modules/.cache/x", ".aws-sam/x", ".terraform/x", ".aws/x",
    ".ssh/x", ".DS_Store", "a.pyc", "a.pem", "A.PEM", "sub/a.key", "id_rsa", "id_rsa.pub", ".env", ".ENV", ".env.local",
    ".npmrc", ".netrc", "sub/.git/x",
)  # fmt: skip
ALWAYS = (
    "x.txt", "env", "my.env", "node_modules/a/index.js", ".next/a", ".nuxt/a", ".svelte-kit/a", ".output/a",
    ".prisma/a", ".yarn/a", ".pnp.cjs", ".pnp.data.json", ".pnp.loader.mjs", ".pnp.js", "sub/.next/a",
)  # fmt: skip
HIDDEN = (".h", ".k/x", "sub/.h", "node_modules/.bin/t")


def test_what_is_kept_and_what_never_is(tmp_path: Path) -> None:
    code = folder(tmp_path, *NEVER, *ALWAYS, *HIDDEN)
    assert bundled(code) == sorted(ALWAYS)
    assert bundled(code, hidden=True) == sorted((*ALWAYS, *HIDDEN))


def test_hidden_paths_are_told(tmp_path: Path) -> None:
    code = folder(tmp_path, *HIDDEN)
    (warning,) = collect(code, hidden=False, forced=()).warnings
    assert warning.startswith(
        "Warning: skipped 4 hidden paths: .k, .h, node_modules/.bin, sub/.h. Use --include-hidden"
    )
    (warning,) = collect(folder(tmp_path / "one", ".h"), hidden=False, forced=()).warnings
    assert warning.startswith("Warning: skipped 1 hidden path: .h. Use")
    (warning,) = collect(folder(tmp_path / "many", *(f".{n}" for n in range(7))), hidden=False, forced=()).warnings
    assert ".0, .1, .2, .3, .4, ... and 2 more. Use" in warning


def test_links_and_pipes_stay_out(tmp_path: Path) -> None:
    code = folder(tmp_path, "a")
    (tmp_path / "l").symlink_to("a")
    (tmp_path / "d").symlink_to(".")
    os.mkfifo(tmp_path / "p")
    found = collect(code, hidden=False, forced=())
    assert [entry.name for entry in found.entries] == ["a"]
    assert found.warnings[0] == "Warning: skipping p: not a regular file."
    assert found.warnings[1].startswith("Warning: skipped 2 symlink(s) not followed into the bundle: d, l. Symlinks")


def test_what_is_forced(tmp_path: Path) -> None:
    code = folder(tmp_path, "a", ".env", "sub/x.pem", ".h/x", ".git/x")
    assert bundled(code, ".env", "sub/x.pem", "a") == [".env", "a", "sub/x.pem"]
    assert bundled(code, ".h/x", hidden=True) == [".h/x", "a"]
    for path in (".h/x", ".git/x"):
        with pytest.raises(InvalidOptionError, match=f"couldn't include these --force-include paths: '{path}'"):
            bundled(code, path)
    for path in ("../x", "/etc/passwd"):
        with pytest.raises(InvalidOptionError, match="must be relative to --code and remain inside"):
            bundled(code, path)
    for path in ("none", "sub"):
        with pytest.raises(InvalidOptionError, match="must identify a regular file"):
            bundled(code, path)


ENTRIES: list[tuple[Mapping[str, object] | None, tuple[str, ...], str]] = [
    (None, ("index.js", "server.js"), "index.js"),
    (None, ("server.cjs",), "server.cjs"),
    (None, ("build/server.js",), "build/server.js"),
    ({"main": "lib/a.js"}, ("lib/a.js", "index.js"), "lib/a.js"),
    ({"main": "./lib/a.js"}, ("lib/a.js",), "lib/a.js"),
    ({"main": "lib/none.js"}, ("server.js",), "server.js"),
    ({"main": "lib"}, ("lib/index.js", "server.js"), "server.js"),
    ({"main": 5}, ("server.js",), "server.js"),
    ({"exports": "./a.js"}, ("a.js",), "a.js"),
    ({"main": "b.js", "exports": "./a.js"}, ("a.js", "b.js"), "b.js"),
    ({"exports": {".": {"require": "./b.cjs", "import": "./a.mjs"}}}, ("a.mjs", "b.cjs"), "a.mjs"),
    ({"exports": {"default": "./a.js", "require": "./b.js"}}, ("a.js", "b.js"), "a.js"),
    ({"exports": ["./a.js"]}, ("a.js", "server.js"), "a.js"),
]


@pytest.mark.parametrize(("package", "files", "expected"), ENTRIES)
def test_the_entry_point_is_found(
    tmp_path: Path, package: Mapping[str, object] | None, files: tuple[str, ...], expected: str
) -> None:
    code = folder(tmp_path, *files)
    if package is not None:
        (tmp_path / "package.json").write_text(json.dumps(package))
    assert entry_point(code, None) == expected


def test_entry_points_that_are_refused(tmp_path: Path) -> None:
    code = folder(tmp_path, "x")
    with pytest.raises(InvalidOptionError, match="No entry point was found under"):
        entry_point(code, None)
    with pytest.raises(InvalidOptionError, match=r"entry point 'no\.js' not found under"):
        entry_point(code, "no.js")
    with pytest.raises(InvalidOptionError, match=r"entry point '\.\./x' escapes source dir"):
        entry_point(code, "../x")
    with pytest.raises(InvalidOptionError, match="must be relative to source dir"):
        entry_point(code, "/x")
    (tmp_path / "package.json").write_text('{"main":')
    with pytest.raises(LambdaWebError, match="invalid at line 1, column 9: Expecting value"):
        entry_point(code, None)


def test_another_file_is_loaded_by_an_index(tmp_path: Path) -> None:
    code = folder(tmp_path, 's/a"b.mjs')
    found = collect(code, hidden=False, forced=())
    with archive(code, found, 's/a"b.mjs') as file, zipfile.ZipFile(file) as content:
        assert content.namelist() == ['s/a"b.mjs', "index.js"]
        assert r'"./s/a\"b.mjs"' in content.read("index.js").decode()
    with archive(code, found, None) as file, zipfile.ZipFile(file) as content:
        assert content.namelist() == ['s/a"b.mjs']


def test_an_index_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    code = folder(tmp_path, "index.js", "s.js", ".h.js")
    found = collect(code, hidden=False, forced=())
    with archive(code, found, "index.js") as file, zipfile.ZipFile(file) as content:
        assert content.read("index.js") == b"1"
    with pytest.raises(InvalidOptionError, match="Cannot inject wrapper"):
        archive(code, found, "s.js")
    with pytest.raises(InvalidOptionError, match="is not included in the deployment bundle"):
        archive(code, found, ".h.js")
