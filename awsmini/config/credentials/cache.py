"""JSON files that processes share: role credentials, SSO tokens, console sign-ins.

Names, places and contents are AWS CLI v2's, so both tools use one another's. A file is written whole under a
temporary name, mode 0600, and renamed; so no reader ever sees half of one. `lock` lets one process at a time
fetch what a key stands for, while the others wait for its answer.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from awsmini.config.locks import lock
from awsmini.log import debug
from awsmini.system.atomic import PRIVATE, private_folder, writing
from awsmini.system.user_dirs import expand

ROLE_CACHE = "~/.aws/cli/cache"
SSO_CACHE = "~/.aws/sso/cache"
LOGIN_CACHE = "~/.aws/login/cache"


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

    def remove(self, key: str) -> None:
        with suppress(OSError):
            os.unlink(self.path(key))

    def write(self, key: str, value: Any) -> None:
        """Keep a value of JSON types and datetimes. Raises OSError where the folder cannot be written."""
        private_folder(self.folder)
        write_private(self.path(key), json.dumps(value, default=_iso))

    def try_write(self, key: str, value: Any) -> None:
        """Keep a value if the disk allows; without a cache the next call has to ask again, and that is all."""
        try:
            self.write(key, value)
        except OSError as error:
            debug("config.credentials", "Could not write to the cache: %s", error)

    @contextmanager
    def lock(self, key: str, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
        """Hold the key's lock against all other processes. Who waits for too long goes on without it."""
        try:
            private_folder(self.folder)
        except OSError as error:
            debug("config.credentials", "Could not make the cache: %s", error)
        with lock(os.path.join(self.folder, f"{key}.lock"), sleep):
            yield


def write_private(path: str, text: str) -> None:
    """Replace the file at once: readers see the old text or the new, even if this process dies in between."""
    with writing(path, PRIVATE) as file:
        file.write(text.encode())


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON type")


def role_cache(env: Mapping[str, str]) -> JsonCache:
    return JsonCache(expand(ROLE_CACHE, env))


def sso_cache(env: Mapping[str, str]) -> JsonCache:
    return JsonCache(expand(SSO_CACHE, env))


def login_cache(env: Mapping[str, str]) -> JsonCache:
    return JsonCache(expand(env.get("AWS_LOGIN_CACHE_DIRECTORY") or LOGIN_CACHE, env))
