"""Expressions: what is sent of them, and what is refused."""

from decimal import Decimal

import pytest

from awsmini.errors import ParamValidationError
from awsmini.services.ddb.arguments import add_expression
from awsmini.services.ddb.expressions import read
from awsmini.services.ddb.values import ItemSet


@pytest.mark.parametrize(
    ("text", "sent", "names", "values"),
    [
        ("n >= 1.50", "#n0 >= :n1", ["n"], [Decimal("1.50")]),
        ("a=1", "#n0 = :n1", ["a"], [Decimal(1)]),
        ("a <> b", "#n0 <> #n1", ["a", "b"], []),
        ("a = a", "#n0 = #n1", ["a", "a"], []),
        ("a < 1 or b <= -2.5 AND not c > 1e3", "#n0 < :n1 OR #n2 <= :n3 AND NOT #n4 > :n5", ["a", "b", "c"],
         [Decimal(1), Decimal("-2.5"), Decimal("1e3")]),
        ("(a = 1 OR b = 2) and c = 3", "( #n0 = :n1 OR #n2 = :n3 ) AND #n4 = :n5", ["a", "b", "c"], [1, 2, 3]),
        ("a between 1 and 2 and b IN (1, \"x\", c)", "#n0 BETWEEN :n1 AND :n2 AND #n3 IN (:n4, :n5, #n6)", ["a", "b", "c"],
         [1, 2, 1, "x"]),
        ("begins_with(sk, \"p\")", "begins_with(#n0, :n1)", ["sk"], ["p"]),
        ("a.b[2].c = 1", "#n0.#n1[2].#n2 = :n3", ["a", "b", "c"], [1]),
        ("'odd name' = \"it \\\"is\\\"\"", "#n0 = :n1", ["odd name"], ['it "is"']),
        ("b = b\"aGk=\"", "#n0 = :n1", ["b"], [b"hi"]),
        ("a = true and b = Null", "#n0 = :n1 AND #n2 = :n3", ["a", "b"], [True, None]),
        ("a = [1, [\"x\"], {}] and b = {\"k\": 1}", "#n0 = :n1 AND #n2 = :n3", ["a", "b"], [[1, ["x"], {}], {"k": 1}]),
        ("a = {1, 2, 1.0}", "#n0 = :n1", ["a"], [ItemSet([1, 2])]),
        ("a, b.c[0], 'd e'", "#n0, #n1.#n2[0], #n3", ["a", "b", "c", "d e"], []),
        ("(a, b)", "( #n0, #n1)", ["a", "b"], []),
        ("a", "#n0", ["a"], []),
    ],
)  # fmt: skip
def test_expressions(text, sent, names, values):
    found = read(text)
    assert (found.text, list(found.names.values()), list(found.values.values())) == (sent, names, values)
    assert list(found.names) == sorted(found.names, key=lambda each: int(each[2:]))
    assert all(name.startswith("#n") for name in found.names)
    assert all(name.startswith(":n") for name in found.values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Expressions must not be empty"),
        (" ", "Expressions must not be empty"),
        ("size(a) > 1", "Unexpected token `>` of type `gt`. Expected type: eof\nsize(a) > 1\n        ^"),
        ("a == 1", "Unexpected token `=` of type `eq`. Expected type: "
         "['literal', 'lbracket', 'lbrace', 'identifier', 'unquoted_identiifer']\na == 1\n   ^"),
        ("a!", "Unrecognized character !\na!\n ^"),
        ("a = 'x", "Unclosed ' delimiter\na = 'x\n    ^"),
        ("a.", "Unexpected token `None` of type `None`. Expected type: eof\na.\n  ^"),
        ("= 1", "Unknown expression type starting at token `=`\n= 1\n^"),
        ("a = 1.", "Invalid fractional character None\na = 1.\n     ^"),
        ("a = -", "Unknown token -\na = -\n    ^"),
        ("a[1.5] = 1", "Invalid token value: List indices must be whole numbers.\na[1.5] = 1\n     ^\n"),
        ("a = {1, \"x\"}", "Invalid token value: Set values must all be of the same type. First type was "
         "`<class 'decimal.Decimal'>`, but found value of type `<class 'str'>`\na = {1, \"x\"}\n        ^\n"),
        ("a = b\"aGk\"", "Invalid base64 string b\"aGk\": Incorrect padding\na = b\"aGk\"\n    ^"),
    ],
)  # fmt: skip
def test_what_is_no_expression(text, message):
    with pytest.raises(ParamValidationError) as caught:
        read(text)
    assert str(caught.value) == message


def test_placeholders_go_on_counting():
    params = {}
    add_expression(params, "ProjectionExpression", ["a,", "b"])
    add_expression(params, "FilterExpression", "n = 1")
    assert params == {
        "ProjectionExpression": "#n0, #n1",
        "FilterExpression": "#n2 = :n3",
        "ExpressionAttributeNames": {"#n0": "a", "#n1": "b", "#n2": "n"},
        "ExpressionAttributeValues": {":n3": {"N": "1"}},
    }
