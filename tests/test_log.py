"""--debug: the form of a line, and that no secret gets into one."""

import io
import logging
import re

import pytest

from awsmini import log
from awsmini.log_setup import redact
from tests.terminal import modules_loaded_by


@pytest.fixture
def stderr():
    stream = io.StringIO()
    log.configure_logging(stream)
    yield stream
    log.stop()


def test_a_line_has_time_thread_logger_and_level(stderr):
    log.debug("sign", "Signing %s for %s", "GetCallerIdentity", "us-east-1")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - MainThread - awsmini\.sign - DEBUG - Signing GetCallerIdentity for us-east-1\n",
        stderr.getvalue(),
    )


def test_the_library_speaks_too(stderr):
    logging.getLogger("urllib3.connectionpool").debug("GET /?X-Amz-Signature=abcdef0123 200")
    assert "urllib3.connectionpool - DEBUG - GET /?X-Amz-Signature=**** 200" in stderr.getvalue()


def test_an_error_comes_with_its_traceback(stderr):
    try:
        raise ValueError("aws_secret_access_key='wJalr'")
    except ValueError as error:
        log.error(error)
    assert "Traceback (most recent call last)" in stderr.getvalue()
    assert "wJalr" not in stderr.getvalue()


def test_silence_otherwise():
    assert not log.is_on()
    log.debug("sign", "%s", object())
    log.error(ValueError())


def test_logging_is_not_loaded_without_it():
    assert "awsmini.log_setup" not in modules_loaded_by("--version")


SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    "text",
    [
        f"{{'SecretAccessKey': '{SECRET}', 'SessionToken': '{SECRET}'}}",
        f'{{"secretAccessKey": "{SECRET}", "sessionToken":"{SECRET}", "accessToken": "{SECRET}"}}',
        f"aws_secret_access_key='{SECRET}'",
        f"Credentials(access_key='AKID', secret_key='{SECRET}', token='{SECRET}')",
        f"<SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{SECRET}</SessionToken>",
        f"{{'Authorization': 'AWS4-HMAC-SHA256 Credential=AKID/20240517, Signature={SECRET}'}}",
        f"Authorization: AWS4-HMAC-SHA256 Credential=AKID/20240517, Signature={SECRET}",
        f"authorization: Bearer {SECRET}",
        f"('X-Amz-Security-Token', '{SECRET}')",
        f"b'X-Amz-Security-Token: {SECRET}'",
        f'{{"KdcAdminPassword": "{SECRET}", "MasterUserPassword": "{SECRET}"}}',
        f"['--kerberos-attributes', 'Realm=R,KdcAdminPassword={SECRET}']",
        f"x-amz-sso_bearer_token: {SECRET}",
        f"X-aws-ec2-metadata-token: {SECRET}",
        f"https://b.s3.amazonaws.com/k?X-Amz-Security-Token={SECRET}&X-Amz-Signature={SECRET}",
        f"['sts', 'assume-role', '--token-code', '{SECRET}']",
        f"['sts', 'assume-role', '--token-c', '{SECRET}', '--tok', '{SECRET}']",
        f"['iam', 'create-login-profile', '--password', '{SECRET}', '--passw', '{SECRET}']",
        f"['secretsmanager', 'create-secret', '--secret-string', '{SECRET}', '--secret-str', '{SECRET}']",
        f"{{'TokenCode': '{SECRET}', 'clientSecret': '{SECRET}', 'deviceCode': '{SECRET}', 'refreshToken': '{SECRET}'}}",
        f"Action=AssumeRole&TokenCode={SECRET}&Version=2011-06-15",
        f"b'Action=AssumeRoleWithWebIdentity&RoleArn=x&WebIdentityToken={SECRET}'",
        f"['sts', 'assume-role-with-web-identity', '--web-identity-token', '{SECRET}', '--saml-assertion', '{SECRET}']",
        f"b'<Credentials><SecretAccessKey>{SECRET}'",
        f"b'<SessionToken>{SECRET}</SessionToken><Expiration>'",
        f"""b'{{"roleCredentials": {{"secretAccessKey": "{SECRET}"', and then the end""",
        f'{{"password": "with \\" quote {SECRET}"}}',
        f'b\'{{"SecretString": "{SECRET}"}}\'',
        f"awsmini cognito-idp admin-set-user-password --password={SECRET}",
        f"{{'Set-Cookie': '{SECRET}'}}",
        f"['s3', 'cp', '--sse-c-key', '{SECRET}', '--sse-c-copy-source-key', '{SECRET}', '--sse-c-k', '{SECRET}']",
        f"['s3api', 'copy-object', '--sse-customer-key', '{SECRET}', '--copy-source-sse-customer-key={SECRET}']",
        f"{{'SSECustomerKey': '{SECRET}', 'CopySourceSSECustomerKey': b'{SECRET}', 'sse_c_key': '{SECRET}'}}",
        f"{{'x-amz-copy-source-server-side-encryption-customer-key': '{SECRET}'}}",
        f"b'X-Amz-Server-Side-Encryption-Customer-Key: {SECRET}'",
        f"CanonicalRequest:\nPUT\n/\n\nx-amz-server-side-encryption-customer-key:{SECRET}\nx-amz-security-token:{SECRET}\n",
    ],
)
def test_secrets_are_hidden(text):
    hidden = redact(text)
    assert SECRET not in hidden
    assert "****" in hidden


@pytest.mark.parametrize(
    "text",
    [
        "['cognito-idp', 'x', '--token-validity-units', 'y', '--secret-id', 'z']",
        "{'NextToken': 'abc', 'ClientToken': 'def', 'Key': 'password', 'SecretId': 'arn:x'}",
        "CLI version: awsmini/1.0 Python/3.11",
        "['s3', 'cp', '--sse-c', 'AES256', '--sse-kms-key-id', 'x', '--sse-customer-key-md5', 'y']",
        "{'SSECustomerKeyMD5': 'a', 'SSEKMSKeyId': 'b'}",
        "Credential=AKIDEXAMPLE/20240517/us-east-1/sts/aws4_request",
        "['s3api', 'list-objects-v2', '--prefix', 'x', '--next-token', 'y'] --max-items 5",
        "{'X-aws-ec2-metadata-token-ttl-seconds': '21600'}",
        "GET https://example.com/?marker=abc&list-type=2",
        "Unable to parse response (unclosed token: line 1, column 93), invalid XML received.",
    ],
)
def test_what_is_no_secret_stays(text):
    assert redact(text) == text
