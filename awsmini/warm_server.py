"""The parent, which imports and forks, and the child, which becomes the caller's command.

The parent reads nothing of a request, so no word and no variable of one call is ever in it, nor in the next child.
"""

import array
import fcntl
import gc
import importlib
import marshal
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from awsmini.cli import process
from awsmini.sandbox.lock import acquire
from awsmini.system.atomic import private_folder
from awsmini.warm import GO, READY, identity, paths

IDLE = 15 * 60.0  # seconds without a call after which the parent goes
LOOK = 30.0  # seconds between looks whether the socket is still its own
# What calls import. What it leaves out the child imports itself.
IMPORTS = """
cli app commands.run commands.service commands.operation commands.report session commandline.answer
commandline.handwritten format.json format.text format.ndjson format.errors serialize.json serialize.query
serialize.rest_json serialize.rest_xml serialize.cbor parse.json parse.query parse.rest_json parse.rest_xml parse.cbor
parse.errors parse.errors_xml sign.sigv4 sign.s3 send.http send.expect send.useragent config.endpoint config.discovery
config.credentials.environment config.credentials.keys services.s3api.requests services.s3api.router services.s3.ls
services.s3.listing format.rows format.written system.signals
"""


def main() -> int:
    """Serve until nobody has called for a while, or the socket is another's. 1: another parent is there."""
    folder, path, lock = paths()
    private_folder(folder)
    locked = acquire(Path(lock), 0)
    if locked is None:
        return 1
    for name in IMPORTS.split():
        importlib.import_module(f"awsmini.{name}")
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are nobody's to wait for
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if os.path.lexists(path):
        os.unlink(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        own = _inode(path)
        listener.listen(512)
        try:
            _serve(listener, path, own, locked)
        finally:
            if _inode(path) == own:
                os.unlink(path)
    return 0


def _serve(listener: socket.socket, path: str, own: int | None, locked: int) -> None:
    files = loaded()
    last = time.monotonic()
    listener.settimeout(LOOK)
    while time.monotonic() - last < IDLE:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            if _inode(path) != own:
                return
            continue
        last = time.monotonic()
        if os.fork() == 0:
            listener.close()
            os.close(locked)
            _child(connection, files)
        connection.close()


def _inode(path: str) -> int | None:
    try:
        return os.stat(path).st_ino
    except OSError:
        return None


def loaded() -> dict[str, int]:
    """The files of what is imported, and the folders of others' modules, with when each was changed."""
    found: dict[str, int] = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file:
            path = file if name.partition(".")[0] == "awsmini" else os.path.dirname(file)
            found[path] = _changed(path)
    return found


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _child(connection: socket.socket, files: dict[str, int]) -> NoReturn:
    """Become the command, or nothing where the caller has gone or the program has changed."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        connection.sendall(READY)
        started, words, env, mask, descriptors = _request(connection)
        if any(_changed(path) != when for path, when in files.items()):
            os.kill(os.getppid(), signal.SIGTERM)
            os._exit(0)
        if started != identity():
            os._exit(0)
        connection.sendall(os.getpid().to_bytes(4, "big"))
        if connection.recv(1) != GO:
            os._exit(0)
    except (OSError, ValueError, EOFError, TypeError):
        os._exit(0)
    _end_with(connection)
    _become(words, env, mask, descriptors)
    _run(connection)


def _request(connection: socket.socket) -> tuple[object, list[str], dict[bytes, bytes], int, list[int]]:
    room = array.array("i", [0] * 4)
    head, ancillary, _, _ = connection.recvmsg(1 << 16, socket.CMSG_SPACE(room.itemsize * 4))
    numbers = array.array("i")
    for _, _, content in ancillary:
        numbers.frombytes(content)
    request = bytearray(head)
    while len(request) < 8 or len(request) < 8 + int.from_bytes(request[:8], "big"):
        more = connection.recv(1 << 20)
        if not more:
            raise EOFError
        request += more
    started, words, env, mask = marshal.loads(memoryview(request)[8:])
    if len(numbers) != 4:
        raise ValueError
    return started, words, env, mask, list(numbers)


def _end_with(connection: socket.socket) -> None:
    """When the caller is gone, so is this process, as if the caller's end had been its own."""

    def gone(_number: int, _frame: object) -> None:
        try:
            if connection.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGIO, gone)
    descriptor = connection.fileno()
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)


def _become(words: list[str], env: dict[bytes, bytes], mask: int, descriptors: list[int]) -> None:
    """Take the caller's place: streams, folder, environment, umask, words."""
    for number, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, number)
    os.fchdir(descriptors[3])
    for descriptor in descriptors:
        os.close(descriptor)
    os.umask(mask)
    os.environb.clear()
    os.environb.update(env)
    time.tzset()
    sys.argv[1:] = words
    kept = {
        name: (stream.encoding, stream.errors)
        for name in ("stdin", "stdout", "stderr")
        if (stream := getattr(sys, name))
    }
    unbuffered = bool(os.environ.get("PYTHONUNBUFFERED"))
    for number, (name, (encoding, errors)) in enumerate(kept.items()):
        mode, lines = ("r", False) if number == 0 else ("w", number == 2 or unbuffered)
        stream = open(  # noqa: SIM115
            number, mode, encoding=encoding, errors=errors, newline=None if number == 0 else "\n", closefd=False
        )
        stream.reconfigure(line_buffering=lines, write_through=unbuffered)  # type: ignore[attr-defined]
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _run(connection: socket.socket) -> NoReturn:
    def end(code: int) -> NoReturn:
        with suppress(OSError):
            connection.sendall(bytes([code & 0xFF]))
        os._exit(code)

    code = process(end)
    getattr(threading, "_shutdown", int)()  # as the interpreter waits for threads at its end
    end(code)


if __name__ == "__main__":
    sys.exit(main())
