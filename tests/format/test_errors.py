"""Error texts, as AWS CLI v2 2.36.7 wrote them, with this program's name."""

import io
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from awsmini.app import App
from awsmini.config.settings import ProfileNotFoundError
from awsmini.errors import (
    AwsminiError,
    ClientError,
    ConfigurationError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    UnknownOptionsError,
    UsageError,
)
from awsmini.format.errors import USAGE, exit_code, render_error, report
from awsmini.format.hints import hint

NOW = datetime(2024, 5, 17, 10, 20, 30, tzinfo=timezone.utc)
USAGE_TEXT = """\
usage: awsmini [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  awsmini help
  awsmini <command> help
  awsmini <command> <subcommand> help
"""


def service_error(
    code="ResourceNotFoundException", message="no table", operation="DescribeTable", metadata=None, **members
):
    error = {"Message": message, "Code": code, **members.pop("error", {})}
    return ClientError({"Error": error, "ResponseMetadata": metadata or {}, **members}, operation)


PLAIN = AwsminiError("something else")
USAGE_ERROR = UsageError("the following arguments are required: --queue-url")
WITH_MEMBERS = service_error(
    message="no",
    error={"Type": "Sender", "RequestID": "x"},
    message_="dropped",
    Reason="why",
    Count=3,
    Few=["a", 1, None],
    Pairs={"a": 1, "b": "c"},
    Many=[1, 2, 3, 4, 5],
    Nested=[{"a": 1}],
)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (PLAIN, "\nawsmini: [ERROR]: something else\n"),
        (AwsminiError(""), "\nawsmini: [ERROR]:\n"),
        (AwsminiError(" \n"), "\nawsmini: [ERROR]: \n"),
        (AwsminiError("  stripped\n\n"), "\nawsmini: [ERROR]: stripped\n"),
        (OSError(28, "No space left on device"), "\nawsmini: [ERROR]: [Errno 28] No space left on device\n"),
        (KeyError("x"), "\nawsmini: [ERROR]: KeyError: 'x'\n"),
        (RuntimeError(), "\nawsmini: [ERROR]: RuntimeError\n"),
        (ParamValidationError("bad"), "\nawsmini: [ERROR]: An error occurred (ParamValidation): bad\n"),
        (
            USAGE_ERROR,
            "\nawsmini: [ERROR]: An error occurred (ParamValidation): the following arguments are required: --queue-url\n\n"
            + USAGE_TEXT,
        ),
        (
            UnknownOptionsError("Unknown options: --foo, x"),
            f"\n{USAGE_TEXT}\n\nawsmini: [ERROR]: Unknown options: --foo, x\n",
        ),
        (ConfigurationError("bad"), "\nawsmini: [ERROR]: An error occurred (Configuration): bad\n"),
        (
            NoRegionError(),
            "\nawsmini: [ERROR]: An error occurred (NoRegion): You must specify a region. You can also configure your region "
            'by running "awsmini configure".\n',
        ),
        (
            NoCredentialsError(),
            "\nawsmini: [ERROR]: An error occurred (NoCredentials): Unable to locate credentials. You can configure "
            'credentials by running "awsmini login".\n',
        ),
        (
            service_error(),
            "\nawsmini: [ERROR]: An error occurred (ResourceNotFoundException) when calling the DescribeTable operation: "
            "no table\n",
        ),
        (
            service_error(
                code="503", message="", operation="X", metadata={"MaxAttemptsReached": True, "RetryAttempts": 2}
            ),
            "\nawsmini: [ERROR]: An error occurred (503) when calling the X operation (reached max retries: 2):\n",
        ),
        (
            WITH_MEMBERS,
            "\nawsmini: [ERROR]: An error occurred (ResourceNotFoundException) when calling the DescribeTable operation: no\n"
            "\nAdditional error details:\nmessage_: dropped\nReason: why\nCount: 3\nFew: [a, 1, None]\nPairs: {a: 1, b: c}\n"
            "Many: <complex value>\nNested: <complex value>\n"
            'Use "--cli-error-format json" or another error format to see the full details.\n',
        ),
        (
            service_error(message="no", Reason="why"),
            "\nawsmini: [ERROR]: An error occurred (ResourceNotFoundException) when calling the DescribeTable operation: no\n"
            "\nAdditional error details:\nReason: why\n",
        ),
    ],
)
def test_enhanced(error, text):
    assert render_error(error) == text
    assert render_error(error, "no-such-format") == text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (USAGE_ERROR, f"\nawsmini: [ERROR]: the following arguments are required: --queue-url\n\n{USAGE_TEXT}"),
        (ParamValidationError("bad"), "\nawsmini: [ERROR]: bad\n"),
        (
            WITH_MEMBERS,
            "\nawsmini: [ERROR]: An error occurred (ResourceNotFoundException) when calling the DescribeTable operation: no\n",
        ),
        (PLAIN, "\nawsmini: [ERROR]: something else\n"),
    ],
)
def test_legacy(error, text):
    assert render_error(error, "legacy") == text
    assert render_error(error, "Legacy") == text


