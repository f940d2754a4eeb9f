"""--print-request: the signed request that a command would send, printed instead of sent."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsmini.client import paginate
from awsmini.commandline.invocation import Invocation
from awsmini.format.output import silence, write_out
from awsmini.format.request import FORMS, Shown, is_signed_wrongly
from awsmini.model.shapes import OperationModel
from awsmini.sign.scheme import bearer_variable

if TYPE_CHECKING:
    from awsmini.client import Client

SANDBOX = "sandbox"  # the method, the key and the secret of the sandbox's credentials, and its token
FROM_ENVIRONMENT = "env"  # the method of credentials that are in the variables already


def show(invocation: Invocation, client: "Client", operation: OperationModel, params: Mapping[str, Any]) -> int:
    """Print the request of a call, of a paginated one that of the first page. Only the credentials are looked for."""
    form = invocation.flags["print_request"]
    call, request, credentials = client._signed_request(
        operation, first_page(operation, params), trailers=form != "curl"
    )
    is_sandboxed = credentials is not None and credentials.method == SANDBOX
    shown = Shown(
        request=request,
        scope=call.scope,
        has_token=credentials is not None and credentials.token is not None,
        bearer_variable=bearer_variable(operation.service_model) or "AWS_BEARER_TOKEN",
        verify=client._context.sender_options().verify,
        public_key=SANDBOX if is_sandboxed else None,
    )
    _write(invocation, FORMS[form](shown))
    if form == "curl" and credentials is not None and call.scope.auth != "bearer":
        if not is_sandboxed:
            _tell_of_variables(invocation, credentials.method)
        if is_signed_wrongly(shown):
            invocation.app.stderr.write("It takes curl 8.15 or newer: older ones sign the % in the path wrongly.\n")
    return 0


def first_page(operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters as the first request has them: those of paging in the API's own terms."""
    if "PaginationConfig" not in params:
        return params
    asked: list[Mapping[str, Any]] = []

    def method(given: dict[str, Any]) -> dict[str, Any]:
        asked.append(given)
        return {}

    next(iter(paginate(operation, params, method)))
    return asked[0]


def _write(invocation: Invocation, chunks: Iterable[bytes]) -> None:
    """Bytes to stdout as they are; what is no text goes to no terminal."""
    app = invocation.app
    buffer = getattr(app.stdout, "buffer", None)
    if buffer is None or app.stdout.isatty():
        write_out(_printable(chunks), app)
        return
    app.stdout.flush()
    try:
        for chunk in chunks:
            buffer.write(chunk)
        buffer.flush()
    except BrokenPipeError:
        silence(app.stdout)


def _printable(chunks: Iterable[bytes]) -> Iterator[str]:
    """The text for a terminal, which must not obey what a body says."""
    ends = True
    for chunk in chunks:
        try:
            text = chunk.decode().replace("\r\n", "\n")
        except UnicodeDecodeError:
            text = f"({len(chunk)} bytes that are no text)"
        yield text if all(character.isprintable() or character in "\n\t" for character in text) else repr(text)
        ends = text.endswith("\n")
    if not ends:
        yield "\n"


def _tell_of_variables(invocation: Invocation, method: str) -> None:
    if method != FROM_ENVIRONMENT:
        profile = invocation.flags.get("profile")
        words = f" --profile {shlex.quote(profile)}" if profile else ""
        invocation.app.stderr.write(
            f'The variables are set by: eval "$(awsmini configure export-credentials --format env{words})"\n'
        )
