"""`awsmini configure`: asks for keys, region and output format."""

from pkgutil import resolve_name

from awsmini.commandline.ask import ask, masked
from awsmini.commandline.config_files import KEYS, write_config, write_credentials
from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.config.files import Section
from awsmini.config.settings import ProfileNotFoundError
from awsmini.config.writer import Heading

OFFER = "awsmini.commands.configure.agent_toolkit_offer:offer"  # for somebody at a terminal
QUESTIONS = (
    ("aws_access_key_id", "AWS Access Key ID"),
    ("aws_secret_access_key", "AWS Secret Access Key"),
    ("aws_session_token", "AWS Session Token"),
    ("region", "Default region name"),
    ("output", "Default output format"),
)
TIP = (
    "\nTip: You can deliver temporary credentials to the AWS CLI using your AWS Console session by running the "
    "command 'awsmini login'.\n\n"
)


def run(invocation: Invocation, values: Values) -> int:
    settings = invocation.session.settings
    try:
        profile = settings.profile
    except ProfileNotFoundError:
        profile = {}
    if not profile:
        invocation.app.stdout.write(TIP)
    answers = _answers(invocation, profile)
    name = settings.profile_name or "default"
    keys = {key: answers.pop(key) for key in list(answers) if key in KEYS}
    if keys:
        write_credentials(invocation, name, keys)
    if keys or answers:
        region = answers.get("region") or profile.get("region")
        write_config(invocation, Heading("profile", name), answers)
        if invocation.app.stdin.isatty():
            resolve_name(OFFER)(invocation, region)
    return 0


def _answers(invocation: Invocation, profile: Section) -> dict[str, str | None]:
    """The settings that change; None for a session token that belongs to the old keys."""
    answers: dict[str, str | None] = {}
    for key, question in QUESTIONS:
        if key == "aws_session_token" and not _asks_for_token(answers, profile):
            continue
        current = profile.get(key)
        shown = masked(current) if key in KEYS else current
        answer = ask(invocation.app, f"{question} [{shown}]: ")
        if answer and answer != current:
            answers[key] = answer
    if _is_long_term(answers) and profile.get("aws_session_token"):
        answers["aws_session_token"] = None
    return answers


def _asks_for_token(answers: dict[str, str | None], profile: Section) -> bool:
    """Temporary keys have a session token; long-term keys have none."""
    if answers.get("aws_access_key_id"):
        return not _is_long_term(answers)
    return bool(profile.get("aws_session_token"))


def _is_long_term(answers: dict[str, str | None]) -> bool:
    key = answers.get("aws_access_key_id")
    return key is not None and not key.startswith("ASIA")
