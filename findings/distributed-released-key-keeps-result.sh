#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0.
#
# A good guess: once the only future of a key is released and gone, the key is free: `submit` with the same key and another
# argument runs the function with that argument.
# Seen: releasing is only asked for; the client's loop does it a moment later, in its own thread. A `submit` that comes
# before that finds the key still held, and is answered what the old call made: f("new") answers f("old"), with no error
# and no warning. How often depends on the machine (3 to 75 of 100 calls that follow at once); where the loop is busy
# with something else, as it is with a long message, it is each one.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0
cat > "$folder/seen.py" <<'END'
import sys
import time
from distributed import Client, LocalCluster


def same(value):
    return value


def answered(client, key, busy=0.0, pause=0.0):
    """What the second of two calls under one key answers."""
    first = client.submit(same, "old", key=key)
    assert first.result() == "old"
    if busy:
        client.loop.add_callback(time.sleep, busy)
    first.release()
    del first
    time.sleep(pause)
    return client.submit(same, "new", key=key).result()


if __name__ == "__main__":
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        at_once = [answered(client, f"at-once-{number}") for number in range(100)].count("old")
        loaded = [answered(client, f"busy-{number}", busy=0.3) for number in range(10)].count("old")
        later = [answered(client, f"later-{number}", pause=0.5) for number in range(10)].count("old")
    print(f"same('new') answered 'old': {at_once} of 100 at once, {loaded} of 10 with a busy loop, {later} of 10 after 0.5 s")
    sys.exit((loaded, later) != (10, 0))
END
HOME="$folder" "$folder/venv/bin/python" "$folder/seen.py" 2> "$folder/log"
