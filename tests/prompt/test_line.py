"""The line of the prompt and the words of a command, each made of the other."""

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel
from awsmini.prompt.line import goes_on, holds_secret, line_of, words_of


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], ""),
        (["ec2", "describe-instances"], "ec2 describe-instances"),
        (["--cli-auto-prompt", "ec2"], "ec2"),
        (["ec2", "--cli-auto-prompt", "--cli-auto-prompt"], "ec2"),
        (["--query", "Vpcs[?a=='b c']"], """--query 'Vpcs[?a=='"'"'b c'"'"']'"""),
        (["x", ""], "x ''"),
    ],
)
def test_line_of(words, line):
    assert line_of(words) == line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("  ", []),
        ("ec2  describe-vpcs ", ["ec2", "describe-vpcs"]),
        ("x ''", ["x", ""]),
        ('x "" y', ["x", "", "y"]),
        ("x 'a b' \"c 'd'\"", ["x", "a b", "c 'd'"]),
        ("s3api list-buckets \\\n  --max-items 3", ["s3api", "list-buckets", "--max-items", "3"]),
        ("s3api list-buckets\n--max-items 3", ["s3api", "list-buckets", "--max-items", "3"]),
        ('x --query "a[?b==`1`]"', ["x", "--query", "a[?b==`1`]"]),
        ('x "a\\"b\\\\c\\d"', ["x", 'a"b\\c\\d']),
        ("x é\u3000ß # y", ["x", "é\u3000ß", "#", "y"]),
    ],
)
def test_words_of(line, words):
    assert words_of(line) == words


@settings(deadline=None)
@given(st.lists(st.text("abé '\"\\$`;#\n=[]{}")))
def test_words_come_back(words):
    assert words_of(line_of(words)) == words
    assert not goes_on(line_of(words))


@settings(deadline=None)
@given(st.text("ab \n'"))
def test_as_the_shell_has_them(line):
    if not goes_on(line):
        assert words_of(line) == shlex.split(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x", False), ("x 'a", True), ('x "a', True), ("x 'a'", False), ("x \\", True), ("x \\\\", False),
        ("x '\\", True), ("x '\\'", False), ('x "\\"', True), ("x \\\n", False), ("", False),
    ],
)  # fmt: skip
def test_goes_on(line, expected):
    assert goes_on(line) is expected


@pytest.mark.parametrize(
    ("service", "operation", "line", "expected"),
    [
        ("iam", "CreateUser", "iam create-user --user-name ann", False),
        ("iam", "CreateLoginProfile", "iam create-login-profile --user-name ann --password hunter2", True),
        ("iam", "CreateLoginProfile", "iam create-login-profile --user-name ann --password=hunter2", True),
        ("secretsmanager", "PutSecretValue", "secretsmanager put-secret-value --secret-string {}", True),
        ("sts", "GetSessionToken", "sts get-session-token --token-code 123456", True),
        ("kinesisvideo", "ListStreams", "kinesisvideo list-streams --starting-token abc", False),
        (None, None, "configure set aws_secret_access_key wJalrXUtnFEMI", True),
        (None, None, "configure set region eu-west-1", False),
    ],
)
def test_lines_with_secrets(service, operation, line, expected):
    model = ServiceModel(ModelFinder({}).lines(service)).operation_model(operation) if service else None
    assert holds_secret(words_of(line), model) is expected
