"""What a service does differently: the record that each page of `awsmini/services/` fills in.

Every value is a reference, `"module:function"`, which is loaded when a call comes to it; what such a function takes
and gives is the type named beside it. An operation that is not on the page goes its way as the model says.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
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

_NONE: Mapping[str, Any] = MappingProxyType({})


class ChangeArguments(Protocol):
    """The table of a command's arguments, changed or made anew."""

    def __call__(self, operation: "OperationModel", table: "Table", /) -> "Table": ...


class CheckValues(Protocol):
    """Raises ParamValidationError where options exclude or need each other."""

    def __call__(self, values: Values, table: "Table", /) -> None: ...


class SettleParams(Protocol):
    """Changes the parameters in place, those of an input document included, before blobs are decoded."""

    def __call__(self, params: dict[str, Any], values: Values, context: "Context", paginate: bool, /) -> None: ...


class FinishParams(Protocol):
    """The parameters that the command hands to the client: the last step, after blobs are decoded."""

    def __call__(self, params: dict[str, Any], context: "Context", /) -> dict[str, Any]: ...


class BeforeSerialize(Protocol):
    """The parameters as they are validated and sent; for callers from Python too."""

    def __call__(self, operation: "OperationModel", params: Params, /) -> Params: ...


class AfterSerialize(Protocol):
    """The request, before it is compressed, summed up and signed; `params` are those that were serialized."""

    def __call__(self, request: "Request", operation: "OperationModel", params: Params, /) -> "Request": ...


class AddPresignedUrl(Protocol):
    """The request with a URL that `presign` gives for (request, region): it makes the same call in that region."""

    def __call__(self, request: "Request", region: str, presign: "Callable[[Request, str], str]", /) -> "Request": ...


class AroundParse(Protocol):
    """The output of a reply that has more in it than the output shape can say; `parse` is the shape's own way."""

    def __call__(self, parse: "Callable[[Reply], Output]", reply: "Reply", /) -> "Output": ...


class AfterParse(Protocol):
    """The output as callers get it; `params` are those that the caller gave."""

    def __call__(self, output: "Output", operation: "OperationModel", params: Params, /) -> "Output": ...


class SaveOutput(Protocol):
    """What is left to be shown of an output, when parts of it are saved to files or made readable."""

    def __call__(self, output: dict[str, Any], values: Values, /) -> dict[str, Any]: ...


class AfterCall(Protocol):
    """What the command goes on to do when the call is made; what is left of the output is to be shown."""

    def __call__(
        self, invocation: "Invocation", client: "Client", output: dict[str, Any], values: Values, /
    ) -> dict[str, Any]: ...


class MakeCall(Protocol):
    """Makes the call and shows nothing of its answer, as it goes to another program; the exit code."""

    def __call__(self, invocation: "Invocation", client: "Client", params: dict[str, Any], /) -> int: ...


class ExplainError(Protocol):
    """The `Error` of an answer, with a message that says what to do."""

    def __call__(self, error: dict[str, Any], /) -> dict[str, Any]: ...


class ExplainEndpointError(Protocol):
    """The error to raise in place of what the endpoint rules say; None leaves it. `params` are those of the rules."""

    def __call__(self, message: str, params: Params, /) -> Exception | None: ...


class MakeRouter(Protocol):
    """The router of one client; `ask` makes further calls of it."""

    def __call__(self, context: "ClientContext", ask: "Ask", /) -> "Router": ...


class Operation(NamedTuple):
    """What one operation does differently, in the order in which a call comes to it."""

    arguments: str | None = None  # ChangeArguments
    bare_word_list: str | None = None  # the list of structures whose words are taken as they are, by the API's name
    check: str | None = None  # CheckValues
    unpaged_by: str | None = None  # the option (by dest) that turns paging off although the paginator does not name it
    settle_params: str | None = None  # SettleParams
    finish_params: str | None = None  # FinishParams
    member_aliases: Mapping[str, str] = _NONE  # second names of members, as boto3 takes them: alias to member
    before_serialize: str | None = None  # BeforeSerialize
    keeps_line_breaks: bool = False  # in a body of XML, whose readers would make blanks of them
    after_serialize: str | None = None  # AfterSerialize
    add_presigned_url: str | None = None  # AddPresignedUrl
    around_parse: str | None = None  # AroundParse
    after_parse: str | None = None  # AfterParse
    save_output: str | None = None  # SaveOutput
    after_call: str | None = None  # AfterCall
    make_call: str | None = None  # MakeCall


class Service(NamedTuple):
    """What one service does differently. `every` holds for each operation, before what that one has of its own."""

    commands: Mapping[str, str] = _NONE  # hand-written ones beside the operations: name to HandWritten
    every: Operation = Operation()
    operations: Mapping[str, Operation] = _NONE  # by the API's name
    explain_error: str | None = None  # ExplainError
    explain_endpoint_error: str | None = None  # ExplainEndpointError
    label_in_endpoint: str = ""  # of request URIs: what the endpoint rules put into the URL already
    unread_by_rules: frozenset[str] = frozenset()  # parameters that its endpoint rules declare and never look at
    error_in_success: str | None = None  # (operation, body) -> whether the body of a 200 is an error or was cut off
    router: str | None = None  # MakeRouter

    def of(self, operation_name: str) -> tuple[Operation, ...]:
        """What holds for one operation: first what holds for all, then its own."""
        own = self.operations.get(operation_name)
        return (self.every,) if own is None else (self.every, own)
