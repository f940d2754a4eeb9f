"""Config files as text, and the two files together."""

import os

import pytest
from botocore import configloader
from botocore.exceptions import ConfigParseError
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmini.config.files import ConfigFileError, assemble, heading_words, load, parse, read
from awsmini.system.user_dirs import expand

PARSED = [
    ("[default]\nregion = us-east-1\n", {"default": {"region": "us-east-1"}}),
    ("[default]\nRegion : us-east-1", {"default": {"region": "us-east-1"}}),
    ("[a]\nk=v=w:x\n", {"a": {"k": "v=w:x"}}),
    ("[a]\nk:v=w\n", {"a": {"k": "v=w"}}),
    ("[a]\nk = v # no comment ; either\n", {"a": {"k": "v # no comment ; either"}}),
    ("# c\n; c\n[a]\n  # c\nk = v\n", {"a": {"k": "v"}}),
    ("[a]\n", {"a": {}}),
    ("", {}),
    ("[a] trailing words\nk = v\n", {"a": {"k": "v"}}),
    ("[a]b]\nk = v\n", {"a]b": {"k": "v"}}),
    ("[a]\r\nk = v\r\n\r\ns3 =\r\n  x = 1\r\n", {"a": {"k": "v", "s3": {"x": "1"}}}),
    ("[a]\rk = v\r", {"a": {"k": "v"}}),
    ("[a]\ns3 =\n  x = 1\n  Y=2\n\nk = v\n", {"a": {"s3": {"x": "1", "Y": "2"}, "k": "v"}}),
    ("[a]\ns3 =\n\tx = 1\n\n\ty = 2\n", {"a": {"s3": {"x": "1", "y": "2"}}}),
    ("[a]\ns3 =\n  x = 1\n# c\n  y = 2\n", {"a": {"s3": {"x": "1", "y": "2"}}}),
    ("[a]\ns3 =\n  x = 1\n  x = 2\n", {"a": {"s3": {"x": "2"}}}),
    ("[a]\nk = v\n  more\n\n  yet\n", {"a": {"k": "v\nmore\n\nyet"}}),
    ("[a]\nk =\nl = v\n", {"a": {"k": "", "l": "v"}}),
    ("  [a]\n  k = v\n  l = w\n", {"a": {"k": "v", "l": "w"}}),
    ("[ä]\nкл = ключ 🔑\n", {"ä": {"кл": "ключ 🔑"}}),
    ("[DEFAULT]\nk = all\n[a]\nl = v\n[b]\nk = own\n", {"a": {"l": "v", "k": "all"}, "b": {"k": "own"}}),
    ("[a]\nk = \t spaced\tinside \t\n", {"a": {"k": "spaced\tinside"}}),
]

REFUSED = [
    ("junk\n", 1, "no [section] heading before the first key"),
    ("\n\nk = v\n[a]\n", 3, "no [section] heading before the first key"),
    ("[a\nk = v\n", 1, "a section heading without its closing bracket"),
    ("[a]\nk = v\n[b\n", 3, "neither a [section] nor a key = value"),
    ("[]\n", 1, "a section heading without its closing bracket"),
    ("\ufeff[a]\nk = v\n", 1, "byte order mark"),
    ("[a]\nno equals sign\n", 2, "neither a [section] nor a key = value"),
    ("[a]\n= v\n", 2, "no key before the value"),
    ("[a]\nk = v\n\n[b]\n[a]\n", 5, "section [a] stands twice"),
    ("[a]\nk = v\n# c\nK = w\n", 4, "k stands twice in section [a]"),
    ("[a]\ns3 =\n  x = 1\n# c\n  nothing\n", 5, "under s3, a line is not a key = value"),
    ("[a]\ns3 =\n\n  nothing\n", 4, "under s3, a line is not a key = value"),
]


@pytest.mark.parametrize(("text", "expected"), PARSED)
def test_parse(text, expected):
    from awsmini.config.files import decode

    assert parse(decode(text.encode(), "config"), "config") == expected


@pytest.mark.parametrize(("text", "line", "reason"), REFUSED)
def test_an_error_names_file_and_line(text, line, reason):
    with pytest.raises(ConfigFileError) as caught:
        parse(text, "/home/me/.aws/config")
    assert str(caught.value).startswith(f"Unable to parse config file: /home/me/.aws/config (line {line}: ")
    assert reason in str(caught.value)
    assert caught.value.line == line
    assert caught.value.exit_code == 255


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "config").write_bytes(b"[a]\nk = v\nl = \xff\xfe\n")
    with pytest.raises(ConfigFileError, match=r"line 3: not valid UTF-8"):
        read(str(tmp_path / "config"))


