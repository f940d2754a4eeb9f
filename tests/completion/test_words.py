"""Lines cut into words as a shell does it, and candidates quoted to go back."""

import shlex

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from awsmini.completion.words import Words, quoted, split


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", Words([], "", "")),
        ("aws", Words([], "aws", "aws")),
        ("aws ", Words(["aws"], "", "")),
        ("aws  ec2\tdesc", Words(["aws", "ec2"], "desc", "desc")),
        ("aws a\\ b", Words(["aws"], "a b", "a\\ b")),
        ("aws 'a b", Words(["aws"], "a b", "'a b", "'")),
        ('aws "a \\"b', Words(["aws"], 'a "b', '"a \\"b', '"')),
        ('aws "a\\b" ', Words(["aws", "a\\b"], "", "")),
        ("aws x'y z'", Words(["aws"], "xy z", "x'y z'")),
        ("aws ''", Words(["aws"], "", "''")),
        ("aws '' x", Words(["aws", ""], "x", "x")),
        ("aws \\", Words(["aws"], "", "\\", escaped=True)),
        ("aws a \\\n b", Words(["aws", "a"], "b", "b")),
        ("aws a\\\nb", Words(["aws"], "ab", "a\\\nb")),
        ("aws \\\n", Words(["aws"], "", "")),
        ('aws "a\\\nb" ', Words(["aws", "ab"], "", "")),
        ("aws 'a\\\nb' ", Words(["aws", "a\\\nb"], "", "")),
        ("aws a\\\\\nb", Words(["aws", "a\\"], "b", "b")),
        ("aws a\nb", Words(["aws", "a"], "b", "b")),
        ("aws a\u3000b", Words(["aws"], "a\u3000b", "a\u3000b")),
    ],
)
def test_split(line, expected):
    assert split(line) == expected


@given(st.lists(st.text("abc '\"\\$xyz=", min_size=1), min_size=1))
def test_words_as_shlex_has_them(words):
    line = shlex.join(words)
    assert split(line + " ").words == words


@given(st.text("ab '\"\\$`;&{}[]()*?!~#|<>=:/", min_size=1), st.integers(0, 5))
def test_what_is_quoted_is_read_back(text, typed):
    line = "aws " + shlex.quote(text[:typed]) if text[:typed] else "aws "
    back = quoted(text, split(line))
    assert back is not None
    assert shlex.split(back) == [text]


@given(st.text("ab '\"\\;&{}[]", min_size=1), st.sampled_from("'\""))
def test_in_an_open_quote(text, mark):
    back = quoted(text, split(f"aws {mark}"))
    assume(back is not None)
    assert back is not None
    assert shlex.split(back + mark) == [text]


def test_a_single_quote_cannot_stand_in_single_quotes():
    assert quoted("it's", split("aws 'it")) is None
    assert quoted("it's", split("aws it")) == "it\\'s"


def test_in_double_quotes_a_shell_still_reads_variables():
    assert quoted("a $b `c`", split('aws "a')) == '"a \\$b \\`c\\`'
