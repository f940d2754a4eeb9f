#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0.
#
# A good guess: `KilledWorker` ("Attempted to run task … on 4 different workers, but all those workers died while running
# it") is the end of a task that was running when its worker died, and `retries=0` means that no task runs twice.
# Seen: each task that was handed to the worker counts, those that still waited there for a free thread as well. A task
# that stood behind one whose process was killed (as the kernel does when memory is short) gets KilledWorker with the
# same text, though it has never been begun anywhere; and the guilty one was run four times with `retries=0`.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0
cat > "$folder/seen.py" <<'END'
import os
import signal
import sys
from distributed import Client, KilledWorker, LocalCluster


def noted(path):
    with open(path, "a") as file:
        file.write("begun\n")


def killed(path):
    noted(path)
    os.kill(os.getpid(), signal.SIGKILL)


def begun(path):
    return len(open(path).readlines()) if os.path.exists(path) else 0


if __name__ == "__main__":
    guilty, other = sys.argv[1] + "/guilty", sys.argv[1] + "/other"
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        futures = [client.submit(killed, guilty, pure=False, retries=0, priority=1)]
        futures.append(client.submit(noted, other, pure=False))
        errors = [future.exception(timeout=120) for future in futures]
    for name, path, error in zip(("guilty", "other"), (guilty, other), errors):
        print(f"{name}: begun {begun(path)} times, {type(error).__name__}: {str(error)[:110]}…")
    as_seen = all(isinstance(error, KilledWorker) for error in errors) and (begun(guilty), begun(other)) == (4, 0)
    sys.exit(not as_seen)
END
HOME="$folder" "$folder/venv/bin/python" "$folder/seen.py" "$folder" 2> "$folder/log"
