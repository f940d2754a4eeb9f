"""`cat` and `head`: what single objects hold, and what is known of them."""

import re
from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any, BinaryIO

from awsmini.client import Client
from awsmini.commandline import answer
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError, ParamValidationError, SendError
from awsmini.services.s3 import request_params
from awsmini.services.s3.places import client_of, place, uri
from awsmini.services.s3.transfers import READ
from awsmini.transfer.engine import Engine
from awsmini.transfer.errors import ChangedObjectError, WrongLengthError
from awsmini.transfer.records import Download

Values = Mapping[str, Any]
_RANGE = re.compile(r"(?:bytes=)?([0-9]*)-([0-9]*)")
_ABSENT = frozenset({"404", "NoSuchKey", "NoSuchVersion"})
_BLOCK = 256 * 1024
_RETRIES = 2  # of answers that break before their first byte


class NoRangeError(AwsminiError):
    """A server does as if there were no ranges."""

    def __init__(self) -> None:
        super().__init__("A range was asked for, and the server sent the whole object.")


def cat(invocation: Invocation, values: Values) -> int:
    """The exit code: 1 where an object is not there. Raises ClientError."""
    values = _read(invocation, values)
    span = _span(values["range"]) if values.get("range") is not None else None
    places = [place("cat", word, whole=True) for word in values["paths"]]
    params = request_params.of_download(values)
    out = invocation.app.stdout.buffer
    code = 0
    with Engine(client_of(invocation)) as engine:
        for bucket, key in places:
            try:
                if span is None:
                    _write_all(engine, Download(bucket, key, out, params=params))
                else:
                    _write_part(engine, {"Bucket": bucket, "Key": key, **params}, span, out)
            except ClientError as error:
                _tell_absent(invocation, "cat", uri(bucket, key), error)
                code = 1
            out.flush()
    return code


def head(invocation: Invocation, values: Values) -> int:
    """The exit code: 1 where the object is not there. Raises ClientError."""
    answer.check(invocation)
    values = _read(invocation, values)
    bucket, key = place("head", values["path"], whole=True)
    params = {"Bucket": bucket, "Key": key, **request_params.of_download(values)}
    if invocation.settings.value("response_checksum_validation") == "when_supported":
        params["ChecksumMode"] = "ENABLED"
    if values.get("version_id"):
        params["VersionId"] = values["version_id"]
    client: Client = client_of(invocation)
    try:
        with Engine(client) as engine:
            output = engine.call("HeadObject", params, conversions=answer.conversions(invocation))
    except ClientError as error:
        _tell_absent(invocation, "head", uri(bucket, key), error)
        return 1
    output.pop("ResponseMetadata", None)
    answer.show(invocation, client._service_model.operation_model("HeadObject"), output)
    return 0


def _read(invocation: Invocation, values: Values) -> Values:
    """The values with a key of the user's own read. Raises ParamValidationError."""
    for one, other in (("sse_c", "sse_c_key"), ("sse_c_key", "sse_c")):
        if values.get(one) and not values.get(other):
            names = [name.replace("_", "-") for name in (one, other)]
            raise ParamValidationError(f"If --{names[0]} is specified, --{names[1]} must be specified as well.")
    found: Values = resolve_name(READ)(invocation, values) if "sse_c_key" in values else values
    return found


def _tell_absent(invocation: Invocation, word: str, where: str, error: ClientError) -> None:
    """Say that an object is not there. Raises the error where it says something else."""
    if error.response.get("Error", {}).get("Code") not in _ABSENT:
        raise error
    invocation.app.stdout.flush()
    invocation.app.stderr.write(f"{word} failed: {where} {error}\n")


def _write_all(engine: Engine, task: Download) -> None:
    """Raises ClientError, ChecksumError, SendError, OSError."""
    for result in engine.run([task]):
        if result.error is not None:
            raise result.error


def _span(text: str) -> str:
    """A range as the header has it. Raises ParamValidationError."""
    found = _RANGE.fullmatch(text)
    if found is None or not any(found.groups()) or (all(found.groups()) and int(found[2]) < int(found[1])):
        raise ParamValidationError(f"--range has to be like 0-99, 100- or -100, not {text}.")
    return f"bytes={found[1]}-{found[2]}"


def _write_part(engine: Engine, params: Mapping[str, Any], span: str, out: BinaryIO) -> None:
    """Write a range. What breaks goes on where it broke, if the object is the same still."""
    known = {name: value for name, value in params.items() if name != "ChecksumMode"}
    output = engine.call("GetObject", {**known, "Range": span})
    first, last = _content_range(output)
    at, idle = first, 0
    while True:
        before = at
        body = output["Body"]
        try:
            while block := body.read(_BLOCK):
                out.write(block)
                at += len(block)
            if at <= last:
                raise WrongLengthError(at - first, last + 1 - first)
        except (SendError, WrongLengthError):
            idle = idle + 1 if at == before else 0
            if idle > _RETRIES:
                raise
        finally:
            body.close()
        if at == last + 1:
            return
        if at > last:
            raise WrongLengthError(at - first, last + 1 - first)
        again = {**known, "Range": f"bytes={at}-{last}", "IfMatch": output.get("ETag", "*")}
        try:
            output = engine.call("GetObject", again)
        except ClientError as error:
            if error.response["ResponseMetadata"].get("HTTPStatusCode") == 412:
                raise ChangedObjectError(params["Bucket"], params["Key"]) from error
            raise


def _content_range(output: Mapping[str, Any]) -> tuple[int, int]:
    """The first and the last byte that an answer holds. Raises NoRangeError."""
    found = re.match(r"bytes ([0-9]+)-([0-9]+)", output.get("ContentRange", ""))
    if found is None:
        raise NoRangeError
    return int(found[1]), int(found[2])
