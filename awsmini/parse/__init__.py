"""Reply → output: what a service answered, as the members of the operation's output shape.

`parse` is for successes (below 300), `parse_error` for the rest; where S3 hides an error in a success,
`is_error_in_success` tells. Names of protocols and of their files are those of `serialize`.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from awsmini import services
from awsmini.errors import AwsminiError, NoAnswerError, ResponseParseError
from awsmini.model.shapes import OperationModel
from awsmini.parse.codec import MISSHAPEN, WireProtocol, add_metadata, is_failure
from awsmini.parse.presence import check_presence, described
from awsmini.records import Conversions, Output, Reply, replace
from awsmini.references import resolve_name

PROTOCOLS = {
    "json": "awsmini.parse.json:PROTOCOL",
    "rest-json": "awsmini.parse.rest_json:PROTOCOL",
    "rest-xml": "awsmini.parse.rest_xml:PROTOCOL",
    "query": "awsmini.parse.query:QUERY",
    "ec2": "awsmini.parse.query:EC2",
    "smithy-rpc-v2-cbor": "awsmini.parse.cbor:PROTOCOL",
}
ERRORS = "awsmini.parse.errors:parse_error"

FOR_PYTHON = Conversions()
__all__ = ["FOR_PYTHON", "PROTOCOLS", "is_error_in_success", "is_failure", "parse", "parse_error"]


def parse(operation: OperationModel, reply: Reply, conversions: Conversions = FOR_PYTHON) -> Output:
    """The output of a successful answer, with `ResponseMetadata` as in boto3.

    Raises NoAnswerError for a body that cannot be read as the protocol says or is not there, ResponseParseError for
    one that is not what the model says. A `listing` among the conversions is written where it is as the model says.
    """
    if conversions.listing is not None:
        if _leaves_items(operation, reply):
            read = partial(_parse, operation, conversions=conversions)
            with suppress(AwsminiError, *MISSHAPEN):  # what is wrong, the second reading tells
                return conversions.listing.rows(reply, read) or read(reply)
        conversions = replace(conversions, listing=None)
    return _parse(operation, reply, conversions)


def _leaves_items(operation: OperationModel, reply: Reply) -> bool:
    """Whether nobody on the way of an output changes the items of its list."""
    pages = services.differences(operation.service_model.service_name, operation.name)
    return all(
        not page.around_parse
        and (not page.after_parse or (page.leaves_items and resolve_name(page.leaves_items)(reply)))
        for page in pages
    )


def _parse(operation: OperationModel, reply: Reply, conversions: Conversions) -> Output:
    model = operation.service_model
    protocol: WireProtocol = resolve_name(PROTOCOLS[model.protocol])

    def read(reply: Reply) -> Output:
        return protocol.output(operation, reply, conversions)

    around = [page.around_parse for page in services.differences(model.service_name, operation.name)]
    for reference in filter(None, around):
        read = partial(resolve_name(reference), read)
    try:
        check_presence(operation, reply)
        output = _checked(read, reply)
    except NoAnswerError as error:
        raise NoAnswerError(f"{error}\n{described(reply, operation)}") from error
    add_metadata(output, reply)
    return output


def parse_error(operation: OperationModel, reply: Reply, conversions: Conversions = FOR_PYTHON) -> Output:
    """The error answered: `Error` (`Code`, `Message` …), `ResponseMetadata` and the modeled members of the error."""
    return _checked(resolve_name(ERRORS), operation, reply, conversions)


def is_error_in_success(operation: OperationModel, reply: Reply) -> bool:
    """Whether the body of a 200 from S3 is an error, to be handled as a 500. Raises NoAnswerError for a cut one."""
    if reply.status != 200 or not reply.body:
        return False
    reference = services.of(operation.service_model.service_name).error_in_success
    try:
        return bool(reference and resolve_name(reference)(operation, reply.body))
    except NoAnswerError as error:
        raise NoAnswerError(f"{error}\n{described(reply)}") from error


def _checked(read: Callable[..., Output], *arguments: Any) -> Output:
    try:
        return read(*arguments)
    except MISSHAPEN as error:
        raise ResponseParseError(str(error)) from error
