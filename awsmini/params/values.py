"""The text of one option to the value of its member, by the shape: JSON, shorthand, numbers, files, blobs."""

import base64
import json
from collections import OrderedDict
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape
from awsmini.params import files
from awsmini.params.context import Context, ConversionError, InvalidBase64Error, ParamError

if TYPE_CHECKING:
    from awsmini.params.arguments import Argument

SHORTHAND = "awsmini.params.shorthand:read"  # its patterns take 6 ms to compile

_COMPLEX = frozenset({"structure", "list", "map"})
_INTEGERS = frozenset({"integer", "long"})
_FLOATS = frozenset({"float", "double"})


class _NoTextError(ConversionError):
    """An empty word where JSON has to stand."""


def load_file(label: str, value: Any, context: Context) -> Any:
    """The value, or the content of the file that it names. A list of one word counts as that word."""
    word = value[0] if isinstance(value, list) and len(value) == 1 else value
    try:
        content = files.load(word, context.encoding)
    except files.ParamFileError as error:
        raise ParamError(label, str(error)) from None
    return value if content is None else content


def without_mark(text: Any) -> Any:
    """A text without the byte order mark that some programs put before it."""
    return text.removeprefix("\ufeff") if isinstance(text, str) else text


def unpack(argument: "Argument", value: Any, context: Context) -> Any:
    """What the API gets of the value of one argument: a word, a list of words, or a file's content.

    Raises ParamError, and ConversionError where a number is none.
    """
    shape = argument.shape
    if shape is None:
        return value
    if shape.type_name in _COMPLEX:
        value = without_mark(value)
    if argument.bare_words:
        assert isinstance(shape, ListShape)
        assert isinstance(shape.member, StructureShape)
        if not _looks_like_json(value):
            (member,) = shape.member.members
            return [{member: word} for word in value]
    if _is_shorthand(shape, value):
        return _from_shorthand(argument.label, shape, value, context)
    return _from_text(argument.label, shape, value)


def _looks_like_json(value: Any) -> bool:
    first = value[0] if value and isinstance(value, list) else value
    return isinstance(first, str) and first.strip().startswith(("[", "{"))


def _is_shorthand(shape: Shape, value: Any) -> bool:
    if shape.type_name not in _COMPLEX or _looks_like_json(value):
        return False
    if isinstance(shape, ListShape) and shape.member.type_name not in _COMPLEX:
        return False
    return not _holds_only_documents(shape)


def _holds_only_documents(shape: Shape) -> bool:
    """Whether this is a document type, or lists and maps of such."""
    seen: set[str] = set()
    while isinstance(shape, ListShape | MapShape) and shape.name not in seen:
        seen.add(shape.name)
        shape = shape.member if isinstance(shape, ListShape) else shape.value
    return is_document(shape)


def is_document(shape: Shape) -> bool:
    return isinstance(shape, StructureShape) and shape.is_document_type


def _from_shorthand(label: str, shape: Shape, value: Any, context: Context) -> Any:
    if _is_value_structure(shape) and isinstance(value, str) and "=" not in value:
        return {"Value": value}
    return resolve_name(SHORTHAND)(label, shape, value, lambda text: files.load(text, context.encoding))


def _is_value_structure(shape: Shape) -> bool:
    """A structure around one string called Value, which may stand for itself."""
    if not isinstance(shape, StructureShape) or list(shape.members) != ["Value"]:
        return False
    return shape.members["Value"].type_name == "string"


def _from_text(label: str, shape: Shape, value: Any) -> Any:
    """A value that is not shorthand."""
    if is_document(shape) or (shape.traits.get("jsonvalue") and shape.traits.get("location") == "header"):
        return _from_json(label, value)
    if isinstance(shape, ListShape):
        return _list_from_text(label, shape, value)
    if shape.type_name in _COMPLEX:
        if _first_character(value) == "{":
            return _from_json(label, value)
        raise ParamError(label, f"Invalid JSON:\n{value}")
    return _scalar_from_text(label, shape, value)


def _from_json(label: str, value: Any) -> Any:
    try:
        return json.loads(value, object_pairs_hook=OrderedDict)  # which shows where validation quotes a value
    except ValueError as error:
        raise ParamError(label, f"Invalid JSON: {error}\nJSON received: {value}") from None
    except (TypeError, RecursionError) as error:
        raise ConversionError(str(error)) from None


def _first_character(text: Any) -> str:
    stripped = text.lstrip()
    if not stripped:
        raise _NoTextError("string index out of range")
    return str(stripped[:1])


def _list_from_text(label: str, shape: ListShape, value: Any) -> Any:
    if isinstance(value, str):
        if _first_character(value) == "[":
            return _from_json(label, value)
    elif isinstance(value, list) and len(value) == 1 and value[0].strip().startswith("["):
        return _from_json(label, value[0])
    try:
        return [_from_text(label, shape.member, word) for word in value]
    except _NoTextError:
        raise
    except ConversionError:
        raise ParamError(label, value[0]) from None


def _scalar_from_text(label: str, shape: Shape, value: Any) -> Any:
    type_name = shape.type_name
    try:
        if type_name in _INTEGERS:
            return int(value)
        if type_name in _FLOATS:
            return float(value)
    except ValueError as error:
        raise ConversionError(str(error)) from None
    if type_name == "blob" and shape.traits.get("streaming"):
        body = value if isinstance(value, bytes) else files.open_body(value)
        if body is None:
            raise ParamError(label, "Blob values must be a path to a file.")
        return body
    if type_name == "boolean":
        return value.lower() != "false" if value else False
    return value


def decode_blobs(value: Any, shape: Shape, binary_format: str) -> Any:
    """Bytes for every text that stands for a blob: base64 decoded, or in raw format encoded as UTF-8."""
    if isinstance(shape, StructureShape):
        if not isinstance(value, dict):
            return value
        members = shape.members
        return {
            name: decode_blobs(item, members[name], binary_format) if name in members else item
            for name, item in value.items()
        }
    if isinstance(shape, ListShape):
        return [decode_blobs(item, shape.member, binary_format) for item in value] if isinstance(value, list) else value
    if isinstance(shape, MapShape):
        if not isinstance(value, dict):
            return value
        return {key: decode_blobs(item, shape.value, binary_format) for key, item in value.items()}
    if shape.type_name == "blob" and isinstance(value, str):
        return _decode(value) if binary_format == "base64" else value.encode()
    return value


def _decode(text: str) -> bytes:
    """The bytes that base64 stands for, blanks and line breaks aside: anything else in it is no base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:  # binascii.Error, or what is not ASCII
        raise InvalidBase64Error(text) from None