FRAGMENTS = [
    "[default]", "[profile a]", '[profile "a b"]', "[DEFAULT]", "[sso-session x]", "[services s]", "[foo] trailing]",
    "[bar", "[]", "[]]", " [profile ind]", "[profile a b c]", "[profile 'q']", '[profile "open]', "region = us-east-1",
    "Region: x", "s3 =", "  a = b", "  c=d", "    deep = 1", "\tt = 1", "  nokey", "# comment", "  ; c", "", "   ",
    "key", "= x", "x =", " y = 1", "a=b=c", "a:b=c", "k = v # not", "\ufeff[x]", "café = ü", "\x0bvt = 1",
    "z = 1\u2028 2", "profile = 1", "[profiles p]", "[profile\xa0n]", "[default", "services = s", "\x1c",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(st.sampled_from(FRAGMENTS), max_size=9), ending=st.sampled_from(["\n", "\r\n", "\r"]))
def test_like_botocore(tmp_path_factory, lines, ending):
    path = tmp_path_factory.getbasetemp() / "like-botocore"
    path.write_bytes(ending.join(["[default]", *lines]).encode())
    try:
        expected = configloader.load_config(str(path))
    except ConfigParseError:
        expected = None
    try:
        files = load(str(path), "/none")
    except ConfigFileError:
        assert expected is None
        return
    assert expected is not None
    kinds = {"profiles": files.profiles, "sso_sessions": files.sso_sessions, "services": files.services}
    assert {**files.sections, **kinds} == expected
    assert list(files.profiles) == list(expected["profiles"])


def test_a_folder_or_nothing_counts_as_empty(tmp_path):
    assert read(str(tmp_path)) is None
    assert read(str(tmp_path / "none")) is None
    assert load(str(tmp_path), str(tmp_path / "none")).profiles == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_counts_as_empty(tmp_path):
    (tmp_path / "config").write_text("[a]\n")
    (tmp_path / "config").chmod(0)
    assert read(str(tmp_path / "config")) == {}


def test_ten_megabytes(tmp_path):
    block = "[profile p{0}]\nregion = us-east-1\nrole_arn = arn:aws:iam::1:role/x\ns3 =\n  a = b\n\n"
    text = "".join(block.replace("{0}", str(number)) for number in range(140_000))
    assert len(text) > 10_000_000
    (tmp_path / "config").write_text(text)
    files = load(str(tmp_path / "config"), "/none")
    assert len(files.profiles) == 140_000
    assert files.profiles["p139999"]["s3"] == {"a": "b"}


def _assembled(config, credentials=""):
    return assemble(parse(config, "config"), parse(credentials, "credentials"), "config", "credentials")


def test_headings_say_what_a_section_is():
    files = _assembled(
        '[default]\na = 1\n[profile "my own"]\na = 2\n[sso-session s]\na = 3\n[services t]\na = 4\n[plugins]\na = 5\n'
        "[profile two words]\na = 6\n[bare]\na = 7\n"
    )
    assert files.profiles == {"default": {"a": "1"}, "my own": {"a": "2"}}
    assert files.sso_sessions == {"s": {"a": "3"}}
    assert files.services == {"t": {"a": "4"}}
    assert files.sections == {"plugins": {"a": "5"}, "bare": {"a": "7"}}


def test_the_credentials_file_wins_key_by_key():
    files = _assembled("[profile p]\na = config\nb = config\n", "[only]\nc = 1\n[p]\na = credentials\n")
    assert files.profiles == {"p": {"a": "credentials", "b": "config"}, "only": {"c": "1"}}
    assert files.config_profiles == {"p": {"a": "config", "b": "config"}}
    assert files.credentials == {"only": {"c": "1"}, "p": {"a": "credentials"}}


@pytest.mark.parametrize("first", [0, 1])
def test_the_later_of_two_default_profiles_counts(first):
    sections = ["[default]\na = short\n", "[profile default]\na = long\n"]
    files = _assembled(sections[first] + sections[1 - first])
    assert files.profiles["default"] == {"a": ("long", "short")[first]}


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("profile a", ["profile", "a"]),
        ("profile\ta", ["profile", "a"]),
        ('profile "a b"', ["profile", "a b"]),
        (r"profile a\ b", ["profile", "a b"]),
        ('profile "a', []),
    ],
)
def test_heading_words(heading, words):
    assert heading_words(heading) == words


@pytest.mark.parametrize(
    ("path", "expanded"),
    [
        ("~/.aws/config", "/home/me/.aws/config"),
        ("~", "/home/me"),
        ("$CONF/x", "/etc/x"),
        ("${CONF}/x", "/etc/x"),
        ("$MISSING/x", "$MISSING/x"),
        ("${MISSING}/x", "${MISSING}/x"),
        ("/a~b", "/a~b"),
        ("relative", "relative"),
    ],
)
def test_expand(path, expanded):
    assert expand(path, {"HOME": "/home/me", "CONF": "/etc"}) == expanded
