"""AWS's documentation → blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmini.help import markup
from awsmini.help.layout import lay_out
from awsmini.help.page import CODE, EMPHASIS, LINK, STRONG
from tests.help.models import shown


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>Twice.</p><p>Twice.</p><ul><li>x</li><li>x</li></ul>", "Twice.\n\n  • x\n\n  • x"),
        ("<p>&lt;p&gt;A report.&lt;/p&gt;</p>", "A report."),
        ("<p>No end", "No end"),
        ("plain, no tags", "plain, no tags"),
        ("<p>a\n      b   c</p>", "a b c"),
        ("<p>a &lt;b&gt; &amp; c</p>", "a <b> & c"),
        ("<p>arn:aws:kms:<region>:<account>:key</p>", "arn:aws:kms:<region>:<account>:key"),
        ("<p>a < b</p>", "a < b"),
        ("<ul><li><p>x</p></li><li>y</li></ul>", "  • x\n\n  • y"),
        ("<ul><li><p>x</p><p>more</p></li></ul><p>after</p>", "  • x\n\n    more\n\nafter"),
        ("<ol><li>x</li><li>y</li></ol>", "  1. x\n\n  2. y"),
        ("<ul><li>x<ul><li>y</li></ul></li><li>z</li></ul>", "  • x\n\n    • y\n\n  • z"),
        ("<ol><li>x<ul><li>y</li></ul></li><li>z</li></ol>", "  1. x\n\n    • y\n\n  2. z"),
        ("<dl><dt>term</dt><dd><p>meaning</p></dd></dl>", "term\n\n    meaning"),
        ("<note><p>careful</p></note><p>go on</p>", "Note: careful\n\ngo on"),
        ("<important>careful</important>", "Important: careful"),
        ("<p>a<br/>b</p>", "a\n\nb"),
        ("<pre>  a\n    b\n</pre><p>c</p>", "      a\n        b\n\nc"),
        ("<pre><code>a &lt; b</code></pre>", "    a < b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\n\nc"),
        ("<fullname>Zoo</fullname><p>about</p>", "Zoo\n\nabout"),
        ("<!-- hidden --><p>seen</p>", "seen"),
        ("</li></ul></p>text", "text"),
        ("<p>a <code> b </code> c</p>", "a b c"),
        ("<P>Big <B>tags</B></P>", "Big tags"),
        ("<zonbook></zonbook><xhtml></xhtml>", ""),
    ],
)
def test_text(html, expected):
    assert shown(markup.blocks(html)) == expected


@pytest.mark.parametrize(
    ("html", "marked", "style"),
    [
        ("<p>a <code>b</code> c</p>", "b", CODE),
        ("<p>a <b>b</b> c</p>", "b", STRONG),
        ("<p>a <i>b</i> c</p>", "b", EMPHASIS),
        ("<p>a <code> b </code> c</p>", "b", CODE),
        ("<p>a <code>b</p>", "b", CODE),
        ("<p>a <a>RunInstances</a> c</p>", "RunInstances", CODE),
        ("<p>a <a href='#id'>b</a></p>", "b", CODE),
        ("<p>a <a href='https://b/c'>b</a></p>", "b", LINK),
        ("<h2>Heading</h2>", "Heading", STRONG),
        ("<note><p>x</p></note>", "Note:", STRONG),
    ],
)
def test_marks(html, marked, style):
    [block] = markup.blocks(html)
    [mark] = block.words.marks
    assert (block.words.text[mark.start : mark.end], mark.style) == (marked, style)


def test_the_address_of_a_link():
    [block] = markup.blocks('<p><a href="https://a/?x=1&amp;y=2">b</a></p>')
    assert block.words.marks[0].url == "https://a/?x=1&y=2"


@pytest.mark.parametrize(
    ("html", "sentence"),
    [
        ("<p>Does <code>this</code>. And that.</p>", "Does this."),
        ("<p>Does this, e.g. with care. More.</p>", "Does this, e.g. with care."),
        ("<p>Version 1.2 is out.</p>", "Version 1.2 is out."),
        ("<fullname>Zoo</fullname> <p>All about it</p><p>x</p>", "All about it"),
        ("No paragraph. None", "No paragraph."),
        ("", ""),
        ("<note> <p>Not there.</p> </note> <important><p>Gone.</p></important> <p>Does it. And so on.</p>", "Does it."),
        ("<note><p>All there is. More.</p></note>", "All there is."),
    ],
)
def test_first_sentence(html, sentence):
    assert markup.first_sentence(html) == sentence


TAG = st.sampled_from(
    [f"<{slash}{name}>" for name in ("p", "ul", "li", "code", "a", "note", "pre") for slash in ("", "/")]
)


@given(st.lists(st.one_of(TAG, st.text("ab <>&", max_size=5)), max_size=30).map("".join))
def test_whatever_comes_is_laid_out(html):
    for line in lay_out(markup.blocks(html, 4), 60):
        assert line.indent >= 0
        assert all(0 <= mark.start < mark.end <= len(line.text) for mark in line.marks)
