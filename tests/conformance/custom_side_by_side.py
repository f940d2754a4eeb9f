"""Hand-written commands beside AWS CLI v2: see `side_by_side.py` for how, and `--help`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from scenarios import cloudfront, cloudtrail, codeartifact, eks, tokens
from side_by_side import main

SCENARIOS = (
    *cloudfront.SCENARIOS,
    *cloudtrail.SCENARIOS,
    *codeartifact.SCENARIOS,
    *eks.SCENARIOS,
    *tokens.SCENARIOS,
)

if __name__ == "__main__":
    main(SCENARIOS)
