"""Processes of workers on this machine: forked, where that can be, from one that has loaded what they need already."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, get_all_start_methods, set_forkserver_preload
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp
from threading import current_thread, main_thread

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PREFIX = "awsmini-cluster-"  # of folders of workers
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
def folder() -> Iterator[str]:
    """A folder for the workers of this process; those of processes that were killed are removed."""
    for each in Path(gettempdir()).glob(f"{PREFIX}*/lock"):
        with suppress(OSError), open(each, "rb") as left:
            if fcntl is not None:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                rmtree(each.parent, ignore_errors=True)
    path = mkdtemp(prefix=PREFIX)
    try:
        with open(os.path.join(path, "lock"), "wb") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield path
    finally:
        rmtree(path, ignore_errors=True)


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
