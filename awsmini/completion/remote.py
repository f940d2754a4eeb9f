"""Names from the account: asked for within a time limit, kept for a minute, and silent whatever goes wrong.

Answers lie in `state_folder(env)/completion`, readable by their owner alone, one file for each question: who asks
(profile, keys, region, endpoint) and what. AWSMINI_COMPLETE_REMOTE=0 keeps all this from happening.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from pkgutil import resolve_name
from threading import Thread
from typing import Any

from awsmini.completion.position import Position
from awsmini.completion.resources import Listing, listing
from awsmini.completion.values import World
from awsmini.system.app_dirs import state_folder
from awsmini.system.atomic import PRIVATE, writing

FETCH = "awsmini.completion.account:fetch"  # the session, and requests with it
KEPT = 60.0  # seconds that names are good for
KEPT_NOTHING = 15.0  # and that nothing is asked again after an answer without names, or none
LEAST = 0.2  # seconds that asking takes in any case
ANSWERED_BY = ("profile", "region", "endpoint_url", "local", "sign_request", "verify_ssl", "ca_bundle")
_IDENTITY = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION",
             "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL", "AWSMINI_LOCAL")  # fmt: skip


def names(position: Position, world: World) -> list[str]:
    """The names that the value at the cursor may be one of."""
    argument, operation = position.current, position.node.operation
    if argument is None or argument.member is None or operation is None:
        return []
    found = listing(operation, argument.member, _given(position))
    if found is None:
        return []
    flags = {name: position.flags[name] for name in ANSWERED_BY if name in position.flags}
    if found.service != operation.service_model.service_name:
        flags.pop("endpoint_url", None)  # that one is meant for the command's own service
    return ask(found, flags, world)


def ask(question: Listing, flags: Mapping[str, Any], world: World) -> list[str]:
    """The names that a listing gives: kept ones, or those that come in time."""
    path = _file(question, flags, world.env)
    known = _kept(path)
    if known is not None:
        return known
    found: list[str] = []
    if world.time_left() > LEAST:
        asking = Thread(target=_quietly, args=(_fetch, question, flags, world.env, found), daemon=True)
        asking.start()
        asking.join(world.time_left())
        if asking.is_alive():
            return list(found)  # as far as it got: nobody keeps half an answer
    _quietly(_keep, path, found)
    return found


def _given(position: Position) -> dict[str, str]:
    """The values of the line, by the names of the API's members."""
    return {
        argument.member: position.given[argument.dest][0]
        for argument in position.node.arguments
        if argument.member and position.given.get(argument.dest)
    }


def _file(question: Listing, flags: Mapping[str, Any], env: Mapping[str, str]) -> Path:
    identity = {name: env[name] for name in _IDENTITY if name in env}
    told = json.dumps([question, flags, identity, env.get("HOME")], sort_keys=True, default=dict)
    return state_folder(env, sys.platform) / "completion" / f"{hashlib.sha256(told.encode()).hexdigest()}.json"


def _kept(path: Path) -> list[str] | None:
    try:
        age = time.time() - path.stat().st_mtime
        found: list[str] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if 0 <= age < (KEPT if found else KEPT_NOTHING) else None


def _keep(path: Path, found: list[str]) -> None:
    """Write an answer down, and forget what is out of date."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in path.parent.glob("*.json"):
        if time.time() - other.stat().st_mtime > KEPT:
            other.unlink(missing_ok=True)
    with writing(str(path), PRIVATE) as file:
        file.write(json.dumps(found).encode())


def _fetch(question: Listing, flags: Mapping[str, Any], env: Mapping[str, str], found: list[str]) -> None:
    resolve_name(FETCH)(question, flags, env, found)


def _quietly(function: Callable[..., None], *args: Any) -> None:
    try:
        function(*args)
    except Exception:
        return
