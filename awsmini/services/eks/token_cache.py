"""Tokens of roles, kept so that not every call of kubectl has to ask STS: one private file a token.

A file is named by all that the token depends on: the credentials that assume the role, the role, the cluster, the
region and the address of STS. So nobody gets the token of somebody else, and other credentials begin anew. A token
is handed out again in the first half of its life alone, with the expiry that it was made with; files of tokens
whose life is over are removed.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from hashlib import sha256

from awsmini.commandline.invocation import Invocation
from awsmini.config.credentials.cache import JsonCache
from awsmini.config.settings import Setting
from awsmini.model.shapes import ServiceModel
from awsmini.system.app_dirs import state_folder

FOLDER = "eks-tokens"
YOUNG = timedelta(minutes=7)  # left of the life of a token that is handed out again
LIFE = timedelta(minutes=14)
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


class TokenCache:
    """The place of one token."""

    def __init__(self, invocation: Invocation, cluster: str, role_arn: str) -> None:
        folder = state_folder(invocation.app.env, sys.platform) / FOLDER
        self._files = JsonCache(str(folder))
        self._key = _key(invocation, cluster, role_arn)
        self._app = invocation.app

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One process at a time makes the token, and the others find it."""
        with self._files.lock(self._key, self._app.sleep):
            yield

    def read(self) -> tuple[str, datetime] | None:
        """The token and its expiry; None where there is none that is young enough."""
        kept = self._files.read(self._key)
        if not isinstance(kept, dict) or not isinstance(kept.get("token"), str):
            return None
        try:
            expires = datetime.strptime(str(kept.get("expires")), _FORMAT).replace(tzinfo=timezone.utc)
        except ValueError:
            return None
        left = expires - self._app.now()
        return (kept["token"], expires) if YOUNG <= left <= LIFE else None

    def write(self, token: str, expires: datetime) -> None:
        """Keep a token, if the disk allows."""
        self._remove_old()
        self._files.try_write(self._key, {"token": token, "expires": f"{expires:{_FORMAT}}"})

    def _remove_old(self) -> None:
        """Remove what no cluster takes any more."""
        before = self._app.now().timestamp() - LIFE.total_seconds()
        with suppress(OSError):
            for entry in os.scandir(self._files.folder):
                with suppress(OSError):
                    if entry.name.endswith(".json") and entry.stat().st_mtime < before:
                        os.unlink(entry.path)


def _key(invocation: Invocation, cluster: str, role_arn: str) -> str:
    session = invocation.session
    keys = session.credentials.get()
    sts = ServiceModel(session.models.lines("sts"))
    endpoint: Setting = session.settings.endpoint_url(sts.service_id, flag=False)
    value = session.settings.value
    fields = [
        keys.access_key, keys.secret_key, keys.token, role_arn, cluster, session.region_name, endpoint.value,
        bool(value("use_fips_endpoint")), bool(value("use_dualstack_endpoint")),
    ]  # fmt: skip
    return sha256(json.dumps(fields).encode()).hexdigest()
