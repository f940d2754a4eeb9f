"""`awsmini configure export-credentials`: the credentials in force, for a shell or for another program."""

import csv
import io
import json
from collections.abc import Callable

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ConfigurationError
from awsmini.params.arguments import option
from awsmini.records import Credentials, replace

CHAIN = "_AWS_CLI_PROFILE_CHAIN"  # the profiles on the way here, when a profile's process is this command
MAX_DEPTH = 4


def process(credentials: Credentials) -> str:
    """JSON, as `credential_process` has it."""
    output: dict[str, object] = {
        "Version": 1,
        "AccessKeyId": credentials.access_key,
        "SecretAccessKey": credentials.secret_key,
    }
    if credentials.token is not None:
        output["SessionToken"] = credentials.token
    if credentials.expires is not None:
        output["Expiration"] = credentials.expires.isoformat()
    return json.dumps(output, indent=2) + "\n"


def lines(pattern: str) -> Callable[[Credentials], str]:
    """One line a variable."""

    def render(credentials: Credentials) -> str:
        variables = {
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
            "AWS_SESSION_TOKEN": credentials.token,
            "AWS_CREDENTIAL_EXPIRATION": credentials.expires and credentials.expires.isoformat(),
        }
        return "".join(pattern.format(name, value) + "\n" for name, value in variables.items() if value is not None)

    return render


FORMATS: dict[str, Callable[[Credentials], str]] = {
    "process": process,
    "env": lines("export {}={}"),
    "env-no-export": lines("{}={}"),
    "powershell": lines('$Env:{}="{}"'),
    "windows-cmd": lines("set {}={}"),
    "fish": lines('set -gx {} "{}"'),
}


def run(invocation: Invocation, values: Values) -> int:
    profile = invocation.session.settings.profile_name or "default"
    seen = next(csv.reader([invocation.app.env.get(CHAIN, "")]), [])
    _check_depth(profile, seen)
    env = {**invocation.app.env, CHAIN: _line([*seen, profile])}
    inner = Invocation(replace(invocation.app, env=env), invocation.flags)
    try:
        source = inner.session.credentials.source()
    except AwsminiError as error:
        raise ConfigurationError(f"Unable to retrieve credentials: {str(error).strip()}\n") from None
    if source is None:
        raise ConfigurationError("Unable to retrieve credentials: no credentials found")
    invocation.app.stdout.write(FORMATS[values.get("format", "process")](source.get()))
    return 0


def _check_depth(profile: str, seen: list[str]) -> None:
    if len(seen) >= MAX_DEPTH:
        raise ConfigurationError(
            f"Maximum recursive credential process resolution reached ({MAX_DEPTH}).\n"
            f"Profiles seen: {' -> '.join(seen)}"
        )
    if profile in seen:
        raise ConfigurationError(
            f"Credential process resolution detected an infinite loop, profile cycle: {' -> '.join([*seen, profile])}\n"
        )


def _line(profiles: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(profiles)
    return out.getvalue().strip()


command = HandWritten(
    "export-credentials",
    run,
    doc="Print the credentials in force, as environment variables or as JSON for credential_process.",
    arguments=(option("format", choices=tuple(FORMATS), doc=f"One of {', '.join(FORMATS)}; process by default."),),
)
