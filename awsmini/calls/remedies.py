"""Refusals that another signature mends: a clock that is off is set right, credentials that have run out are renewed.

Each remedy tells whether it changed anything, so that the call is worth making again.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from awsmini.calls.routing import Router
from awsmini.log import debug
from awsmini.records import Call, Reply
from awsmini.send.retry import parse_date

if TYPE_CHECKING:
    from awsmini.calls.context import ClientContext

UNRENEWED = ("none", "bearer", "s3express")  # signed with nothing, or with what has a life of its own
STAMP = "%Y%m%dT%H%M%S%z"
TOLERANCE = timedelta(minutes=4)  # services take 5, S3 15


def set_clock(call: Call, reply: Reply, context: "ClientContext", router: Router) -> bool:
    """Go by the service's clock from now on, where what the request was signed by is too far from it."""
    theirs = parse_date(reply.headers.get("date"))
    ours = _signed(reply).get("x-amz-date")
    if theirs is None or ours is None or abs(theirs - datetime.strptime(ours, STAMP)) < TOLERANCE:
        return False
    context.clock["offset"] = theirs - context.app.now()
    debug("retry", "The clock is off by %s: signing by the service's", context.clock["offset"])
    return True


def renew_credentials(call: Call, reply: Reply, context: "ClientContext", router: Router) -> bool:
    """Have new credentials fetched, where their provider can do that and another call has not."""
    if call.scope.auth in UNRENEWED:
        return False
    now = router.identity(call)
    if now is None:
        return False
    return (now.token or "") != _signed(reply).get("x-amz-security-token", "") or context.renew_credentials(now)


def _signed(reply: Reply) -> dict[str, str]:
    """The headers of the request that was answered."""
    return {name.lower(): value for name, value in reply.request.headers.items()} if reply.request else {}


def set_clock_or_renew(call: Call, reply: Reply, context: "ClientContext", router: Router) -> bool:
    """EC2 says the same of both."""
    return set_clock(call, reply, context, router) or renew_credentials(call, reply, context, router)
