"""Replies with more in them than the output shape can say.

Keys are (model service, API operation); each entry names a function (parse, reply) -> output.
"""

from collections.abc import Callable

from awsmini.records import Output, Reply

AROUND_PARSE: dict[tuple[str, str], str] = {
    ("s3", "GetBucketLocation"): "awsmini.quirks.s3_replies:bucket_location",
    ("s3", "GetObject"): "awsmini.quirks.s3_replies:with_expires_string",
    ("s3", "HeadObject"): "awsmini.quirks.s3_replies:with_expires_string",
}

Parse = Callable[[Reply], Output]
AroundParse = Callable[[Parse, Reply], Output]
