"""`configservice put-configuration-recorder`: the recording group as an option of its own."""

from typing import Any

from awsmini.model.shapes import OperationModel, StructureShape
from awsmini.params.arguments import Argument, Table, option
from awsmini.params.context import Context
from awsmini.params.values import unpack
from awsmini.records import replace

Params = dict[str, Any]


def put_configuration_recorder(operation: OperationModel, table: Table) -> Table:
    recorder = table["configuration-recorder"]
    assert isinstance(recorder.shape, StructureShape)
    table["configuration-recorder"] = replace(recorder, required=True)
    group = recorder.shape.members["recordingGroup"]
    table["recording-group"] = option("recording-group", member="recordingGroup", shape=group, add=_add_group)
    return table


def _add_group(argument: Argument, params: Params, value: Any, context: Context) -> None:
    params.setdefault("ConfigurationRecorder", {})["recordingGroup"] = unpack(argument, value, context)
