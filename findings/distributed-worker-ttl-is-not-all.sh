#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0.
#
# A good guess: with `worker-ttl: 6s` ("Time to live for workers. They must heartbeat faster than this") the task of a machine
# that stands still, as a paused virtual one does, runs elsewhere some six seconds later, twelve at the most.
# Seen: it takes 40 seconds. A worker that has a nanny (the default of `dask worker`) is not given up at the end of its
# time, but asked to restart, through the nanny that stands still with it, and 30 seconds that no setting names are waited
# for that. Only then does its task go to the worker that has been idle beside it.
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
import subprocess
import sys
import time
from distributed import Client

folder = sys.argv[1]
dask = os.path.join(os.path.dirname(sys.executable), "dask")
file = f"--scheduler-file={folder}/scheduler.json"
started = []


def start(*command):
    """Start a process in a group of its own, as on a machine of its own."""
    with open(f"{folder}/log", "a") as log:
        started.append(subprocess.Popen([dask, *command], stdout=log, stderr=log, start_new_session=True))


def group(path):
    """The group of processes that ran this, noted a second before the task ends."""
    with open(path, "a") as noted:
        noted.write(f"{os.getpgid(0)}\n")
    time.sleep(1)
    return os.getpgid(0)


def until_there(path):
    while not (os.path.exists(path) and open(path).read().endswith("\n")):
        time.sleep(0.05)
    return int(open(path).read())


try:
    os.environ["DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL"] = "6s"
    start("scheduler", "--host=127.0.0.1", "--port=0", "--dashboard-address=127.0.0.1:0", file)
    for name in ("one", "two"):
        start("worker", "--nthreads=1", f"--local-directory={folder}/{name}", file)
    with Client(scheduler_file=f"{folder}/scheduler.json") as client:
        client.wait_for_workers(2, timeout=60)
        future = client.submit(group, f"{folder}/group")
        stopped = until_there(f"{folder}/group")
        os.killpg(stopped, signal.SIGSTOP)
        begin = time.monotonic()
        other = future.result(timeout=200)
        took = time.monotonic() - begin
finally:
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
print(f"worker-ttl 6 s: the task ended on {'the other' if other != stopped else 'the same'} worker after {took:.0f} s")
sys.exit(not (other != stopped and took > 30))
END
HOME="$folder" "$folder/venv/bin/python" "$folder/seen.py" "$folder"