NOT_FOUND = service_error(code="404", message="Not Found", operation="HeadBucket")


@pytest.mark.parametrize(
    ("error_format", "text"),
    [
        ("json", '{\n    "Message": "Not Found",\n    "Code": "404"\n}\n'),
        ("yaml", "Code: '404'\nMessage: Not Found\n"),
        ("text", "404\tNot Found\n"),
        (
            "table",
            "-----------------------\n|        error        |\n+-------+-------------+\n| Code  |   Message   |\n"
            "+-------+-------------+\n|  404  |  Not Found  |\n+-------+-------------+\n",
        ),
    ],
)
def test_structured(error_format, text):
    assert render_error(NOT_FOUND, error_format) == text


@pytest.mark.parametrize(
    ("error_format", "members"), [("text", [{"a": 1}, "b"]), ("table", [["a", "b"], ["c"]]), ("table", [{"a": 1}, 2])]
)
def test_members_without_a_form_leave_the_line(error_format, members):
    error = service_error(message="no", Reasons=members)
    assert render_error(error, error_format) == render_error(error, "legacy")


def test_usage_is_part_of_a_structured_message():
    assert render_error(UsageError("bad"), "json") == (
        '{\n    "Code": "ParamValidation",\n    "Message": "bad\\n\\nusage: awsmini [options] <command> <subcommand> '
        "[<subcommand> ...] [parameters]\\nTo see help text, you can run:\\n\\n  awsmini help\\n  awsmini <command> help\\n"
        '  awsmini <command> <subcommand> help\\n"\n}\n'
    )


def test_a_modeled_message_stands_beside_the_code():
    error = ClientError({"Error": {"Message": "gone", "Code": "X"}, "message": "gone", "ResponseMetadata": {}}, "Op")
    assert render_error(error, "json") == '{\n    "Message": "gone",\n    "Code": "X",\n    "message": "gone"\n}\n'
    assert "Additional" not in render_error(error)


@pytest.mark.parametrize("error_format", ["json", "yaml", "text", "table", "legacy", "enhanced"])
def test_some_are_plain_in_every_format(error_format):
    assert render_error(PLAIN, error_format) == "\nawsmini: [ERROR]: something else\n"
    assert render_error(UnknownOptionsError("Unknown options: -x"), error_format) == (
        f"\nusage: {USAGE}\n\nawsmini: [ERROR]: Unknown options: -x\n"
    )


def test_words_that_are_no_utf_8_are_told_as_such_and_a_bug_by_its_class():
    with pytest.raises(UnicodeEncodeError) as raised:
        "a\udcff".encode()
    text = "'utf-8' codec can't encode character '\\udcff' in position 1: surrogates not allowed"
    assert render_error(raised.value) == f"\nawsmini: [ERROR]: {text}\n"
    assert render_error(ValueError("oops")) == "\nawsmini: [ERROR]: ValueError: oops\n"


def test_exit_codes():
    assert [exit_code(error) for error in (PLAIN, USAGE_ERROR, NoRegionError(), NOT_FOUND, KeyError(), KeyboardInterrupt())] == [
        255, 252, 253, 254, 255, 130,
    ]  # fmt: skip


class Stderr(io.StringIO):
    def __init__(self, is_tty):
        super().__init__()
        self._is_tty = is_tty

    def isatty(self):
        return self._is_tty


def reported(error, *, is_tty=False, **options):
    app = App(stdin=io.StringIO(), stdout=io.StringIO(), stderr=Stderr(is_tty), env={}, now=lambda: NOW)
    code = report(error, app, **options)
    return code, app.stdout.getvalue(), app.stderr.getvalue()


def test_report_writes_to_stderr():
    assert reported(PLAIN) == (255, "", "\nawsmini: [ERROR]: something else\n")
    assert reported(NOT_FOUND, error_format="text") == (254, "", "404\tNot Found\n")


def test_an_interrupt_is_a_line_end_on_stdout():
    assert reported(KeyboardInterrupt()) == (130, "\n", "")


def test_hints_are_for_terminals_only():
    expired = service_error(code="ExpiredToken", message="expired", operation="X")
    plain = reported(expired)[2]
    assert "Hint" not in plain
    assert reported(expired, is_tty=True)[2].startswith(plain + "\nHint: The session has expired.")


