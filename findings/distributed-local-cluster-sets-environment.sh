#!/bin/sh
# distributed 2026.8.0 with dask 2026.8.0.
#
# A good guess: what `LocalCluster` sets for its workers (one thread for BLAS, no random hashes, how malloc trims) is set in
# the workers' processes.
# Seen: it is set in `os.environ` of the program that makes the cluster, and stays there when the cluster is closed. All
# that the program starts afterwards, and which has nothing to do with Dask, gets one thread for OpenMP, MKL and
# OpenBLAS, and the same hash of a text each time: PYTHONHASHSEED=6640.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0
cat > "$folder/seen.py" <<'END'
import os
import subprocess
import sys
from distributed import LocalCluster

NAMES = ["MALLOC_TRIM_THRESHOLD_", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONHASHSEED"]
OWN = "__DASK_PARENT_PID"


def hashes():
    """Different hashes of one text in four Python processes."""
    command = [sys.executable, "-c", "print(hash('text'))"]
    return len({subprocess.check_output(command) for _ in range(4)})


if __name__ == "__main__":
    before, random = dict(os.environ), hashes()
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0"):
        pass
    new = {name: value for name, value in os.environ.items() if before.get(name) != value and name != OWN}
    same = hashes()
    print("new in os.environ:", new)
    print("different hashes in four processes:", random, "before,", same, "after")
    sys.exit((sorted(new), random, same) != (NAMES, 4, 1))
END
for name in MALLOC_TRIM_THRESHOLD_ MKL_NUM_THREADS OMP_NUM_THREADS OPENBLAS_NUM_THREADS PYTHONHASHSEED; do unset "$name"; done
HOME="$folder" "$folder/venv/bin/python" "$folder/seen.py" 2> "$folder/log"
