"""`awsmini ddb select`: the items of a table that fit, as YAML."""

from typing import Any

from awsmini.client import Client
from awsmini.commandline.answer import pager
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.format.output import write_out
from awsmini.params.arguments import flag, option
from awsmini.services.ddb.arguments import TABLE_NAME, add_expression
from awsmini.services.ddb.shown import as_yaml
from awsmini.services.ddb.values import untyped_item
from awsmini.services.shared.numbers import whole_number

OUTPUT = "yaml"
PAGING = {"starting_token": "StartingToken", "page_size": "PageSize", "max_items": "MaxItems"}
NUMBERS = ("max_items", "page_size")
SELECTED = {"ALL": "ALL_ATTRIBUTES", "ALL_PROJECTED": "ALL_PROJECTED_ATTRIBUTES", "COUNT": "COUNT"}
# In this order their placeholders are numbered.
EXPRESSIONS = {
    "projection": "ProjectionExpression",
    "filter": "FilterExpression",
    "key_condition": "KeyConditionExpression",
}


def _run(invocation: Invocation, values: Values) -> int:
    values = {**values, **{dest: whole_number(values[dest]) for dest in NUMBERS if dest in values}}
    asked = invocation.flags.get("output")
    if asked not in (None, OUTPUT):
        raise ParamValidationError(f"{asked} output format is not supported for ddb commands")
    paginate = invocation.flags.get("paginate", True)
    paging = {name: values[dest] for dest, name in PAGING.items() if values.get(dest)}
    if paging and not paginate:
        options = ", ".join(f"--{dest.replace('_', '-')}" for dest, name in PAGING.items() if name in paging)
        raise ParamValidationError(f"Cannot specify --no-paginate along with pagination arguments: {options}")
    params = _params(values)
    method = "query" if values.get("key_condition") else "scan"
    client = invocation.session.client("dynamodb")
    answer = _answer(client, method, params, paging, paginate)
    found = answer if invocation.query is None else invocation.query.search(answer)
    write_out([as_yaml(found)], invocation.app, pager=pager(invocation))
    return 0


def _params(values: Values) -> dict[str, Any]:
    params: dict[str, Any] = {
        "TableName": values["table_name"],
        "ConsistentRead": values.get("consistent_read", True),
    }
    if "index_name" in values:
        params["IndexName"] = values["index_name"]
    for dest, member in EXPRESSIONS.items():
        if dest in values:
            add_expression(params, member, values[dest])
    if "attributes" in values:
        params["Select"] = SELECTED[values["attributes"]]
    params["ReturnConsumedCapacity"] = "NONE"
    if values.get("return_consumed_capacity"):
        params["ReturnConsumedCapacity"] = "INDEXES" if "index_name" in values else "TOTAL"
    return params


def _answer(
    client: Client, method: str, params: dict[str, Any], paging: dict[str, Any], paginate: bool
) -> dict[str, Any]:
    """The whole answer, its items as the values that they mean."""
    if paginate:
        pages = client.get_paginator(method).paginate(**params, PaginationConfig=paging)
        answer = pages.build_full_result()
    else:
        answer = client._make_api_call(method.capitalize(), params)
        answer.pop("ResponseMetadata", None)
    if answer.get("ConsumedCapacity", "") is None:
        del answer["ConsumedCapacity"]
    if "Items" in answer:
        answer["Items"] = [untyped_item(item) for item in answer["Items"]]
    if answer.get("LastEvaluatedKey"):
        answer["LastEvaluatedKey"] = untyped_item(answer["LastEvaluatedKey"])
    return answer


command = HandWritten(
    "select",
    _run,
    doc="Search a table or one of its indexes: with --key-condition by its keys (Query), else from beginning to end "
    "(Scan). Items are printed in YAML, and in no other format, with their values instead of DynamoDB's types.\n\n"
    "In expressions names need no placeholders: text stands in double quotes, numbers as they are, binary as "
    'b"BASE64", sets in {braces}, lists in [brackets]; a name that has odd characters in it stands in single quotes.',
    arguments=(
        TABLE_NAME,
        option("index-name", doc="The secondary index to search."),
        option(
            "projection", nargs="+", doc="The attributes to print, with commas in between, such as id, address.city."
        ),
        option(
            "filter",
            nargs="+",
            doc="A condition for the items to print, such as 'status = \"new\" and total > 1.50'. All are read "
            "nevertheless, and paid for.",
        ),
        option(
            "key-condition",
            nargs="+",
            doc="A condition for the keys: the partition key equals a value, and perhaps one for the sort key, with =, "
            "<, <=, >, >=, between or begins_with(key, value).",
        ),
        option(
            "attributes",
            choices=("ALL", "ALL_PROJECTED", "COUNT"),
            doc="ALL attributes, those that an index has of them (ALL_PROJECTED), or how many items there are (COUNT).",
        ),
        flag(
            "consistent-read",
            group="consistent_read",
            doc="Read what was written last, which is the default; indexes other than local ones cannot.",
        ),
        flag(
            "no-consistent-read",
            value=False,
            dest="consistent_read",
            group="consistent_read",
            doc="Read what may be a moment old, which costs half as much.",
        ),
        flag(
            "return-consumed-capacity",
            group="return_consumed_capacity",
            doc="Print the capacity that it took, and with --index-name that of the table and of each index.",
        ),
        flag(
            "no-return-consumed-capacity",
            value=False,
            dest="return_consumed_capacity",
            group="return_consumed_capacity",
            doc="Print no capacity, which is the default.",
        ),
        option("starting-token", doc="Where to go on: NextToken of an answer before."),
        option("max-items", doc="The most items to print."),
        option("page-size", doc="The most items of one call. All are printed nevertheless."),
    ),
)
