#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0.
#
# A good guess: a client that lost its scheduler and connected to the one started anew at the same address (it does so by
# itself, its status is "running" again, it submits and logs as before) hears the topics it has subscribed to as well.
# Seen: it hears nothing more, and nobody says so. The new scheduler keeps the events (`get_events` shows them), but it
# was never told of the subscription. Calling `subscribe_topic` once more helps.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0
cat > "$folder/seen.py" <<'END'
import contextlib
import os
import socket
import subprocess
import sys
import time
from distributed import Client

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
dask = os.path.join(os.path.dirname(sys.executable), "dask")
command = [dask, "scheduler", "--host=127.0.0.1", f"--port={port}", "--dashboard-address=127.0.0.1:0"]


@contextlib.contextmanager
def scheduler():
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def until(true):
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    sys.exit("it takes too long")


heard = []
with scheduler():
    client = Client(f"tcp://127.0.0.1:{port}", timeout=60)
    client.subscribe_topic("topic", lambda event: heard.append(event[1]))
    time.sleep(1)
    client.log_event("topic", "first")
    until(lambda: heard)
until(lambda: client.status != "running")
with scheduler():
    until(lambda: client.status == "running")
    client.log_event("topic", "second")
    time.sleep(1)
    kept = [message for _, message in client.get_events("topic")]
    print("status:", client.status, " kept:", kept, " heard:", heard)
    before = list(heard)
    client.subscribe_topic("topic", lambda event: heard.append(event[1]))
    time.sleep(1)
    client.log_event("topic", "third")
    until(lambda: "third" in heard)
    print("subscribed again, heard:", heard)
    client.close()
sys.exit((kept, before) != (["second"], ["first"]))
END
HOME="$folder" "$folder/venv/bin/python" "$folder/seen.py" 2> "$folder/log"
