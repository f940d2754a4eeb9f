"""`--cli-input-json` and `--cli-input-yaml`: all parameters of a call in one document, by their API names."""

import json
from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.params.context import Context, ParamError
from awsmini.params.values import without_mark

# The label in messages about the document, and the reader of its text: a ValueError says that it is broken.
_READERS = {
    "cli_input_json": ("cli-input-json", "Invalid JSON received.", "json:loads"),
    "cli_input_yaml": ("cli-input-yaml", "Invalid YAML received.", "awsmini.params.yaml_documents:load"),
}


def add_document(
    params: dict[str, Any], values: Mapping[str, Any], contents: Mapping[str, Any], context: Context
) -> None:
    """Add to `params` what the given document has and the options did not say.

    `contents` are the values with the files read that they name: a pipe can be read only once.
    """
    given = [dest for dest in _READERS if values.get(dest) is not None]
    if not given:
        return
    if len(given) > 1:
        raise ParamValidationError("Only one --cli-input- parameter may be specified.")
    label, complaint, reference = _READERS[given[0]]
    source = values[given[0]]
    text = contents[given[0]]
    if source == "-" and context.stdin is not None:
        text, source = context.stdin.read(), "standard input"
    read: Callable[[Any], Any] = json.loads if reference == "json:loads" else resolve_name(reference)
    try:
        document = read(without_mark(text))
    except (ValueError, RecursionError) as error:
        where = "" if source == text else f" in {source}"
        raise ParamError(label, f"{complaint} {_told(error)}{where}") from None
    if not isinstance(document, dict):
        raise ParamError(f"--{label}", f"Invalid type: expecting map, received {type(document)}")
    for name, value in document.items():
        params.setdefault(name, value)


def _told(error: Exception) -> str:
    """What is wrong, and where; YAML's errors show the place in lines of their own."""
    cause = error.__cause__
    mark = getattr(cause, "problem_mark", None)
    return str(error) if mark is None else f"{cause.problem}: line {mark.line + 1} column {mark.column + 1}"  # type: ignore[union-attr]
