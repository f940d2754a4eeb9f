"""`--cli-input-json` and `--cli-input-yaml`: all parameters of a call in one document, by their API names."""

import json
from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.params import files
from awsmini.params.context import Context, ParamError

# The label in messages about the document, and the reader of its text: a ValueError says that it is broken.
_READERS = {
    "cli_input_json": ("cli-input-json", "Invalid JSON received.", "json:loads"),
    "cli_input_yaml": ("cli-input-yaml", "Invalid YAML received.", "awsmini.params.yaml_documents:load"),
}


def add_document(params: dict[str, Any], values: Mapping[str, Any], context: Context) -> None:
    """Add to `params` what the given document has and the options did not say."""
    given = [dest for dest in _READERS if values.get(dest) is not None]
    if not given:
        return
    if len(given) > 1:
        raise ParamValidationError("Only one --cli-input- parameter may be specified.")
    label, complaint, reference = _READERS[given[0]]
    text = _text(label, values[given[0]], context)
    read: Callable[[Any], Any] = json.loads if reference == "json:loads" else resolve_name(reference)
    try:
        document = read(text)
    except (ValueError, RecursionError):
        raise ParamError(label, complaint) from None
    if not isinstance(document, dict):
        raise ParamError(f"--{label}", f"Invalid type: expecting map, received {type(document)}")
    for name, value in document.items():
        params.setdefault(name, value)


def _text(label: str, value: str, context: Context) -> str | bytes:
    """The document's text: the value itself, a file's, or for `-` that of standard input."""
    if value == "-" and context.stdin is not None:
        return context.stdin.read()
    try:
        content = files.load(value, context.encoding)
    except files.ParamFileError as error:
        raise ParamError(f"--{label}", str(error)) from None
    return value if content is None else content
