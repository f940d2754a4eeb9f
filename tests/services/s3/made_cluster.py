"""A cluster that is this process: orders are carried out one after the other, in any order, and get lost at will."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue
from typing import Any
from unittest import mock

from awsmini.cluster import local, task
from awsmini.cluster.dask import Answer
from awsmini.services.s3 import clustered, questions, shard


class Made:
    """What `awsmini.cluster.dask.Cluster` is to a run. `orders` are those that were sent, as they went."""

    def __init__(self, chance: random.Random, threads: int = 3) -> None:
        self.chance, self.threads, self.workers = chance, threads, threads
        self.losses = 0.0  # how likely an order is lost before it is carried out, or its answer afterwards
        self.before: Callable[[Mapping[str, Any]], None] = lambda order: None
        self.orders: list[dict[str, Any]] = []
        self.answered: list[dict[str, Any]] = []
        self.news: SimpleQueue[Mapping[str, Any]] = SimpleQueue()
        self._waiting: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, *_: object, **__: object) -> "Made":
        self._waiting.clear()
        return self

    def __enter__(self) -> "Made":
        return self

    def __str__(self) -> str:
        return f"Cluster local:{self.workers}: {self.workers} workers, {self.threads} threads"

    def __exit__(self, *error: object) -> None:
        self._waiting.clear()

    def submit(self, key: str, order: Mapping[str, Any], **_: object) -> None:
        sent = {**order, "version": task.version(), "topic": "t", "key": key}
        self.orders.append(json.loads(json.dumps(sent)))
        self._waiting.append((key, sent))

    def answers(self, seconds: float) -> Iterator[Answer]:
        if not self._waiting:
            return
        at = self.chance.randrange(len(self._waiting))
        key, order = self._waiting.pop(at)
        if self.chance.random() < self.losses:
            yield Answer(key, {}, "its workers have died")
            return
        self.before(order)
        found = json.loads(task.perform(json.dumps(order)))
        if self.chance.random() < self.losses:
            yield Answer(key, {}, "its workers have died")
            return
        self.answered.append({**order["given"], **found})
        yield Answer(key, found)


class MadePlace:
    """Where orders are carried out."""

    made: Made

    def __init__(self, topic: str, key: str) -> None:
        self.key = key
        self.is_wanted = True

    def tell(self, **news: Any) -> None:
        self.made.news.put({"task": f"awsmini-t-{self.key}", **news})

    note = tell


@contextmanager
def in_this_process(made: Made, *, objects: int = 5_000, listed: int = 100_000, size: int = 2**29) -> Iterator[Made]:
    """Commands with `--cluster` are done here, in shards of that size."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(MadePlace, "made", made, create=True))
        stack.enter_context(mock.patch.object(clustered, "Cluster", made))
        stack.enter_context(mock.patch.object(local, "begin"))
        stack.enter_context(mock.patch.object(task, "Place", MadePlace))
        worlds = task._Worlds()
        stack.enter_context(mock.patch.object(task, "_worlds", worlds))
        stack.enter_context(mock.patch.multiple(shard, OBJECTS=objects, LISTED=listed, BYTES=size))
        stack.enter_context(mock.patch.object(questions, "LISTED", listed))
        yield made
        for invocation in worlds._kept.values():
            invocation.app.stdout.close()
