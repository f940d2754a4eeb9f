"""`python -m awsmini`."""

import sys

from awsmini.start import end_silently

end_silently()
from awsmini.cli import main  # noqa: E402

sys.exit(main())
