"""The models that a user has added to the shipped ones, below `data_folder(env)`:

models/added/<service>.jsonl            by `awsmini models add`; wins over everything shipped
models/botocore-1.45.0/<service>.jsonl  by `awsmini models update`; counts while it is newer than what is shipped
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from awsmini.errors import ModelError
from awsmini.model.own import added_folder, releases, root
from awsmini.model.sealed import sealed
from awsmini.system.atomic import writing

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a command, and of a file."""
    if not _NAME.fullmatch(name):
        raise ModelError(f"{name!r} cannot be the name of a service: it takes lower-case letters, digits and dashes")


def add(env: Mapping[str, str], name: str, lines: bytes) -> Path:
    """Keep a model under a service's name; where it lies."""
    check_name(name)
    path = added_folder(env) / f"{name}.jsonl"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(str(path)) as file:
            file.write(sealed(lines))
    except OSError as error:
        raise ModelError(f"{path} cannot be written: {error.strerror}") from error
    return path


def remove(env: Mapping[str, str], name: str) -> bool:
    """Forget an added model; whether there was one."""
    check_name(name)
    path = added_folder(env) / f"{name}.jsonl"
    if not path.is_file():
        return False
    path.unlink()
    return True


def keep_release(env: Mapping[str, str], release: str, models: Iterator[tuple[str, bytes]]) -> Path:
    """Keep the models of a botocore release (service to lines) in the place of any release kept before."""
    folder = root(env) / f"botocore-{release}"
    partial = root(env) / f".botocore-{release}.part"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, lines in models:
            (partial / f"{name}.jsonl").write_bytes(sealed(lines))
        forget_releases(env)
        partial.rename(folder)
    except OSError as error:
        raise ModelError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def forget_releases(env: Mapping[str, str]) -> bool:
    """Go back to the shipped models; whether there were others."""
    found = releases(env)
    for _, folder in found:
        shutil.rmtree(folder)
    return bool(found)
