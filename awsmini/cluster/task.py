"""What a worker runs: an order comes as text, and so goes the answer to it.

Nothing here raises: the engine underneath would print what a task was given, and run it again elsewhere.
"""

import json
import socket
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Mapping
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


class Call:
    """Pickled, it is a text; unpickled, it has been carried out. So whoever passes it on needs nothing of awsmini."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        self._order = json.dumps(order, separators=(",", ":"))

    def __reduce__(self) -> tuple[Any, ...]:
        return perform, (self._order,)


def perform(order: str) -> str:
    """The answer to an order; what goes wrong is in it as `error`."""
    try:
        answer = _performed(json.loads(order))
    except AwsminiError as error:
        answer = {"error": str(error)}
    except BaseException as error:  # whatever got through would end the worker, or be printed with what it was given
        answer = {"error": f"{type(error).__name__}: {error}"}
    return json.dumps({**answer, "host": socket.gethostname()})


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
        self.topic, self._key = topic, key
        self._worker = resolve_name(DASK_WORKER)()
        self._sync = resolve_name(SYNC)

    def tell(self, **news: Any) -> None:
        """Some time soon."""
        self._worker.log_event(self.topic, {"task": self._key, **news})

    def note(self, **news: Any) -> None:
        """At once: it comes back when the scheduler knows."""
        message = {"task": self._key, **news}
        self._sync(self._worker.loop, self._worker.scheduler.log_event, topic=self.topic, msg=message)

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for the answer: the worker hears when they are gone."""
        state = self._worker.state.tasks.get(self._key)
        return state is not None and state.state in _WANTED

    def take(self, ticket: str) -> bool:
        """Whether the ticket was there still: of all who ask, on workers that are gone too, one gets it."""
        try:
            return bool(self._sync(self._worker.loop, self._worker.scheduler.queue_get, name=ticket, batch=True))
        except KeyError:  # it has been withdrawn
            return False

    @property
    def is_marked(self) -> bool:
        """Whether the run has been marked: it is to end."""
        return bool(self._sync(self._worker.loop, self._worker.scheduler.event_is_set, name=self.topic))

    def mark(self) -> None:
        """Let all tasks of the run see that it is to end."""
        self._sync(self._worker.loop, self._worker.scheduler.event_set, name=self.topic)

    @property
    def threads(self) -> int:
        """How many orders this process carries out at once."""
        return int(self._worker.state.nthreads)


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