def test_a_character_that_stderr_lacks_is_an_escape():
    raw = io.BytesIO()
    stderr = io.TextIOWrapper(raw, encoding="ascii")
    report(AwsminiError("é\ud800"), App(stdin=io.StringIO(), stdout=io.StringIO(), stderr=stderr, env={}))
    assert raw.getvalue() == b"\nawsmini: [ERROR]: \\xe9\\ud800\n"


def test_a_closed_stderr_is_no_second_error():
    stderr = io.StringIO()
    app = App(stdin=io.StringIO(), stdout=io.StringIO(), stderr=stderr, env={})
    stderr.isatty = lambda: False
    stderr.close()
    assert report(PLAIN, app) == 255


def dated(moment, **error):
    return service_error(metadata={"HTTPHeaders": {"date": format_datetime(moment, usegmt=True)}}, **error)


@pytest.mark.parametrize(
    ("error", "facts", "words"),
    [
        (ProfileNotFoundError("prdo", ["prod", "dev", "production"]), {}, "Did you mean the profile prod?"),
        (ProfileNotFoundError("zzz", ["prod", "dev"]), {}, "Known profiles: dev, prod."),
        (ProfileNotFoundError("zzz", []), {}, "awsmini configure"),
        (service_error(code="ExpiredTokenException"), {"profile": "work"}, "awsmini sso login --profile work"),
        (service_error(code="InvalidClientTokenId"), {}, "access key is not known"),
        (dated(NOW - timedelta(minutes=20), code="RequestTimeTooSkewed"), {}, "clock is 20 minutes ahead of"),
        (dated(NOW + timedelta(hours=5), code="SignatureDoesNotMatch"), {}, "clock is 5 hours behind the service's."),
        (
            service_error(code="InvalidSignatureException", message="Signature expired: 20 is now earlier"),
            {},
            "five minutes",
        ),
        (dated(NOW, code="SignatureDoesNotMatch"), {}, "secret key does not belong"),
        (
            service_error(
                code="AccessDenied",
                message="User: arn:aws:iam::1:user/me is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::b",
            ),
            {},
            "A policy has to allow s3:ListBucket on arn:aws:s3:::b to arn:aws:iam::1:user/me.",
        ),
        (
            service_error(
                code="UnauthorizedOperation",
                message='User: u is not authorized to perform: ec2:RunInstances on resource: "*" because of this. '
                "Encoded authorization failure message: abc",
            ),
            {},
            "A policy has to allow ec2:RunInstances on * to u.",
        ),
        (
            service_error(
                code="AccessDenied",
                message="User: u is not authorized to perform: sts:AssumeRole on resource: r with an explicit deny in a "
                "service control policy",
            ),
            {},
            "A policy denies sts:AssumeRole",
        ),
        (service_error(code="AccessDenied", message="Access Denied"), {}, "awsmini sts get-caller-identity"),
        (service_error(code="403", message="Forbidden"), {}, "awsmini sts get-caller-identity"),
        (
            service_error(code="IllegalLocationConstraintException", operation="CreateBucket"),
            {"region": "eu-west-1"},
            "--create-bucket-configuration LocationConstraint=eu-west-1",
        ),
        (service_error(code="ExpiredToken"), {"profile": "my work"}, "--profile 'my work'"),
        (
            service_error(code="UnauthorizedOperation", message="Encoded authorization failure message: abc"),
            {},
            "awsmini sts decode-authorization-message",
        ),
        (
            service_error(
                code="AuthorizationHeaderMalformed", message="the region 'us-east-1' is wrong; expecting 'eu-west-1'"
            ),
            {},
            "add --region eu-west-1",
        ),
        (
            service_error(code="PermanentRedirect", metadata={"HTTPHeaders": {"x-amz-bucket-region": "eu-north-1"}}),
            {},
            "add --region eu-north-1",
        ),
        (service_error(code="ThrottlingException"), {}, "AWS_MAX_ATTEMPTS"),
        (
            EndpointConnectionError("https://sts.us-esat-1.amazonaws.com/"),
            {"region": "us-esat-1"},
            "Is us-esat-1 the name of a region",
        ),
        (EndpointConnectionError("http://127.0.0.1:1/"), {"region": "us-east-1"}, "Is the server running"),
        (NoRegionError(), {}, "Without an account, --local"),
        (NoCredentialsError(), {}, "Without an account, --local"),
    ],
)
def test_hints(error, facts, words):
    assert words in hint(error, NOW, **facts)


@pytest.mark.parametrize("error", [PLAIN, NOT_FOUND, KeyError("x"), ClientError({}, "X")])
def test_no_hint_where_there_is_nothing_to_say(error):
    assert hint(error, NOW) is None
