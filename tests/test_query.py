"""--query: what is refused at once, and what only the answer shows."""

import jmespath
import pytest

from awsmini import query
from awsmini.errors import ParamValidationError


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("foo(@)", "Unknown function: foo()"),
        ("a[?foo(@)]", "Unknown function: foo()"),
        ("map(&foo(@), a)", "Unknown function: foo()"),
        ("{a: [b, a || foo(@)]}", "Unknown function: foo()"),
        ("length()", "Expected 1 argument for function length(), received 0"),
        ("length(@, @)", "Expected 1 argument for function length(), received 2"),
        ("merge()", "Expected at least 1 argument for function merge(), received 0"),
        (
            'abs(`"x"`)',
            "In function abs(), invalid type for value: x, expected one of: ['number'], received: \"string\"",
        ),
        ("abs(`true`)", 'received: "boolean"'),
        ("abs('1')", 'received: "string"'),
        ("abs(&a)", 'received: "expref"'),
        ("keys(`null`)", 'received: "null"'),
        ("keys(`[1]`)", 'received: "array"'),
        ("length(length(@))", 'received: "number"'),
        ("sort_by(a, b)", "In function sort_by(), invalid type for value: b, expected one of: ['expref']"),
        ('sum(`[1, "a"]`)', "In function sum(), invalid type for value: a, expected one of: ['array-number']"),
        ('sort(`[1, "a"]`)', "invalid type for value: a, expected one of: ['array-string', 'array-number']"),
        ("join(',', `[null]`)", "invalid type for value: None"),
        ("max(`[true]`)", 'received: "bool"'),
        ("a[::0]", "slice step cannot be zero"),
        ("sort_by(a, 'b')", "expected one of: ['expref'], received: \"string\""),
    ],
)
def test_functions_that_cannot_be_called_are_found_before_there_is_a_value(text, message):
    with pytest.raises(query.QueryError) as error:
        query.compile(text)
    assert message in str(error.value)
    assert error.value.exit_code == 255


@pytest.mark.parametrize(
    "text",
    ["abs(a)", "length('a')", "not_null(a, b)", "sort_by(a, &b)", "max_by(`[]`, &b)", "join(',', a)", "sum(`[1, 2.5]`)", "sort(`[]`)", "max(`[\"a\"]`)", "a[::-1]",
     "contains(`[1]`, `1`)", "abs(length(@))", "length(to_string(@))", "merge(a, b, c)", "sort(keys(@))", "a.b[0]"],
)  # fmt: skip
def test_functions_that_can_be_called(text):
    assert query.compile(text).text == text


@pytest.mark.parametrize(
    "text",
    ["&a", "[&a]", "{x: &a}", "none || &b", "a | &b", "[&a][0]", "[&a][]", "a[].[&b]", "a[?b].{c: &d}", "x.*.[&a]",
     "not_null(&a)", "to_array(&a)", "map(& &a, b)", "map(&[&a], b)", "[&a] | @", "&a && b", "(&a)"],
)  # fmt: skip
def test_an_expression_is_no_output(text):
    with pytest.raises(ParamValidationError, match=r"the result would be an expression") as error:
        query.compile(text)
    assert str(error.value).startswith(f"Bad value for --query {text}: ")
    found = jmespath.search(text, {"a": [{"b": 1}], "b": [{}], "x": {"k": [{}]}})
    assert "_Expression" in repr(found)


@pytest.mark.parametrize("text", ["a == &b", "!(&a)", "a[?&b]", "type(&a)", "[&a] | length(@)", "map(&a, b)"])
def test_an_expression_that_is_no_part_of_what_is_found(text):
    assert "_Expression" not in repr(query.compile(text).search({"a": [{}], "b": []}))


def test_an_expression_makes_no_call(aws):
    outcome = aws("dynamodb list-tables --query &a")
    assert (outcome.code, aws.service.requests) == (252, [])


def test_a_bad_function_makes_no_call(aws):
    assert aws("dynamodb list-tables --query foo(@)").message == "awsmini: [ERROR]: Unknown function: foo()"
    assert aws.service.requests == []
