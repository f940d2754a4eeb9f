"""Commands that deploy, beside AWS CLI v2: see `side_by_side.py` for how, and `--help`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from scenarios import cloudformation, deployments, lambda_web
from side_by_side import main

SCENARIOS = (*cloudformation.SCENARIOS, *deployments.SCENARIOS, *lambda_web.SCENARIOS)

if __name__ == "__main__":
    main(SCENARIOS)
