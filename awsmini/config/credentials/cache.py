"""JSON files that processes share: role credentials, SSO tokens, console sign-ins.

Names, places and contents are AWS CLI v2's, so both tools use one another's. A file is written whole under a
temporary name, mode 0600, and renamed; so no reader ever sees half of one. `lock` lets one process at a time
fetch what a key stands for, while the others wait for its answer.
"""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from awsmini.config.files import expand

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("awsmini.config.credentials")

ROLE_CACHE = "~/.aws/cli/cache"
SSO_CACHE = "~/.aws/sso/cache"
LOGIN_CACHE = "~/.aws/login/cache"

LOCK_SECONDS = 120.0  # the longest wait for another process; then this one goes on alone
POLL_SECONDS = 0.02


class JsonCache:
    """A folder of JSON files, one a key."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def path(self, key: str) -> str:
        return os.path.join(self.folder, f"{key}.json")

    def read(self, key: str) -> Any:
        """What is kept under the key; None where nothing is, or nothing that can be read."""
        try:
            with open(self.path(key), encoding="utf-8") as stream:
                return json.load(stream)
        except (OSError, ValueError):
            return None

    def write(self, key: str, value: Any) -> None:
        """Keep a value of JSON types and datetimes. Raises OSError where the folder cannot be written."""
        os.makedirs(self.folder, exist_ok=True)
        write_private(self.path(key), json.dumps(value, default=_iso))

    def try_write(self, key: str, value: Any) -> None:
        """Keep a value if the disk allows; without a cache the next call has to ask again, and that is all."""
        try:
            self.write(key, value)
        except OSError as error:
            log.debug("Could not write to the cache: %s", error)

    @contextmanager
    def lock(self, key: str, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
        """Hold the key's lock against all other processes. Who waits for too long goes on without it."""
        path = os.path.join(self.folder, f"{key}.lock")
        try:
            os.makedirs(self.folder, exist_ok=True)
            descriptor = _wait(path, sleep)
        except OSError as error:
            log.debug("Could not lock the cache: %s", error)
            descriptor = None
        try:
            yield
        finally:
            if descriptor is not None:
                _release(path, descriptor)


def write_private(path: str, text: str) -> None:
    """Replace the file at once: readers see the old text or the new, even if this process dies in between."""
    temporary = f"{path}.{os.getpid()}.{time.monotonic_ns():x}.tmp"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON type")


def _wait(path: str, sleep: Callable[[float], None]) -> int | None:
    """The locked file's descriptor; None when the patience ended before."""
    waited = 0.0
    while (descriptor := (_try_flock if fcntl else _try_create)(path)) is None:
        if waited >= LOCK_SECONDS:
            return None
        sleep(POLL_SECONDS)
        waited += POLL_SECONDS
    return descriptor


def _try_flock(path: str) -> int | None:
    """A lock on the file that now has this name: whoever lets go removes the file, so it may be another's old one."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), os.stat(path)):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


def _try_create(path: str) -> int | None:
    """Where there is no flock: the file is the lock. One left behind by a dead process is removed once it is old."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (FileExistsError, PermissionError):
        try:
            if time.time() - os.path.getmtime(path) > LOCK_SECONDS:
                os.unlink(path)
        except OSError:
            pass
        return None


def _release(path: str, descriptor: int) -> None:
    if fcntl:  # under the lock, so that nobody can hold the name meanwhile
        os.unlink(path)
        os.close(descriptor)
    else:
        os.close(descriptor)
        os.unlink(path)


def role_cache(env: Mapping[str, str]) -> JsonCache:
    return JsonCache(expand(ROLE_CACHE, env))


def sso_cache(env: Mapping[str, str]) -> JsonCache:
    return JsonCache(expand(SSO_CACHE, env))


def login_cache(env: Mapping[str, str]) -> JsonCache:
    return JsonCache(expand(env.get("AWS_LOGIN_CACHE_DIRECTORY") or LOGIN_CACHE, env))
