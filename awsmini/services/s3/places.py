"""What the commands that read a bucket, or a prefix of it, have in common."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.model.shapes import ServiceModel
from awsmini.services.s3 import request_params
from awsmini.services.s3.job import number
from awsmini.services.s3.options import URI_USAGE
from awsmini.services.s3.paths import bucket_and_key, is_s3
from awsmini.transfer.engine import Engine
from awsmini.transfer.records import Page

Values = Mapping[str, Any]


def client_of(invocation: Invocation) -> Client:
    return invocation.session.client_for(ServiceModel(invocation.models.lines("s3")))


def place(command: str, word: str, *, whole: bool = False) -> tuple[str, str]:
    """The bucket and the key or prefix that a word names; `whole`: there has to be a key. Raises ParamValidationError."""
    bucket, key = bucket_and_key(word) if is_s3(word) else ("", "")
    if not bucket or (whole and not key):
        raise ParamValidationError(f"usage: awsmini s3 {command} {URI_USAGE}\nError: Invalid argument type: {word}")
    return bucket, key


def uri(bucket: str, key: str = "") -> str:
    return f"s3://{bucket}/{key}"


def pages(
    engine: Engine,
    values: Values,
    bucket: str,
    prefix: str,
    *,
    delimiter: str | None = None,
    start_after: str | None = None,
) -> Iterator[Page]:
    """The pages of a listing, as --page-size and --request-payer say."""
    return engine.list(
        bucket,
        prefix,
        delimiter=delimiter,
        page_size=number(values, "page_size"),
        start_after=start_after,
        params=request_params.payer(values),
    )


def count(values: Values, name: str, least: int = 0) -> int | None:
    """The value of an option that is a number, `least` or more. Raises ParamValidationError."""
    text = values.get(name)
    if text is None:
        return None
    if not text.isdecimal() or int(text) < least:
        raise ParamValidationError(f"--{name.replace('_', '-')} has to be a number, {least} or more, not {text}.")
    return int(text)
