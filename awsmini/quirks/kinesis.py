"""`kinesis list-streams`: an older way to page by hand, which works and is not shown."""

from awsmini.commands.arguments import Table, hide
from awsmini.model.shapes import OperationModel


def list_streams(operation: OperationModel, table: Table) -> Table:
    hide(table, "exclusive-start-stream-name")
    return table
