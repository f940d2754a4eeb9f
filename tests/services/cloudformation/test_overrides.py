"""Parameters of a change set, from each form in which they can be given."""

from typing import Any

import pytest

from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.services.cloudformation.overrides import PairError, for_new_stack, for_stack, overrides, pairs, parameters

FORMS: list[tuple[Any, dict[str, Any]]] = [
    ([], {}),
    (["A=1", "B=2=3", "A=4"], {"A": "4", "B": "2=3"}),
    (["A="], {"A": ""}),
    (['[{"ParameterKey":"A","ParameterValue":"v"}]'], {"A": "v"}),
    (['{"Parameters":{"A":5}}'], {"A": 5}),
    (['["A=v","B=w=x"]'], {"A": "v", "B": "w=x"}),
    ('["A=f"]', {"A": "f"}),
    (["[]"], {}),
]


@pytest.mark.parametrize(("given", "expected"), FORMS)
def test_forms(given: Any, expected: dict[str, Any]) -> None:
    assert overrides(given) == expected


REFUSED: list[tuple[Any, type[Exception], str]] = [
    (["A"], PairError, r"\['A'\] value passed to --parameter-overrides must be of format Key=Value"),
    (["5"], AwsminiError, "'int' object is not iterable"),
    ("A=1", AwsminiError, r"Expecting value: line 1 column 1 \(char 0\)"),
    (['[{"ParameterKey":"A"}]'], ParamValidationError, "must be one of the formats"),
    (['[{"ParameterKey":"A","ParameterValue":"v","UsePreviousValue":true}]'], ParamValidationError, "formats"),
    (['{"A":"v"}'], ParamValidationError, "formats"),
]


@pytest.mark.parametrize(("given", "kind", "message"), REFUSED)
def test_what_is_refused(given: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        overrides(given)


def test_parameters_follow_the_template() -> None:
    template = {"Parameters": {"B": {}, "A": {}, "C": {}}}
    found = parameters(template, {"A": "1", "Z": "2"})
    assert found == [
        {"ParameterKey": "B", "UsePreviousValue": True},
        {"ParameterKey": "A", "ParameterValue": "1"},
        {"ParameterKey": "C", "UsePreviousValue": True},
    ]
    assert for_new_stack(found) == [found[1]]
    assert for_stack(found, {"C"}) == found[1:]


@pytest.mark.parametrize("template", [{}, {"Parameters": None}, {"Parameters": ["A"]}, "text", None])
def test_no_parameters(template: Any) -> None:
    assert parameters(template, {"A": "1"}) == []


def test_pairs_name_their_option() -> None:
    with pytest.raises(PairError, match=r"\['a'\] value passed to --tags"):
        pairs(["a"], "tags")
