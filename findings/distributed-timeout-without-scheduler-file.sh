#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0.
#
# A good guess: `Client(scheduler_file=…, timeout=1)` gives up after a second, as `Client("tcp://…", timeout=1)` does where
# nothing listens: the file names the address, and the timeout is that of "initial connection to the scheduler".
# Seen: as long as the file is not there the timeout does not count. The client waits for it without a word, and connects
# when a scheduler has written it, here after five seconds.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'kill "${starter:-}" 2>/dev/null || :; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0
cat > "$folder/seen.py" <<'END'
import sys
import time
from distributed import Client


def told(name, **where):
    start = time.monotonic()
    try:
        with Client(timeout=1, **where) as client:
            ended = client.status
    except OSError as error:
        ended = str(error)
    took = time.monotonic() - start
    print(f"{name}: {ended} after {took:.1f} s")
    return ended, took


nothing, one = told("address", address="tcp://127.0.0.1:1")
connected, five = told("file that is not there yet", scheduler_file=sys.argv[1])
sys.exit(not (nothing.startswith("Timed out") and one < 3 and connected == "running" and five > 3))
END
export HOME="$folder"
(
    sleep 6
    exec "$folder/venv/bin/dask" scheduler --host 127.0.0.1 --port 0 --dashboard-address 127.0.0.1:0 \
        --scheduler-file "$folder/written.json"
) 2> "$folder/log" &
starter=$!
timeout 120 "$folder/venv/bin/python" "$folder/seen.py" "$folder/written.json"
