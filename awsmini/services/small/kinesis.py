"""`kinesis list-streams`: an older way to page by hand, which works and is not shown."""

from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Table, hide


def list_streams(operation: OperationModel, table: Table) -> Table:
    hide(table, "exclusive-start-stream-name")
    return table
