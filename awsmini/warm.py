"""Warm calls: a parent that has imported what calls import, and forks a child for each command.

With AWSMINI_WARM=1 a call hands its words, environment, working directory and streams to the child, which runs the command
as a process of its own would (`warm_server.py`). Whatever is not as it should be, the call runs cold. This is the calling
side: it loads next to nothing, for what it loads is most of what a warm call costs.

The child says that it is there, gets the request and the caller's descriptors, answers who it is, and begins only when it
is told to, so that a caller that has lost patience can run the command itself. Then comes the exit code.
"""

import _socket
import marshal
import os
import sys

PATIENCE = 0.05  # seconds for each of the child's answers
READY, GO = b"R", b"G"
INTERRUPT = 2  # SIGINT; the module signal costs 1 ms
UNTOLD = 255
_STARTUP = ("LANG", "LC_", "LANGUAGE", "PYTHON")  # Python looks at these before anybody can change them


def call(words: "list[str]") -> "int | None":
    """The exit code of the command; None where it has to run cold."""
    if not hasattr(os, "fork") or words[:1] == ["warm"]:
        return None
    try:
        if os.isatty(1):
            return None
        connection = reached()
    except OSError:
        return None
    if connection is None:
        start()
        return None
    try:
        child = _begun(connection, words)
    except OSError:
        return None
    return None if child is None else _ended(connection, child)


def identity() -> "tuple[str | int | list[tuple[str, str]], ...]":
    """What caller and parent must have in common: the program, and what Python was started with."""
    env = os.environ
    startup = sorted((name, env[name]) for name in env if name.startswith(_STARTUP))
    return sys.executable, sys.hexversion, sys.flags.isolated, __file__, os.geteuid(), startup


def paths() -> "tuple[str, str, str]":
    """The folder, and in it the socket and the lock of the parent with this identity."""
    env = os.environ
    runtime, state = env.get("XDG_RUNTIME_DIR", ""), env.get("XDG_STATE_HOME", "")
    if os.path.isabs(runtime):
        folder = f"{runtime}/awsmini"
    else:
        home = env.get("HOME") or os.path.expanduser("~")
        home = "/" if home == "~" else home  # nobody knows one
        folder = (state if os.path.isabs(state) else f"{home}/.local/state") + "/awsmini/warm"
    name = 0
    for byte in marshal.dumps(identity(), 2):  # FNV-1a: hash() differs in each process
        name = (name ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return folder, f"{folder}/{name:016x}.sock", f"{folder}/{name:016x}.lock"


def reached() -> "_socket.socket | None":
    """A connection to the parent; None where there is none. Raises OSError for a folder that others may write."""
    folder, path, _ = paths()
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        return None
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise OSError
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(path)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    return connection


def _begun(connection: "_socket.socket", words: "list[str]") -> "int | None":
    """The process id of the child that has begun; None where none was ready in time.

    Descriptors are sent to a child alone: what lies in front of a parent that does not answer stays open.
    """
    if connection.recv(1) != READY:
        return None
    mask = os.umask(0o077)
    os.umask(mask)
    request = marshal.dumps((identity(), words, dict(os.environb), mask), 2)
    here = os.open(".", os.O_RDONLY)
    descriptors = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2, here))
    message = len(request).to_bytes(8, "big") + request
    sent = connection.sendmsg([message], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, descriptors)])
    os.close(here)
    if sent < len(message):
        connection.sendall(memoryview(message)[sent:])
    child = connection.recv(4)
    if len(child) < 4:
        return None
    connection.sendall(GO)
    return int.from_bytes(child, "big")


def _ended(connection: "_socket.socket", child: int) -> int:
    """The exit code. What interrupts this process interrupts the child; its end ends the child."""
    connection.settimeout(None)
    while True:
        try:
            code = connection.recv(1)
            break
        except KeyboardInterrupt:
            os.kill(child, INTERRUPT)
        except OSError:
            code = b""
            break
    if code:
        return code[0]
    os.write(2, b"\nawsmini: [ERROR]: The warm process was killed before it ended.\n")
    return UNTOLD


def start() -> None:
    """Start a parent for the calls to come. It gets none of this call's environment but what it needs to start."""
    folder, path, _ = paths()
    if len(os.fsencode(path)) > 100:
        return  # more than the address of a socket holds
    kept = ("PATH", "HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME")
    env = {name: os.environ[name] for name in os.environ if name in kept or name.startswith(_STARTUP)}
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        flags = ["-I"] if sys.flags.isolated else []
        words = [sys.executable, *flags, "-m", "awsmini.warm_server"]
        os.posix_spawn(sys.executable, words, env, file_actions=nowhere, setsid=True)
    except (OSError, NotImplementedError, AttributeError):
        return
