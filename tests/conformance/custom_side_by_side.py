"""Hand-written commands beside AWS CLI v2: see `side_by_side.py` for how, and `--help`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from side_by_side import Scenario, main

SCENARIOS: tuple[Scenario, ...] = (
    Scenario("rds token", ("rds generate-db-auth-token --hostname h --port 3306 --username u",)),
)

if __name__ == "__main__":
    main(SCENARIOS)
