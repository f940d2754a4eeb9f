"""Whether requests can go over the engine's own connections, or have to take the core's way."""

from awsmini.errors import AwsminiError
from awsmini.transfer.core import LOOP_SCHEMES, Core


def goes_direct(core: Core) -> bool:
    """Not through proxies, and not where somebody watches each call."""
    return not core.is_observed and not core.sender_options.proxies.by_scheme


def goes_by_loop(core: Core, bucket: str) -> bool:
    """Whether requests to a bucket are signed in a way that call templates know. Errors are for the request to raise."""
    try:
        call = core.prepare(core.operation("HeadBucket"), {"Bucket": bucket})
    except AwsminiError:
        return True
    return call.scope.auth in LOOP_SCHEMES
