"""S3's replies that its model does not describe fully."""

from collections.abc import Callable

from awsmini.errors import ResponseParseError
from awsmini.parse.timestamps import to_datetime
from awsmini.parse.xml import root_of
from awsmini.records import Output, Reply, replace

Parse = Callable[[Reply], Output]


def bucket_location(parse: Parse, reply: Reply) -> Output:
    """The location is the text of the root element, and nothing for us-east-1."""
    return {**parse(reply), "LocationConstraint": root_of(reply.body).text}


def with_expires_string(parse: Parse, reply: Reply) -> Output:
    """`Expires` is whatever the object's owner wrote: as text always, as a timestamp where it is one."""
    text = reply.headers.get("expires")
    if text is None:
        return parse(reply)
    try:
        to_datetime(text)
    except ResponseParseError:
        headers = {name: value for name, value in reply.headers.items() if name.lower() != "expires"}
        reply = replace(reply, headers=headers)
    return {**parse(reply), "ExpiresString": text}
