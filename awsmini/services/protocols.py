"""What the functions take and give that pages name: a type for each field of `record.py`.

Nothing imports this when a command runs. Tests hold the functions to it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from awsmini.calls.context import Ask, ClientContext
from awsmini.calls.routing import Router
from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Table
from awsmini.params.context import Context
from awsmini.records import Output, Reply, Request

Params = Mapping[str, Any]  # of the call, by the API's names
Values = Mapping[str, Any]  # of the command line, by `Argument.dest`


class ChangeArguments(Protocol):
    """The table of a command's arguments, changed or made anew."""

    def __call__(self, operation: OperationModel, table: Table, /) -> Table: ...


class CheckValues(Protocol):
    """Raises ParamValidationError where options exclude or need each other."""

    def __call__(self, values: Values, table: Table, /) -> None: ...


class SettleParams(Protocol):
    """Changes the parameters in place, those of an input document included, before blobs are decoded."""

    def __call__(self, params: dict[str, Any], values: Values, context: Context, paginate: bool, /) -> None: ...


class FinishParams(Protocol):
    """The parameters that the command hands to the client: the last step, after blobs are decoded."""

    def __call__(self, params: dict[str, Any], context: Context, /) -> dict[str, Any]: ...


class BeforeSerialize(Protocol):
    """The parameters as they are validated and sent; for callers from Python too."""

    def __call__(self, operation: OperationModel, params: Params, /) -> Params: ...


class AfterSerialize(Protocol):
    """The request, before it is compressed, summed up and signed; `params` are those that were serialized."""

    def __call__(self, request: Request, operation: OperationModel, params: Params, /) -> Request: ...


class AddPresignedUrl(Protocol):
    """The request with a URL that `presign` gives for (request, region): it makes the same call in that region."""

    def __call__(self, request: Request, region: str, presign: Callable[[Request, str], str], /) -> Request: ...


class AroundParse(Protocol):
    """The output of a reply that has more in it than the output shape can say; `parse` is the shape's own way."""

    def __call__(self, parse: Callable[[Reply], Output], reply: Reply, /) -> Output: ...


class AfterParse(Protocol):
    """The output as callers get it; `params` are those that the caller gave."""

    def __call__(self, output: Output, operation: OperationModel, params: Params, /) -> Output: ...


class LeavesItems(Protocol):
    """Whether `after_parse` has nothing to change in the list that the pages of this answer's operation are made of."""

    def __call__(self, reply: Reply, /) -> bool: ...


class SaveOutput(Protocol):
    """What is left to be shown of an output, when parts of it are saved to files or made readable."""

    def __call__(self, output: dict[str, Any], values: Values, /) -> dict[str, Any]: ...


class AfterCall(Protocol):
    """What the command goes on to do when the call is made; what is left of the output is to be shown."""

    def __call__(
        self, invocation: Invocation, client: Client, output: dict[str, Any], values: Values, /
    ) -> dict[str, Any]: ...


class MakeCall(Protocol):
    """Makes the call and shows nothing of its answer, as it goes to another program; the exit code."""

    def __call__(self, invocation: Invocation, client: Client, params: dict[str, Any], /) -> int: ...


class ExplainError(Protocol):
    """The `Error` of an answer, with a message that says what to do."""

    def __call__(self, error: dict[str, Any], /) -> dict[str, Any]: ...


class ExplainEndpointError(Protocol):
    """The error to raise in place of what the endpoint rules say; None leaves it. `params` are those of the rules."""

    def __call__(self, message: str, params: Params, /) -> Exception | None: ...


class MakeRouter(Protocol):
    """The router of one client; `ask` makes further calls of it."""

    def __call__(self, context: ClientContext, ask: Ask, /) -> Router: ...


class IsErrorInSuccess(Protocol):
    """Whether the body of a 200 is an error, or was cut off."""

    def __call__(self, operation: OperationModel, body: bytes, /) -> bool: ...
