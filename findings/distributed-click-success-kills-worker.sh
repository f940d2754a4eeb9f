#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0 and click 8.5.1.
#
# A good guess: a click command that is called in a task, and ends well, ends the task. As click leaves by `sys.exit(0)`,
# the task fails with SystemExit at worst, as with concurrent.futures, where `future.exception()` is that SystemExit.
# Seen: the whole worker process goes down with it and is started again, the command is run once more, four times in all,
# and the future of a command that succeeded four times ends as KilledWorker. It takes some ten seconds.
# `standalone_mode=False` is the way out.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0 click==8.5.1
cat > "$folder/seen.py" <<'END'
import os
import sys
from concurrent.futures import ThreadPoolExecutor
import click
from distributed import Client, LocalCluster


@click.command()
@click.argument("path")
def command(path):
    with open(path, "a") as file:
        file.write(f"{os.getpid()}\n")


def run(path, **options):
    command.main([path], **options)
    return "ended"


def told(name, error, path):
    processes = open(path).read().split()
    print(f"{name}: {error!r:.60}, run {len(processes)} times in {len(set(processes))} processes")
    return type(error).__name__, len(processes), len(set(processes))


if __name__ == "__main__":
    plain, dask, quiet = (f"{sys.argv[1]}/{name}" for name in ("plain", "dask", "quiet"))
    with ThreadPoolExecutor() as pool:
        seen = [told("concurrent.futures", pool.submit(run, plain).exception(), plain)]
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        seen.append(told("distributed", client.submit(run, dask).exception(timeout=200), dask))
        seen.append(told("not standalone", client.submit(run, quiet, standalone_mode=False).exception(), quiet))
    sys.exit(seen != [("SystemExit", 1, 1), ("KilledWorker", 4, 4), ("NoneType", 1, 1)])
END
HOME="$folder" "$folder/venv/bin/python" "$folder/seen.py" "$folder" 2> "$folder/log"
