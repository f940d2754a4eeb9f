"""Loaded by the process from which those of workers are forked: they begin with what is here."""

import gc
from contextlib import suppress

with suppress(Exception):  # whoever asked for workers tells what is wrong
    import distributed
    import distributed.nanny
    import distributed.worker  # noqa: F401
gc.freeze()  # all of it stays, and need not be looked at again
