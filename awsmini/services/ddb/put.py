"""`awsmini ddb put`: items in YAML into a table."""

from pkgutil import resolve_name
from typing import Any

from awsmini.app import App
from awsmini.client import Client
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.params.arguments import option
from awsmini.services.ddb.arguments import TABLE_NAME, add_expression
from awsmini.services.ddb.values import typed
from awsmini.services.shared.several_calls import told_what_is_done

READ = "awsmini.services.ddb.items:read"  # PyYAML
STDIN = "-"
BATCH = 25  # items in one call
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 10.0  # seconds before items are sent again that the service had no capacity for


def _run(invocation: Invocation, values: Values) -> int:
    app, table = invocation.app, values["table_name"]
    text = values["items"]
    items = resolve_name(READ)(app.stdin.read() if text == STDIN else text)
    params: dict[str, Any] = {"ReturnConsumedCapacity": "NONE"}
    if len(items) > 1 and "condition" in values:
        raise ParamValidationError("--condition is not supported for multiple items")
    if "condition" in values:
        add_expression(params, "ConditionExpression", values["condition"])
    client = invocation.session.client("dynamodb")
    made = [_typed_item(item) for item in items]
    if len(made) > 1:
        done: list[str] = []
        with told_what_is_done(invocation, "Put already", done):
            _put_all(client, table, made, params, app, done)
    for item in made if len(made) == 1 else ():
        client._make_api_call("PutItem", {**params, "TableName": table, "Item": item})
    return 0


def _typed_item(item: Any) -> Any:
    """An item as DynamoDB takes it. What is none is left for the check of parameters to refuse."""
    return {name: typed(value) for name, value in item.items()} if isinstance(item, dict) else item


def _put_all(client: Client, table: str, items: list[Any], params: dict[str, Any], app: App, done: list[str]) -> None:
    """Send items in batches; those that the service leaves are sent again, after a while that grows.

    `done` says how many it has taken.
    """
    requests = [{"PutRequest": {"Item": item}} for item in items]
    pause = FIRST_PAUSE
    while requests:
        batch, requests = requests[:BATCH], requests[BATCH:]
        answer = client._make_api_call("BatchWriteItem", {**params, "RequestItems": {table: batch}})
        left = (answer.get("UnprocessedItems") or {}).get(table) or []
        if left:
            app.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE) if left else FIRST_PAUSE
        requests = [*requests, *left]
        done[:] = [f"{len(items) - len(requests)} of {len(items)} items"]


command = HandWritten(
    "put",
    _run,
    doc="Put one or more items into a table. Their values are written in YAML as they are, without DynamoDB's types.",
    arguments=(
        TABLE_NAME,
        option(
            "items",
            positional=True,
            required=True,
            doc="An item in YAML, such as '{id: 7, name: Ann, tags: !!set {a, b}}', or a list of such; - reads it from "
            "stdin.",
        ),
        option(
            "condition",
            nargs="+",
            doc="Put the item only where this is so, such as 'attribute_not_exists(id)'. For one item alone.",
        ),
    ),
)
