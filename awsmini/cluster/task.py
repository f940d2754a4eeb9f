"""What a worker runs: an order comes sealed, is carried out, and its answer goes back sealed.

Nothing here raises: the engine underneath would print what a task was given, and run it again elsewhere.
"""

import json
import socket
from base64 import b64decode
from collections import OrderedDict
from threading import Lock
from typing import Any

from awsmini.cluster import world
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.model.load import data
from awsmini.references import resolve_name
from awsmini.version import __version__

DASK_WORKER = "distributed:get_worker"
SYNC = "distributed.utils:sync"
WORLDS = 8  # that a worker keeps: each has its credentials, which are costly to find
_WANTED = ("executing", "long-running", "resumed")


def version() -> str:
    """What must be the same on both sides: the code, and the models that are shipped with it."""
    return f"{__version__} ({data('services.json')['botocore']})"


class Sealed:
    """Bytes that nobody sees in a log or on a dashboard."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return "<Sealed>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Sealed, (self.content,)

    def __sizeof__(self) -> int:
        return len(self.content)


def sealed(value: Any) -> Sealed:
    return Sealed(json.dumps(value, separators=(",", ":")).encode())


def perform(order: Sealed) -> Sealed:
    """Carry out an order; what goes wrong is in the answer as `error`."""
    try:
        answer = _performed(json.loads(order.content))
    except AwsminiError as error:
        answer = {"error": str(error)}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    return sealed({**answer, "host": socket.gethostname()})


def _performed(order: dict[str, Any]) -> dict[str, Any]:
    if order["version"] != version():
        return {
            "refused": f"awsmini is {version()} there, and {order['version']} here: both sides have to be the same."
        }
    invocation = _worlds.get(order["world"], order["credentials"])
    work = resolve_name(order["work"])
    answer: dict[str, Any] = work(_opened(order["given"]), invocation, Place(order["topic"], order["key"]))
    return answer


def _opened(given: dict[str, Any]) -> dict[str, Any]:
    """The bytes among the values as such."""
    values = {name: b64decode(value) for name, value in given.pop("bytes", {}).items()}
    return {**given, "values": {**given.get("values", {}), **values}}


class Place:
    """Where an order is carried out: tells those who gave it how far it is."""

    def __init__(self, topic: str, key: str) -> None:
        self._topic, self._key = topic, key
        self._worker = resolve_name(DASK_WORKER)()
        self._sync = resolve_name(SYNC)

    def tell(self, **news: Any) -> None:
        """Some time soon."""
        self._worker.log_event(self._topic, {"task": self._key, **news})

    def note(self, **news: Any) -> None:
        """At once: it comes back when the scheduler knows."""
        message = {"task": self._key, **news}
        self._sync(self._worker.loop, self._worker.scheduler.log_event, topic=self._topic, msg=message)

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for the answer: the worker hears when they are gone."""
        state = self._worker.state.tasks.get(self._key)
        return state is not None and state.state in _WANTED

    def is_first(self, name: str) -> bool:
        """Whether nobody has asked this before with that name, be it on another worker which is gone since."""
        scheduler, loop = self._worker.scheduler, self._worker.loop
        if self._sync(loop, scheduler.event_is_set, name=name):
            return False
        self._sync(loop, scheduler.event_set, name=name)
        return True


class _Worlds:
    """Those of the last orders."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Invocation] = OrderedDict()
        self._lock = Lock()

    def get(self, described: dict[str, Any], credentials: list[Any] | None) -> Invocation:
        key = json.dumps([described, credentials], sort_keys=True)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = world.entered(described, credentials)
                while len(self._kept) > WORLDS:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return found


_worlds = _Worlds()
