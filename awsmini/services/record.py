"""What a service does differently: the record that each page of `awsmini/services/` fills in.

Every value is a reference, `"module:function"`, which is loaded when a call comes to it; what such a function takes
and gives is the type named beside it, in `protocols.py`. An operation that is not on the page goes its way as the model
says.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

_NONE: Mapping[str, Any] = MappingProxyType({})


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
    leaves_items: str | None = None  # LeavesItems
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
    error_in_success: str | None = None  # IsErrorInSuccess
    router: str | None = None  # MakeRouter
    client_methods: Mapping[str, str] = _NONE  # what clients have beside operations: name to a function of the client

    def of(self, operation_name: str) -> tuple[Operation, ...]:
        """What holds for one operation: first what holds for all, then its own."""
        own = self.operations.get(operation_name)
        return (self.every,) if own is None else (self.every, own)
