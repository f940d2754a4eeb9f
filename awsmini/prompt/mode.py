"""Whether a command line is to be asked for."""

from collections.abc import Sequence

from awsmini.commandline.globals import first_look
from awsmini.config.settings import Settings
from awsmini.errors import AwsminiError, EarlyError

ON = "on"
PARTIAL = "on-partial"  # only where the words are no command, or its parameters are wrong
OFF = "off"

FORCED, REFUSED = "--cli-auto-prompt", "--no-cli-auto-prompt"
NEVER = frozenset(("help", "--help", "-h", "--version"))


def mode(words: Sequence[str], settings: Settings) -> str:
    """ON, PARTIAL or OFF, for the words of a command line. Flags count only when written in full."""
    if not NEVER.isdisjoint(words) or REFUSED in words:
        return OFF
    found = ON if FORCED in words else _configured(settings)
    return OFF if found == OFF or _is_refused(words) else found


def _configured(settings: Settings) -> str:
    try:
        found = str(settings.value("cli_auto_prompt")).lower()
    except AwsminiError:
        return OFF  # what is wrong with the configuration is told by whoever needs it
    return found if found in (ON, PARTIAL) else OFF


def _is_refused(words: Sequence[str]) -> bool:
    try:
        first_look(words)
    except EarlyError:
        return True
    return False
