"""Data Pipeline's definitions: the JSON that people write, to and from the lists of fields of the API.

A definition is `{"objects": [{"id", "name", key: value …}], "parameters": [{"id", …}], "values": {id: value}}`,
where a value is a string, `{"ref": id}` or a list of these.
"""

import json
from collections.abc import Mapping
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, option
from awsmini.params.context import Context, ConversionError

Params = dict[str, Any]


def put_pipeline_definition(operation: OperationModel, table: Table) -> Table:
    table["pipeline-definition"] = option("pipeline-definition", required=True, add=_add_definition)
    table["parameter-objects"] = option("parameter-objects", add=_add_parameter_objects)
    del table["pipeline-objects"]
    return activate_pipeline(operation, table)


def activate_pipeline(operation: OperationModel, table: Table) -> Table:
    table["parameter-values-uri"] = option("parameter-values-uri", add=_add_values_document)
    table["parameter-values"] = option("parameter-values", nargs="+", add=_add_inline_values)
    return table


def _document(text: str) -> dict[str, Any]:
    """The JSON object of a definition; other JSON lacks all that a definition has."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ConversionError(str(error)) from None
    return document if isinstance(document, dict) else {}


def _add_definition(argument: Argument, params: Params, value: str, context: Context) -> None:
    """What the definition has of parameters and values counts where options have not said other ones before."""
    document = _document(value)
    if "objects" not in document:
        raise _definition_error('Missing "objects" key')
    params["pipelineObjects"] = [_api_object(element) for element in _structures(document, "objects")]
    parameters = _api_parameters(document)
    values = _api_values(document)
    if parameters is not None:
        params.setdefault("parameterObjects", parameters)
    if values is not None:
        params.setdefault("parameterValues", values)


def _add_parameter_objects(argument: Argument, params: Params, value: str, context: Context) -> None:
    params["parameterObjects"] = _api_parameters(_document(value))


def _add_values_document(argument: Argument, params: Params, value: str, context: Context) -> None:
    _refuse_second_values(params)
    params["parameterValues"] = _api_values(_document(value))


def _add_inline_values(argument: Argument, params: Params, value: Any, context: Context) -> None:
    _refuse_second_values(params)
    values: dict[str, Any] = {}
    for word in value:
        key, equals, text = word.partition("=")
        if not equals:
            raise ParamValidationError(f"Error in parameter: Invalid inline parameter format: {word}\n")
        _gather(values, key, text)
    params["parameterValues"] = _api_values({"values": values})


def _refuse_second_values(params: Params) -> None:
    if params.get("parameterValues") is not None:
        raise ParamValidationError("Only parameter-values or parameter-values-uri is allowed")


def _definition_error(message: str) -> ParamValidationError:
    return ParamValidationError(f"Error in pipeline definition: {message}\n")


def _structures(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    elements = document[name]
    if not isinstance(elements, list) or not all(isinstance(element, dict) for element in elements):
        raise ConversionError(f'"{name}" of a pipeline definition has to be a list of objects')
    return elements


def _api_object(element: Mapping[str, Any]) -> dict[str, Any]:
    rest = dict(element)
    identifier = _pop_id(rest, "element")
    name = rest.pop("name", identifier)
    return {"id": identifier, "name": name, "fields": _api_fields(rest)}


def _api_parameters(document: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    if "parameters" not in document:
        return None
    found = []
    for element in _structures(document, "parameters"):
        rest = dict(element)
        identifier = _pop_id(rest, "parameter")
        found.append({"id": identifier, "attributes": _api_fields(rest)})
    return found


def _pop_id(element: dict[str, Any], kind: str) -> Any:
    if "id" not in element:
        raise _definition_error(f'Missing "id" key of {kind}: {json.dumps(element)}')
    return element.pop("id")


def _api_fields(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_api_field(key, item) for key, value in sorted(element.items()) for item in _each(value)]


def _api_field(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, dict) and list(value) == ["ref"]:
        return {"key": key, "refValue": value["ref"]}
    return {"key": key, "stringValue": value}


def _api_values(document: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    if "values" not in document:
        return None
    values = document["values"]
    if not isinstance(values, dict):
        raise ConversionError('"values" of a pipeline definition have to be an object')
    return [{"id": key, "stringValue": item} for key, value in values.items() for item in _each(value)]


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def show_definition(output: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of get-pipeline-definition as a definition again."""
    shown = dict(output)
    if "pipelineObjects" in shown:
        shown["objects"] = [_object(element) for element in shown.pop("pipelineObjects")]
    if "parameterObjects" in shown:
        shown["parameters"] = [_parameter(element) for element in shown.pop("parameterObjects")]
    if "parameterValues" in shown:
        gathered: dict[str, Any] = {}
        for element in shown.pop("parameterValues"):
            _gather(gathered, element["id"], element["stringValue"])
        shown["values"] = gathered
    return shown


def _object(element: Mapping[str, Any]) -> dict[str, Any]:
    found = {"id": element["id"], "name": element["name"]}
    for field in element["fields"]:
        value = field["stringValue"] if "stringValue" in field else {"ref": field["refValue"]}
        _gather(found, field["key"], value)
    return found


def _parameter(element: Mapping[str, Any]) -> dict[str, Any]:
    found = {"id": element["id"]}
    for attribute in element["attributes"]:
        _gather(found, attribute["key"], attribute["stringValue"])
    return found


def _gather(found: dict[str, Any], key: str, value: Any) -> None:
    """Add a value; several under one key become a list."""
    if key not in found:
        found[key] = value
    elif isinstance(found[key], list):
        found[key].append(value)
    else:
        found[key] = [found[key], value]
