"""--query: what is refused at once, and what only the answer shows."""

import pytest

from awsmini.errors import ParamValidationError
from awsmini.query import expression as query


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", 'Bad value for --query [: Invalid jmespath expression: Incomplete expression:\n"["\n  ^'),
        ("foo(", 'Bad value for --query foo(: Invalid jmespath expression: Incomplete expression:\n"foo("\n     ^'),
        (
            "a..b",
            "Bad value for --query a..b: Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], "
            'got: dot: Parse error at column 2, token "." (DOT), for expression:\n"a..b"\n   ^',
        ),
    ],
)
def test_a_bad_expression_is_a_usage_error_that_shows_the_place(text, message):
    with pytest.raises(ParamValidationError) as raised:
        query.compile(text)
    assert raised.value.exit_code == 252
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("foo(@)", "Unknown function: foo()"),
        (
            "length(`1`)",
            "In function length(), invalid type for value: 1, expected one of: ['string', 'array', 'object'], "
            'received: "number"',
        ),
    ],
)
def test_an_expression_that_does_not_fit_the_answer(text, message):
    with pytest.raises(query.QueryError) as raised:
        query.compile(text).search({})
    assert raised.value.exit_code == 255
    assert str(raised.value) == message


def test_structures_keep_the_order_of_the_expression():
    assert list(query.compile("{b: x, a: x}").search({"x": 1})) == ["b", "a"]


def test_its_text_is_kept():
    assert repr(query.compile("a.b")) == "Query('a.b')"
