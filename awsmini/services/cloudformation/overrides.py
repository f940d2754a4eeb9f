"""`Key=Value` pairs of the command line, and the parameters of a change set that come of them. Pure."""

import json
from collections.abc import Container, Mapping, Sequence
from typing import Any

from awsmini.errors import AwsminiError, ParamValidationError

Parameter = dict[str, Any]

_FORMS = (
    "JSON passed to --parameter-overrides must be one of the formats: "
    '["Key1=Value1","Key2=Value2", ...] , '
    '[{"ParameterKey": "Key1", "ParameterValue": "Value1"}, ...] , '
    '["Parameters": {"Key1": "Value1", "Key2": "Value2", ...}]'
)


class PairError(AwsminiError):
    """A word is no `Key=Value`."""

    def __init__(self, word: str, option: str) -> None:
        super().__init__(f"{[word]} value passed to --{option} must be of format Key=Value")


def pairs(words: Sequence[str], option: str) -> dict[str, str]:
    """The last of two values of a key counts. Raises PairError."""
    found = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise PairError(word, option)
        found[key] = value
    return found


def overrides(given: str | Sequence[str]) -> dict[str, Any]:
    """What is to override the defaults of the template: words, or JSON in the first word or as the text of a file.

    The JSON is a list of `Key=Value` texts, a list as CloudFormation has it, or the mapping of CodePipeline.
    Raises PairError, ParamValidationError; AwsminiError for a file that is no JSON.
    """
    if not given:
        return {}
    if isinstance(given, str):
        try:
            return _from_json(json.loads(given))
        except ValueError as error:
            raise AwsminiError(f"{error} in --parameter-overrides") from None
    try:
        document = json.loads(given[0])
    except ValueError:
        document = None
    return pairs(given, "parameter-overrides") if document is None else _from_json(document)


def _from_json(document: Any) -> dict[str, Any]:
    if isinstance(document, dict) and isinstance(document.get("Parameters"), dict):
        return dict(document["Parameters"])
    if isinstance(document, list):
        if all(isinstance(each, dict) and set(each) == {"ParameterKey", "ParameterValue"} for each in document):
            return {each["ParameterKey"]: each["ParameterValue"] for each in document}
        if all(isinstance(each, str) and "=" in each for each in document):
            return dict(each.split("=", 1) for each in document)
    if not isinstance(document, list | dict | str):
        raise AwsminiError(f"{type(document).__name__!r} object is not iterable")
    raise ParamValidationError(_FORMS)


def parameters(template: Any, given: Mapping[str, Any]) -> list[Parameter]:
    """One for each parameter of the template: the value given, or the previous one."""
    declared = template.get("Parameters") if isinstance(template, dict) else None
    return [
        {"ParameterKey": name, "ParameterValue": given[name]}
        if name in given
        else {"ParameterKey": name, "UsePreviousValue": True}
        for name in (declared if isinstance(declared, dict) else ())
    ]


def for_new_stack(found: Sequence[Parameter]) -> list[Parameter]:
    """A new stack has no previous values."""
    return for_stack(found, ())


def for_stack(found: Sequence[Parameter], previous: Container[str]) -> list[Parameter]:
    """Of those without a value, only what the stack has already."""
    return [each for each in found if "UsePreviousValue" not in each or each["ParameterKey"] in previous]
