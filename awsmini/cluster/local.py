"""Processes of workers on this machine: forked, where that can be, from one that has loaded what they need already."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, get_all_start_methods, set_forkserver_preload
from threading import current_thread, main_thread

LOADED = "awsmini.cluster.loaded"
METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"


def begin(address: str, *modules: str) -> None:
    """Have modules loaded for workers of this machine, if it is these that are named, while this process goes on."""
    if address.partition(":")[0] == "local":
        load(*modules)


def load(*modules: str) -> None:
    """What has been begun before is not begun again."""
    # What lies in the current folder must not be taken for a module of Python's.
    os.environ["PYTHONSAFEPATH"] = "1"
    if METHOD == "forkserver":
        set_forkserver_preload([*modules, LOADED])
        with ignored_interrupts():
            forkserver.ensure_running()


@contextmanager
def ignored_interrupts() -> Iterator[None]:
    """Processes that are started within the block do not hear of Ctrl+C."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
