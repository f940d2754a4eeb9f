"""`s3api select-object-content OUTFILE`: the records of the event stream go to a file."""

from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.params import files
from awsmini.params.arguments import OUTFILE, Table


def select_object_content(operation: OperationModel, table: Table) -> Table:
    table["outfile"] = OUTFILE
    return table


def save_records(output: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Write the payload of every Records event; nothing of the stream stays in the output."""
    events = output.get("Payload")
    if events is None:
        return output
    with files.saving(values["outfile"]) as file:
        for event in events:
            if "Records" in event:
                file.write(event["Records"]["Payload"])
    return {name: value for name, value in output.items() if name != "Payload"}
