"""What a worker of a cluster does of a plan: some lines of it, as `s3 apply` would do all of them."""

import zlib
from base64 import b64decode
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.services.s3 import plans, transfer
from awsmini.services.s3.applying import Applying, job_of
from awsmini.services.s3.counted import Counted
from awsmini.services.s3.order import Place
from awsmini.services.s3.printing import told


class PlanShard(Counted, Applying):
    """Some lines of a plan."""


def work(given: Mapping[str, Any], invocation: Invocation, place: Place) -> dict[str, Any]:
    """What came of the lines of an order; what ended it ahead of time is its `error`."""
    try:
        return _worked(given, invocation, place)
    except AwsminiError as error:
        return {"error": told(error)}


def _worked(given: Mapping[str, Any], invocation: Invocation, place: Place) -> dict[str, Any]:
    lines = zlib.decompress(b64decode(given["lines"]))
    reader = plans.Reader(BytesIO(b"".join((given["header"].encode(), lines, plans.end_line().encode()))), "the plan")
    made = job_of(reader.plan, given["values"])
    settings = transfer.settings_for(made, invocation)
    shard = PlanShard(reader.plan, reader.actions(), made, invocation, settings, None)
    shard.begin(place)
    return {**shard.done(), "listed": given["actions"], "due": 0, "rest": None}
