"""What to try next: a sentence after an error, for a person at a terminal.

A hint is an addition to the text that scripts know, never a part of it. Each function looks at one kind of
trouble and answers None where it sees another; the first answer counts.
"""

import re
import shlex
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from awsmini.errors import ClientError, EndpointConnectionError

EXPIRED = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "ExpiredTokenId"}
UNKNOWN_KEY = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure"}
SKEWED = {"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"}
BAD_SIGNATURE = {"SignatureDoesNotMatch", "InvalidSignatureException"}
DENIED = {
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError",
    "AuthorizationErrorException", "UnauthorizedException", "UnauthorizedAccess", "Client.UnauthorizedOperation", "403",
}  # fmt: skip
THROTTLED = {
    "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "TooManyRequestsException",
    "ProvisionedThroughputExceededException", "SlowDown", "BandwidthLimitExceeded",
}  # fmt: skip
OTHER_REGION = {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"}
OTHER_PLACE = "IllegalLocationConstraintException"
NOTICEABLE = timedelta(minutes=4)  # services accept five minutes; less is no explanation

Facts = Mapping[str, Any]
Hint = Callable[[BaseException, datetime, Facts], "str | None"]


def hint(error: BaseException, now: datetime, **facts: Any) -> str | None:
    """The hint for an error, if there is one. `now` is aware; facts may hold `region` and `profile`."""
    for look in (
        _own,
        _near_profile,
        _no_endpoint,
        _clock,
        _signature,
        _expired,
        _unknown_key,
        _region,
        _denied,
        _throttled,
    ):
        found = look(error, now, facts)
        if found is not None:
            return found
    return None


def _code(error: BaseException) -> str:
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def _message(error: BaseException) -> str:
    return str(error.response.get("Error", {}).get("Message", "")) if isinstance(error, ClientError) else ""


def _headers(error: BaseException) -> Mapping[str, str]:
    if not isinstance(error, ClientError):
        return {}
    found: Mapping[str, str] = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return found


def _own(error: BaseException, now: datetime, facts: Facts) -> str | None:
    """What an error has to say about itself."""
    found: str | None = getattr(error, "hint", None)
    return found


def _near_profile(error: BaseException, now: datetime, facts: Facts) -> str | None:
    near: list[str] | None = getattr(error, "near", None)
    if near:
        return f"Did you mean the profile {' or '.join(near)}?"
    known: list[str] | None = getattr(error, "known", None)
    if known is None or near is None:
        return None
    return f"Known profiles: {', '.join(sorted(known))}." if known else 'Make a profile with "awsmini configure".'


def _no_endpoint(error: BaseException, now: datetime, facts: Facts) -> str | None:
    if not isinstance(error, EndpointConnectionError):
        return None
    region = facts.get("region")
    host = re.search(r"//([^/:\"]*)", str(error))
    if region and host and region in host[1]:
        return f"Is {region} the name of a region, and does it have the service? Otherwise look at network and proxy."
    return "Is the server running, and do the network and the proxy settings let you reach it?"


def _clock(error: BaseException, now: datetime, facts: Facts) -> str | None:
    late = _code(error) in SKEWED or re.search(r"Signature (expired|not yet current)", _message(error))
    sent = _headers(error).get("date")
    if not late and not (sent and _code(error) in BAD_SIGNATURE):
        return None
    try:
        off = now - parsedate_to_datetime(sent) if sent else None
    except (ValueError, TypeError):
        off = None
    if off is not None and abs(off) >= NOTICEABLE:
        return f"This machine's clock is {_span(off)} the service's. Set it, and try again."
    return "Requests are valid for five minutes: check this machine's clock." if late else None


def _span(off: timedelta) -> str:
    minutes = round(abs(off).total_seconds() / 60)
    amount = (
        f"{minutes} minutes"
        if minutes < 120
        else f"{minutes // 60} hours"
        if minutes < 2880
        else f"{abs(off).days} days"
    )
    return f"{amount} {'ahead of' if off > timedelta(0) else 'behind'}"


def _signature(error: BaseException, now: datetime, facts: Facts) -> str | None:
    if _code(error) not in BAD_SIGNATURE:
        return None
    return 'The secret key does not belong to the access key: see "awsmini configure list" for where both come from.'


def _expired(error: BaseException, now: datetime, facts: Facts) -> str | None:
    if _code(error) not in EXPIRED:
        return None
    profile = f" --profile {shlex.quote(facts['profile'])}" if facts.get("profile") else ""
    return (
        f'The session has expired. Sign in again ("awsmini sso login{profile}" or "awsmini login{profile}"), '
        'or renew the token; "awsmini configure list" shows where it comes from.'
    )


def _unknown_key(error: BaseException, now: datetime, facts: Facts) -> str | None:
    if _code(error) not in UNKNOWN_KEY:
        return None
    return (
        'The access key is not known here: it may be deactivated, or of another partition or endpoint. "awsmini '
        'configure list" shows where it comes from.'
    )


def _region(error: BaseException, now: datetime, facts: Facts) -> str | None:
    if _code(error) not in OTHER_REGION:
        return None
    if _code(error) == OTHER_PLACE and getattr(error, "operation_name", "") == "CreateBucket":
        place = facts.get("region") or "REGION"
        return f"Say where the bucket is to be: --create-bucket-configuration LocationConstraint={place}"
    expected = error.response["Error"].get("Region") if isinstance(error, ClientError) else None
    named = expected or _headers(error).get("x-amz-bucket-region")
    if not named and (match := re.search(r"expecting '([a-z0-9-]+)'", _message(error))):
        named = match[1]
    return (
        f"The bucket is in {named}: add --region {named}."
        if named
        else "The bucket is in another region: add --region."
    )


def _denied(error: BaseException, now: datetime, facts: Facts) -> str | None:
    if _code(error) not in DENIED:
        return None
    message = _message(error)
    found = re.search(
        r"(?:User: (\S+) )?is not authorized to perform: (\S+)(?: on resource: (\S+))?(.* explicit deny)?", message
    )
    if not found and "Encoded authorization failure message" in message:
        return 'Decode the message with "awsmini sts decode-authorization-message --encoded-message …".'
    if not found:
        return 'Who you are is shown by "awsmini sts get-caller-identity"; a policy has to allow the call.'
    who, action, resource, denied = found.groups()
    if denied:
        return f"A policy denies {action}, and as long as it does no other can allow it."
    resource = (resource or "").strip('."')
    where = f" on {resource}" if resource else ""
    return f"A policy has to allow {action}{where}{f' to {who}' if who else ''}."


def _throttled(error: BaseException, now: datetime, facts: Facts) -> str | None:
    if _code(error) not in THROTTLED:
        return None
    return "Too many requests: wait a little, or set AWS_MAX_ATTEMPTS=10 to have it tried more often."
