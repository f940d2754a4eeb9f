"""What the command on the line would print, made up from the model: strings are the names of their members."""

import re
from collections.abc import Mapping

from awsmini import query
from awsmini.commandline.globals import OUTPUTS, OWN_OUTPUTS
from awsmini.completion.position import Position
from awsmini.config.settings import Settings
from awsmini.errors import AwsminiError
from awsmini.format import renderer
from awsmini.format.view import View
from awsmini.model.shapes import OperationModel
from awsmini.params.skeleton import output_skeleton

NOTHING = "No output"
_INDEX = re.compile(r"(?<=\[)\d+(?=\])")
_UNFINISHED = re.compile(r"[\[{][^\]}]*$")


class _Unknown(Exception):
    """The text that tells what is wrong with the line."""


def preview(position: Position, env: Mapping[str, str], width: int) -> str:
    """The text. What is wrong with --output or --query is told in its place."""
    operation = position.node.operation
    if operation is None or operation.output_shape is None or not operation.output_shape.members:
        return NOTHING
    try:
        return _rendered(operation, _output(position, env), _query(position), width).replace("\t", "  ")
    except (AwsminiError, _Unknown) as error:
        return str(error)


def _rendered(operation: OperationModel, output: str, compiled: query.Query | None, width: int) -> str:
    view = View.of(operation)._replace(query=compiled, width=width, color="off")
    return "".join(renderer(output)(output_skeleton(operation), view))


def _output(position: Position, env: Mapping[str, str]) -> str:
    output: str = Settings(env, position.flags).value("output")
    known = (*OUTPUTS, *OWN_OUTPUTS)
    if output not in known:
        raise _Unknown(f"Bad value for --output: {output}\n\nValid values are: {', '.join(known)}")
    return output


def _query(position: Position) -> query.Query | None:
    """The expression, as far as it can be understood while it is typed; each list has only one item here."""
    text = _INDEX.sub("0", position.flags.get("query") or "")
    text = _UNFINISHED.sub("", text).strip(".")
    return query.compile(text) if text else None
