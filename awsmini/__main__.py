"""`python -m awsmini`."""

import sys

from awsmini.cli import main

sys.exit(main())
