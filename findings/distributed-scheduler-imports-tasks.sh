#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0.
#
# A good guess: a function that is submitted goes through the scheduler as bytes that it does not look into; who calls it
# (client) and who runs it (workers) must be able to import it, and a scheduler runs with distributed alone.
# Seen: the scheduler unpickles what is submitted, and so imports the function's module. Where only the scheduler lacks it
# the task fails, before any worker has seen it, with "Error during deserialization of the task graph" and a
# ModuleNotFoundError as its cause.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'kill "${scheduler:-}" "${worker:-}" 2>/dev/null || :; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0
mkdir "$folder/modules"
echo 'def doubled(number): return 2 * number' > "$folder/modules/sums.py"
cat > "$folder/seen.py" <<'END'
import sys
import sums
from distributed import Client

with Client(scheduler_file=sys.argv[1]) as client:
    client.wait_for_workers(1, timeout=60)
    (there,) = client.run(sums.doubled, 21).values()
    print("on the worker, past the scheduler's queue:", there)
    error = client.submit(sums.doubled, 21).exception(timeout=60)
print("submitted:", repr(error).replace("\\n", " ")[:70], "… cause:", repr(error.__cause__))
sys.exit(not (there == 42 and type(error) is RuntimeError and isinstance(error.__cause__, ModuleNotFoundError)))
END
export HOME="$folder"
cd "$folder"
dask="$folder/venv/bin/dask"
"$dask" scheduler --host 127.0.0.1 --port 0 --dashboard-address 127.0.0.1:0 --scheduler-file file.json 2> scheduler.log &
scheduler=$!
PYTHONPATH="$folder/modules" "$dask" worker --scheduler-file file.json --nthreads 1 2> worker.log &
worker=$!
PYTHONPATH="$folder/modules" timeout 120 "$folder/venv/bin/python" seen.py file.json
