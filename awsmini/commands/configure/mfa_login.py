"""`awsmini configure mfa-login`: session credentials for a code of an MFA device, written as a profile."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from awsmini.commandline.ask import ask
from awsmini.commandline.config_files import write_credentials
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.params.arguments import option

DEFAULT_SECONDS = 43200
CODE, SERIAL = "MFA token code", "MFA serial number or ARN"
KEY_QUESTIONS = ("AWS Access Key ID", "AWS Secret Access Key")


class DurationError(AwsminiError):
    """Not a number of seconds."""


def run(invocation: Invocation, values: Values) -> int:
    seconds = _seconds(values.get("duration_seconds"))
    if invocation.session.credentials.source() is None:
        return _without_credentials(invocation, values, seconds)
    profile = invocation.session.settings.profile
    serial = values.get("serial_number") or profile.get("mfa_serial") or ask(invocation.app, f"{SERIAL}: ")
    if not serial:
        return _refuse(invocation, "MFA serial number or MFA device ARN is required")
    code = ask(invocation.app, f"{CODE}: ")
    if not code:
        return _refuse(invocation, f"{CODE} is required")
    target = _target(invocation, values, str(serial))
    return _write(invocation, invocation.session.client("sts"), seconds, str(serial), code, target)


def _seconds(text: str | None) -> int:
    try:
        return DEFAULT_SECONDS if text is None else int(text)
    except ValueError as error:
        raise DurationError(str(error)) from None


def _without_credentials(invocation: Invocation, values: Values, seconds: int) -> int:
    """Where there are no keys yet, they are asked for too, and kept nowhere."""
    invocation.app.stdout.write("Please provide your AWS credentials:\n")
    answers = []
    for text in (*KEY_QUESTIONS, SERIAL, CODE):
        answer = values.get("serial_number") if text is SERIAL else None
        answer = answer or ask(invocation.app, f"{text}: ")
        if not answer or answer == "None":
            return _refuse(invocation, f"{text} is required")
        answers.append(answer)
    access_key, secret_key, serial, code = answers
    target = _target(invocation, values, serial)
    client = invocation.session.client("sts", aws_access_key_id=access_key, aws_secret_access_key=secret_key)
    return _write(invocation, client, seconds, serial, code, target, _in_words)


def _refuse(invocation: Invocation, message: str) -> int:
    invocation.app.stderr.write(f"\nawsmini: [ERROR]: {message}\n")
    return 1


def _target(invocation: Invocation, values: Values, serial: str) -> str:
    """The profile to write: the one named, or one that the device's name suggests."""
    if named := values.get("update_profile"):
        return str(named)
    suggested = profile_of(serial)
    return ask(invocation.app, f"Profile to update [{suggested}]: ") or suggested


def profile_of(serial: str) -> str:
    """Account and device of an ARN; `session-` and the number of a hardware device."""
    if not serial.startswith("arn:aws:iam::"):
        return f"session-{serial}"
    parts = serial.split(":")
    return f"{parts[4]}-{parts[-1].rpartition('/')[2]}"


def _iso8601(moment: datetime) -> str:
    return moment.isoformat()


def _in_words(moment: datetime) -> str:
    """How AWS CLI v2 tells a moment where it has asked for the keys too."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _write(
    invocation: Invocation,
    client: Any,
    seconds: int,
    serial: str,
    code: str,
    target: str,
    told: Callable[[datetime], str] = _iso8601,
) -> int:
    try:
        answer = client.get_session_token(DurationSeconds=seconds, SerialNumber=serial, TokenCode=code)
    except ClientError as error:
        return _refuse(invocation, f"An error occurred: {error}")
    found = answer["Credentials"]
    keys = {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }
    write_credentials(invocation, target, keys)
    expires = found["Expiration"]
    invocation.app.stdout.write(
        f"Temporary credentials written to profile '{target}'\n"
        f"Credentials will expire at {told(expires) if isinstance(expires, datetime) else expires}\n"
        f"To use these credentials, specify --profile {target} when running AWS CLI commands\n"
    )
    return 0


command = HandWritten(
    "mfa-login",
    run,
    doc="Get session credentials with a code of an MFA device, and write them as a profile.",
    arguments=(
        option("update-profile", doc="The profile to write; asked for otherwise."),
        option("duration-seconds", doc=f"How long the credentials are good. Default {DEFAULT_SECONDS}."),
        option("serial-number", doc="The serial number or ARN of the device; otherwise mfa_serial of the profile."),
    ),
)
