import pytest

from awsmini.params.context import ConversionError
from awsmini.params.shorthand import ShorthandError, coerce, parse
from tests.small_models import operation, structure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=b", {"a": "b"}),
        ("a=b,c=d", {"a": "b", "c": "d"}),
        ("A = 1 , B = 2", {"A": "1", "B": "2"}),
        ("a=b,c", {"a": ["b", "c"]}),
        ("a=b,c,d=e", {"a": ["b", "c"], "d": "e"}),
        ("Name=x,Values=a,b", {"Name": "x", "Values": ["a", "b"]}),
        ("k=[a,b]", {"k": ["a", "b"]}),
        ("k=[ a , b ]", {"k": ["a", "b"]}),
        ("k=[]", {"k": []}),
        ("k=[a]", {"k": ["a"]}),
        ("k={}", {"k": {}}),
        ("k={a=1,b={c=2}}", {"k": {"a": "1", "b": {"c": "2"}}}),
        ("k=[{a=1},{a=2}]", {"k": [{"a": "1"}, {"a": "2"}]}),
        ("k={a=[1,2],b=3}", {"k": {"a": ["1", "2"], "b": "3"}}),
        ("k={a=1,a=2}", {"k": {"a": "2"}}),
        ("k='a,b'", {"k": "a,b"}),
        ('k="a,b",j=c', {"k": "a,b", "j": "c"}),
        (r"k='it\'s'", {"k": "it's"}),
        (r'k="a\"b\\c"', {"k": 'a"b\\c'}),
        (r"k='a\b'", {"k": r"a\b"}),
        (r"k=a\,b", {"k": "a,b"}),
        (r"k=a\b", {"k": r"a\b"}),
        ("k=b=c", {"k": "b=c"}),
        ("k=", {"k": ""}),
        ("k=,j=1", {"k": "", "j": "1"}),
        ("k=a,'b c',\"d\"", {"k": ["a", "b c", "d"]}),
        ("k=a\n,j=b", {"k": "a", "j": "b"}),
        ("é-=x", None),
        ("k=ü é", {"k": "ü é"}),
        ("k=null", {"k": "null"}),
        ("k=007", {"k": "007"}),
        ("arn:aws:x/y.z#1-2_3=v", {"arn:aws:x/y.z#1-2_3": "v"}),
        ("k=a b  ,j=c", {"k": "a b", "j": "c"}),
        ("k=(x)[0]", None),
        ("k={a=b=c}", {"k": {"a": "b=c"}}),
        ("=v", {"": "v"}),
        # beyond AWS CLI v2, which sees errors here
        ("k=😀,j=a😀,b😀", {"k": "😀", "j": ["a😀", "b😀"]}),
        ("Value=${stage.v}/x", {"Value": "${stage.v}/x"}),
        ("k={a=${x}/y,b=2}", {"k": {"a": "${x}/y", "b": "2"}}),
        ("k=${a},${b},j=c}", {"k": ["${a}", "${b}"], "j": "c}"}),
        ("k={a=x{y}", {"k": {"a": "x{y"}}),  # this it reads so
        ("k=[[a],[b,c]]", {"k": [["a"], ["b", "c"]]}),
    ],
)
def test_parse(text, value):
    if value is None:
        with pytest.raises(ShorthandError):
            parse(text)
    else:
        assert parse(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Key", "Expected: '=', received: 'EOF' for input:\n Key\n   ^"),
        ("Key=a,", "Expected: '<second>', received: '<none>' for input:\n Key=a,\n      ^"),
        ("k=a,,b", "Expected: '=', received: 'EOF' for input:\n k=a,,b\n      ^"),
        (" Key=a", "Expected: '=', received: 'K' for input:\n  Key=a\n ^"),
        ('Value="b"c', "Expected: ',', received: 'c' for input:\n Value=\"b\"c\n         ^"),
        ("k='a", "Expected: '<singled quoted>', received: '<none>' for input:\n k='a\n  ^"),
        ('k="a', "Expected: '<double quoted>', received: '<none>' for input:\n k=\"a\n  ^"),
        ("K={a=1,2}", "Expected: '=', received: '}' for input:\n K={a=1,2}\n        ^"),
        ("k=[a", "Expected: ',', received: 'EOF' for input:\n k=[a\n    ^"),
        ("k==b", "Expected: ',', received: '=' for input:\n k==b\n  ^"),
        ("a=b,\nc==d", "Expected: ',', received: '=' for input:\n a=b,\nc==d\n  ^"),
        ("a==b,\nc=d", "Expected: ',', received: '=' for input:\n a==b,\n  ^\nc=d"),
        (
            "a=b,a=c",
            'Second instance of key "a" encountered for input:\na=b,a=c\n    ^\n'
            'This is often because there is a preceding "," instead of a space.',
        ),
    ],
)
def test_the_error_points_at_the_place(text, message):
    with pytest.raises(ShorthandError) as error:
        parse(text)
    assert str(error.value) == message


