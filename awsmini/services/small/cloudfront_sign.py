"""`awsmini cloudfront sign`: a URL that whoever has it may get until a date. Nothing is sent."""

import base64
import json
from datetime import datetime
from typing import Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.params.arguments import option
from awsmini.serialize.timestamps import parse_timestamp, to_utc
from awsmini.services.shared.rsa import load_private_key

_FORMATS = (
    "YYYY-MM-DD (midnight UTC), YYYY-MM-DDThh:mm:ss (UTC), YYYY-MM-DDThh:mm:ss+hh:mm, or seconds since 1970. Digits "
    "alone are such seconds, so do not write YYYYMMDD."
)
_FOR_URLS = str.maketrans("+=/", "-_~")  # CloudFront's own way to put base64 into a URL


def run(invocation: Invocation, values: Values) -> int:
    """Print the signed URL."""
    key = load_private_key(values["private_key"].encode())
    url, until = values["url"], _moment(values["date_less_than"])
    since = None if values.get("date_greater_than") is None else _moment(values["date_greater_than"])
    address = values.get("ip_address")
    text = policy(url, until, since, address)
    is_custom = since is not None or address is not None
    what = f"Policy={_encoded(text.encode())}" if is_custom else f"Expires={until}"
    proof = _encoded(key.sign(text.encode(), "sha1"))
    joint = "&" if "?" in url else "?"
    invocation.app.stdout.write(f"{url}{joint}{what}&Signature={proof}&Key-Pair-Id={values['key_pair_id']}")
    return 0


def policy(url: str, until: int, since: int | None, address: str | None) -> str:
    """What is allowed, as CloudFront makes it anew from the URL: each byte counts."""
    condition: dict[str, Any] = {"DateLessThan": {"AWS:EpochTime": until}}
    if address:
        condition["IpAddress"] = {"AWS:SourceIp": address if "/" in address else f"{address}/32"}
    if since is not None:
        condition["DateGreaterThan"] = {"AWS:EpochTime": since}
    return json.dumps({"Statement": [{"Resource": url, "Condition": condition}]}, separators=(",", ":"))


def _moment(text: str) -> int:
    """Seconds since 1970. Raises AwsminiError for what is no date."""
    try:
        moment: datetime = to_utc(parse_timestamp(text))
    except (TypeError, ValueError) as error:
        raise AwsminiError(f"{error}: Unknown string format: {text}") from None
    return int(moment.timestamp())


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode().translate(_FOR_URLS)


command = HandWritten(
    "sign",
    run,
    doc="Sign a URL of CloudFront, so that whoever has it may get what is there, until a date. Without a start date and "
    "an address the policy is CloudFront's own and stays out of the URL. Nothing is sent.",
    arguments=(
        option("url", required=True, doc="The URL. With a policy of your own it may hold * and ?."),
        option("key-pair-id", required=True, doc="The ID of the key pair that CloudFront knows."),
        option("private-key", required=True, doc="The private key of the pair (RSA, in PEM): file://key.pem."),
        option("date-less-than", required=True, doc=f"The date that the URL is good until: {_FORMATS}"),
        option("date-greater-than", doc=f"The date that the URL is good from: {_FORMATS}"),
        option("ip-address", doc="The address, or range of addresses, that may use the URL: x.x.x.x or x.x.x.x/x."),
    ),
)
