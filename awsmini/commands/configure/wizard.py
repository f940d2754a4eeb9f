"""`awsmini configure wizard`: a new profile, by the way in which it comes to its credentials.

AWS CLI v2 asks on a full screen, here each question is a line. Keys go to the credentials file, all else to the
config file.
"""

from collections.abc import Callable, Mapping

from awsmini.commands.configure.ask import choose, question, required
from awsmini.commands.configure.target import write_config, write_credentials
from awsmini.commands.configure.writer import Heading
from awsmini.commands.handwritten import HandWritten, Values
from awsmini.commands.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.log import debug

SOURCES = {  # as it is asked, and `credential_source`; None: another profile
    "Source Profile": None,
    "Environment Variables": "Environment",
    "Amazon EC2 Instance Metadata": "Ec2InstanceMetadata",
    "Amazon ECS Container Credentials": "EcsContainer",
}


def run(invocation: Invocation, values: Values) -> int:
    kind = _choose(invocation, "What would you like to configure", tuple(KINDS))
    profile = _ask(invocation, "Enter the name of the profile")
    KINDS[kind](invocation, profile)
    return 0


def _static_credentials(invocation: Invocation, profile: str) -> None:
    keys = {
        "aws_access_key_id": _ask(invocation, "Enter your Access Key Id"),
        "aws_secret_access_key": _ask(invocation, "Enter your Secret Access Key"),
    }
    write_credentials(invocation, profile, keys)


def _assume_role(invocation: Invocation, profile: str) -> None:
    roles = _roles(invocation)
    if roles:
        role = roles[_choose(invocation, "Select the role you want to assume", tuple(roles))]
    else:
        role = _ask(invocation, "Enter the ARN of the role you want to assume")
    source = SOURCES[_choose(invocation, "Select your credentials source type", tuple(SOURCES))]
    if source is None:
        profiles = tuple(invocation.settings.files.profiles)
        text = "Select the source profile"
        found = _choose(invocation, text, profiles) if profiles else _ask(invocation, text)
        _write(invocation, profile, {"role_arn": role, "source_profile": found})
    else:
        _write(invocation, profile, {"role_arn": role, "credential_source": source})


def _roles(invocation: Invocation) -> Mapping[str, str]:
    """The ARNs of the account's roles by name; nothing where the account cannot be asked."""
    try:
        client = invocation.session.client("iam")
        pages = client.get_paginator("list_roles").paginate()
        return dict(sorted((role["RoleName"], role["Arn"]) for page in pages for role in page.get("Roles", ())))
    except AwsminiError as error:
        debug("commands.configure", "The roles cannot be listed: %s", error)
        return {}


def _process_provider(invocation: Invocation, profile: str) -> None:
    _write(invocation, profile, {"credential_process": _ask(invocation, "Enter the credential process command")})


def _additional_configuration(invocation: Invocation, profile: str) -> None:
    _write(invocation, profile, {"region": _ask(invocation, "Enter the region name")})


KINDS: Mapping[str, Callable[[Invocation, str], None]] = {
    "Static Credentials": _static_credentials,
    "Assume Role": _assume_role,
    "Process Provider": _process_provider,
    "Additional CLI configuration": _additional_configuration,
}


def _choose(invocation: Invocation, text: str, choices: tuple[str, ...]) -> str:
    invocation.app.stdout.write(f"{text}\n")
    return choices[choose(invocation.app, choices)]


def _ask(invocation: Invocation, text: str) -> str:
    return question(invocation.app, text, check=required, prompt=f"{text}: ") or ""


def _write(invocation: Invocation, profile: str, values: Mapping[str, str]) -> None:
    write_config(invocation, Heading("profile", profile), values)


command = HandWritten("wizard", run, doc="Make a profile by answering questions: with keys, for a role, for a program.")
