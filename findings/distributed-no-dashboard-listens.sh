#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0, without bokeh.
#
# A good guess: `LocalCluster(dashboard_address=None)` ("Set to None to disable the dashboard") opens no HTTP port, the less
# so where bokeh, which draws the dashboard, is not installed.
# Seen: the scheduler's HTTP server is started all the same, on the dashboard's own port, 8787 (or on another one, with
# "Port 8787 is already in use. Perhaps you already have a cluster running?", so that a second cluster of that kind warns
# of a dashboard that neither has), and answers /health. `dashboard_address="127.0.0.1:0"` is what keeps it quiet.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0
cat > "$folder/seen.py" <<'END'
import sys
import warnings
from urllib.request import urlopen
from distributed import LocalCluster


def made(address):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cluster = LocalCluster(n_workers=0, dashboard_address=address)
    return cluster, [str(warning.message).splitlines()[0] for warning in caught if "Port" in str(warning.message)]


if __name__ == "__main__":
    first, _ = made(None)
    second, warned = made(None)
    third, quiet = made("127.0.0.1:0")
    with first, second, third:
        ports = [cluster.scheduler_info["services"]["dashboard"] for cluster in (first, second)]
        health = [urlopen(f"http://127.0.0.1:{port}/health").read() for port in ports]
    print("answers of the two without a dashboard:", *health)
    print("the second warned:", *warned)
    sys.exit((health, warned, quiet) != ([b"ok", b"ok"], ["Port 8787 is already in use."], []))
END
HOME="$folder" "$folder/venv/bin/python" "$folder/seen.py" 2> "$folder/log"
