"""Which sockets are ready: epoll where there is one, whatever `selectors` finds elsewhere."""

import select
import selectors
from typing import Any

READ = 1
WRITE = 4
Ready = list[tuple[Any, int]]  # whoever was registered, and what can be done


class SelectorPoller:
    """Through `selectors`."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def add(self, descriptor: int, events: int, who: Any) -> None:
        self._selector.register(descriptor, _of_selector(events), who)

    def change(self, descriptor: int, events: int, who: Any) -> None:
        self._selector.modify(descriptor, _of_selector(events), who)

    def remove(self, descriptor: int) -> None:
        self._selector.unregister(descriptor)

    def wait(self, seconds: float) -> Ready:
        found = self._selector.select(seconds)
        return [(key.data, (READ if events & selectors.EVENT_READ else 0) | (WRITE if events & selectors.EVENT_WRITE else 0))
                for key, events in found]  # fmt: skip

    def close(self) -> None:
        self._selector.close()


class EpollPoller:
    """By itself: `selectors` takes as long to look a socket up as the kernel takes to say that it is ready."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._known: dict[int, Any] = {}

    def add(self, descriptor: int, events: int, who: Any) -> None:
        self._known[descriptor] = who
        self._epoll.register(descriptor, events)

    def change(self, descriptor: int, events: int, who: Any) -> None:
        self._epoll.modify(descriptor, events)

    def remove(self, descriptor: int) -> None:
        del self._known[descriptor]
        self._epoll.unregister(descriptor)

    def wait(self, seconds: float) -> Ready:
        known = self._known
        # An error or a hang-up shows as both, so that whoever waits for either finds it.
        return [
            (known[fd], events if events <= READ | WRITE else READ | WRITE) for fd, events in self._epoll.poll(seconds)
        ]

    def close(self) -> None:
        self._epoll.close()


Poller = SelectorPoller | EpollPoller


def make_poller() -> Poller:
    return EpollPoller() if hasattr(select, "epoll") else SelectorPoller()


def _of_selector(events: int) -> int:
    return (selectors.EVENT_READ if events & READ else 0) | (selectors.EVENT_WRITE if events & WRITE else 0)
