"""Processes of workers on this machine: forked, where that can be, from one that has loaded what they need already."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, get_all_start_methods, set_forkserver_preload
from threading import current_thread, main_thread

LOADED = "awsmini.cluster.loaded"
SAFE_PATH = "PYTHONSAFEPATH"
METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"


def begin(address: str, *modules: str) -> None:
    """Have modules loaded for workers of this machine, if it is these that are named, while this process goes on."""
    if address.partition(":")[0] == "local":
        load(*modules)


def load(*modules: str) -> None:
    """What has been begun before is not begun again."""
    if METHOD == "forkserver":
        set_forkserver_preload([*modules, LOADED])
        with safe_path(), ignored_interrupts():
            forkserver.ensure_running()


@contextmanager
def safe_path() -> Iterator[None]:
    """Processes that are started within the block do not take what lies in the current folder for Python's modules."""
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SAFE_PATH]
        else:
            os.environ[SAFE_PATH] = before


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