def load(text):
    return {"file://a": "A", "file://b": "B", "fileb://c": b"\xff"}.get(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("k@=file://a", {"k": "A"}),
        ("k@=fileb://c", {"k": b"\xff"}),
        ("k=file://a", {"k": "file://a"}),
        ("k@=plain", {"k": "plain"}),
        ("k@=file://a,j=file://b", {"k": "A", "j": "file://b"}),
        ("k@=file://a,file://b", {"k": ["A", "B"]}),
        ("k@=[file://a,file://b]", {"k": ["A", "B"]}),
        ("k@='file://a'", {"k": "A"}),
        ("o={k@=file://a,j=file://a}", {"o": {"k": "A", "j": "file://a"}}),
        ("k @ = file://a", {"k": "A"}),
    ],
)
def test_files_behind_at(text, value):
    assert parse(text, load) == value


def test_deep_nesting_is_an_error_and_no_crash():
    with pytest.raises(ConversionError):
        parse("k=" + "[" * 100_000)


SHAPES = {
    "Out": structure(
        {
            "Text": "Text",
            "Number": "Number",
            "Real": "Real",
            "Flag": "Flag",
            "Texts": "Texts",
            "Numbers": "Numbers",
            "Map": "Map",
            "Deep": "Inner",
            "Free": "Free",
        }
    ),
    "Texts": {"type": "list", "member": {"shape": "Text"}},
    "Numbers": {"type": "list", "member": {"shape": "Number"}},
    "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Number"}},
    "Inner": structure({"Flag": "Flag", "Free": "Free"}),
    "Free": {"type": "structure", "members": {}, "document": True},
}
SHAPE = operation("json", SHAPES).output_shape


@pytest.mark.parametrize(
    ("value", "coerced"),
    [
        ({"Text": "1"}, {"Text": "1"}),
        ({"Number": "1"}, {"Number": 1}),
        ({"Real": "1.5"}, {"Real": 1.5}),
        ({"Flag": "TRUE"}, {"Flag": True}),
        ({"Flag": "False"}, {"Flag": False}),
        ({"Flag": "yes"}, {"Flag": "yes"}),
        ({"Texts": "a"}, {"Texts": ["a"]}),
        ({"Texts": ["a", "b"]}, {"Texts": ["a", "b"]}),
        ({"Numbers": ["1", "2"]}, {"Numbers": [1, 2]}),
        ({"Numbers": "1"}, {"Numbers": ["1"]}),  # as AWS CLI v2: a lone value is wrapped as it is
        ({"Map": {"a": "1"}}, {"Map": {"a": 1}}),
        ({"Map": "x"}, {"Map": "x"}),
        ({"Deep": {"Flag": "true"}}, {"Deep": {"Flag": True}}),
        ({"Deep": "x"}, {"Deep": "x"}),
        ({"Unknown": "1"}, {"Unknown": "1"}),
        ("x", "x"),
    ],
)
def test_coerce(value, coerced):
    assert coerce(value, SHAPE) == coerced


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Number": "abc"}, "invalid literal for int() with base 10: 'abc'"),
        ({"Real": "abc"}, "could not convert string to float: 'abc'"),
        ({"Flag": ["a"]}, "'list' object has no attribute 'lower'"),
    ],
)
def test_what_does_not_convert(value, message):
    with pytest.raises(ConversionError) as error:
        coerce(value, SHAPE)
    assert str(error.value) == message


@pytest.mark.parametrize("value", [{"Free": {"a": "1"}}, {"Deep": {"Free": "x"}}])
def test_documents_are_not_shorthand(value):
    with pytest.raises(ShorthandError) as error:
        coerce(value, SHAPE)
    assert str(error.value) == (
        "Shorthand syntax does not support document types. Use JSON input for top-level argument to specify nested "
        "parameter: Free"
    )
