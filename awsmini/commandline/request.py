"""--print-request: the signed request that a command would send, printed instead of sent."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsmini.client import paginate
from awsmini.commandline.invocation import Invocation
from awsmini.format.output import silence, write_out
from awsmini.format.request import FORMS, Shown, version_needed
from awsmini.model.shapes import OperationModel
from awsmini.records import replace
from awsmini.sign.scheme import bearer_variable

if TYPE_CHECKING:
    from awsmini.client import Client

FROM_ENVIRONMENT = "env"  # the method of credentials that are in the variables already
SANDBOX = "sandbox"  # that of the sandbox's own
TOKENS = ("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")


def show(
    invocation: Invocation,
    client: "Client",
    operation: OperationModel,
    params: Mapping[str, Any],
    features: tuple[str, ...] = (),
) -> int:
    """Print the request of a call, of a paginated one that of the first page. Only the credentials are looked for."""
    form = invocation.flags["print_request"]
    call, request, credentials = client._signed_request(
        operation, first_page(operation, params), trailers=form != "curl", features=features
    )
    options = client._context.sender_options()
    shown = Shown(
        request=request,
        scope=call.scope,
        bearer_variable=bearer_variable(operation.service_model) or "AWS_BEARER_TOKEN",
        verify=options.verify,
        is_proxied=options.proxies.url_for(request.url) is not None,
    )
    if credentials is not None:
        if credentials.method == SANDBOX:  # keys of nobody, which the shell's own must not stand in for
            keys = shlex.quote(f"{credentials.access_key}:{credentials.secret_key}")
            shown = replace(shown, user=keys, bearer=credentials.token)
        if credentials.token is not None:
            shown = replace(shown, token_variable=_token_variable(invocation, credentials.method))
    _write(invocation, FORMS[form](shown))
    if form == "curl" and credentials is not None and call.scope.auth != "bearer":
        _tell_of_variables(invocation, credentials.method)
        if needed := version_needed(shown):
            invocation.app.stderr.write("It takes curl {} or newer: older ones sign {} wrongly.\n".format(*needed))
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


def _token_variable(invocation: Invocation, method: str) -> str:
    names = TOKENS if method == FROM_ENVIRONMENT else ()
    return next((name for name in names if invocation.app.env.get(name)), TOKENS[-1])


def _tell_of_variables(invocation: Invocation, method: str) -> None:
    if method not in (FROM_ENVIRONMENT, SANDBOX):
        profile = invocation.flags.get("profile")
        words = f" --profile {shlex.quote(profile)}" if profile else ""
        invocation.app.stderr.write(
            f'The variables are set by: eval "$(awsmini configure export-credentials --format env{words})"\n'
        )
