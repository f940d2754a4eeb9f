"""Items in YAML: numbers as they are written, `!!binary` as bytes, `!!set` as a set. PyYAML is imported here."""

from base64 import b64decode
from binascii import Error as Base64Error
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from awsmini.errors import AwsminiError
from awsmini.params.context import InvalidBase64Error
from awsmini.params.yaml_documents import Loader, construct_int, load
from awsmini.services.ddb.values import ItemSet, same


class UnreadableItemsError(AwsminiError):
    """A text that is no YAML."""


def read(text: str) -> list[Any]:
    """The items of a document: those of a list, or the one that it is. Raises AwsminiError."""
    try:
        found = load(text, _ItemLoader)
    except (ValueError, RecursionError) as error:
        raise UnreadableItemsError(str(error)) from None
    return found if isinstance(found, list) else [found]


class _ItemLoader(Loader):
    """Reads the types that DynamoDB has besides those of JSON."""


def _number(loader: yaml.SafeLoader, node: Any) -> Decimal:
    try:
        return Decimal(node.value)
    except InvalidOperation:
        raise AwsminiError(f"{node.value!r} is no number") from None


def _integer(loader: Loader, node: Any) -> int | Decimal:
    """An integer; one of many zeros may be written as `!!int 1E+3`."""
    try:
        return construct_int(loader, node)
    except ValueError:
        return _number(loader, node)


def _binary(loader: yaml.SafeLoader, node: Any) -> bytes:
    try:
        return b64decode("".join(node.value.split()), validate=True)
    except (ValueError, Base64Error):
        raise InvalidBase64Error(node.value) from None


def _set(loader: yaml.SafeLoader, node: Any) -> ItemSet:
    if not isinstance(node, yaml.MappingNode):
        raise yaml.constructor.ConstructorError(
            None, None, f"expected a mapping node, but found {node.id}", node.start_mark
        )
    found: list[Any] = []
    for key, _ in node.value:
        value = loader.construct_object(key, deep=True)
        if any(same(value, other) for other in found):
            raise yaml.constructor.ConstructorError(
                "while constructing a mapping",
                node.start_mark,
                f'found duplicate key "{value}"',
                key.start_mark,
            )
        found.append(value)
    return ItemSet(found)


def _ordered_map(loader: yaml.SafeLoader, node: Any) -> dict[Any, Any]:
    """A map whose order counts, which DynamoDB's do not: a list of maps of one entry each."""
    if not isinstance(node, yaml.SequenceNode) or not all(isinstance(each, yaml.MappingNode) for each in node.value):
        raise yaml.constructor.ConstructorError(None, None, "expected a list of mappings", node.start_mark)
    entries = [entry for each in node.value for entry in each.value]
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True) for key, value in entries
    }


_ItemLoader.add_constructor("tag:yaml.org,2002:float", _number)
_ItemLoader.add_constructor("tag:yaml.org,2002:int", _integer)
_ItemLoader.add_constructor("tag:yaml.org,2002:binary", _binary)
_ItemLoader.add_constructor("tag:yaml.org,2002:omap", _ordered_map)
_ItemLoader.add_constructor("tag:yaml.org,2002:set", _set)
