#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0.
#
# A good guess: what a worker's log tells of a task that failed ("Compute Failed") does not depend on how the task is
# called: it shows the arguments, or it does not.
# Seen: the length of the key decides. With the key that `submit` makes (name and UUID) the line is `Task: <Task 'fail-…'
# fail(...)>`. With `key="row-1"` the same call with the same argument is logged in full, `fail('customer 4711')`. Whoever
# gives tasks short names of their own fills the log (and `get_worker_logs`) with what the tasks were given.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0
cat > "$folder/seen.py" <<'END'
import sys
from distributed import Client, LocalCluster


def fail(text):
    raise ValueError("no")


def logged(client):
    (log,) = client.get_worker_logs().values()
    lines = "\n".join(message for _, message in log).splitlines()
    return [line for line in lines if line.startswith("Task:")]


if __name__ == "__main__":
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        client.submit(fail, "customer 4711", pure=False).exception()
        client.submit(fail, "customer 4711", key="row-1").exception()
        lines = logged(client)
    print(*lines, sep="\n")
    told = [("'row-1'" in line, "customer 4711" in line) for line in lines]
    sys.exit(sorted(told) != [(False, False), (True, True)])
END
HOME="$folder" "$folder/venv/bin/python" "$folder/seen.py" 2> "$folder/log"
