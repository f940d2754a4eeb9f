"""Running the tools, and saying what became of it, without ever saying the token."""

import base64
import json
import os
import stat
import subprocess
import sys
from calendar import monthrange
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import quote

from awsmini.services.codeartifact.record import Login, LoginError, ToolNotFoundError
from awsmini.system.atomic import PRIVATE

HIDDEN = "******"
_UMASK = -1 if sys.platform == "win32" else 0o077
_GRACE = timedelta(seconds=30)  # what is nearly 12 hours is told as 12 hours
_UNITS = ("year", "month", "day", "hour", "minute")

Command = Sequence[str]


def run_all(login: Login, tool: str, commands: Sequence[Command], files: Sequence[str] = ()) -> None:
    """Run the commands one after the other and say so, or print them where that is all that is wanted.

    Of `files`, those that the token went into are made private.
    """
    if login.dry_run:
        for command in commands:
            login.say(f"{' '.join(command)}\n\n")
        return
    for command in commands:
        run(login, tool, command)
    make_private(files, login.token)
    say_success(login, tool)


def run(login: Login, tool: str, command: Command, *, may_fail: bool = False) -> None:
    """Run one command. Raises LoginError, with what the tool said on stderr, where it fails."""
    try:
        run_privately(command, login)
    except subprocess.CalledProcessError as error:
        if not may_fail:
            said = error.stderr.decode(errors="replace")
            raise LoginError(without_token(f"{error} Stderr from command:\n{said}", login.token)) from None
    except OSError as error:
        raise not_started(error, tool) from None


def run_privately(command: Command, login: Login) -> bytes:
    """What a tool prints. The files that it makes are the user's alone. Raises CalledProcessError or OSError."""
    env = dict(login.app.env)
    return subprocess.run(command, env=env, capture_output=True, check=True, umask=_UMASK).stdout


def make_private(files: Sequence[str], token: str) -> None:
    """Let nobody else read a file that the token stands in. A tool leaves the mode of a file that is there."""
    for path in files:
        with suppress(OSError):
            with open(path, "rb") as file:
                found = token.encode() in file.read()
            if found and stat.S_IMODE(os.stat(path).st_mode) & ~PRIVATE:
                os.chmod(path, PRIVATE)


def not_started(error: OSError, tool: str) -> LoginError:
    """Why a tool could not be started."""
    return ToolNotFoundError(tool) if isinstance(error, FileNotFoundError) else LoginError(str(error))


def without_token(text: str, token: str) -> str:
    """The text without the token, in each of the forms that a tool or a message may give it."""
    if not token:
        return text
    forms = {token, repr(token)[1:-1], json.dumps(token)[1:-1], quote(token), quote(token, safe="")}
    forms.add(base64.b64encode(f"aws:{token}".encode()).decode())
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def say_success(login: Login, tool: str) -> None:
    """Say what was done and how long it holds."""
    login.say(
        f"Successfully configured {tool} to use AWS CodeArtifact repository {login.endpoint} \n"
        f"Login expires in {time_left(login.expires, login.app.now())} at {login.expires}\n"
    )


def time_left(expires: datetime, now: datetime) -> str:
    """The two largest units of the time left, as in `11 hours and 56 minutes`; nothing where it is over."""
    amounts = _calendar_difference(expires, now)
    first = next((place for place, amount in enumerate(amounts) if amount > 0), None)
    if first is None:
        return ""
    shown = [place for place in (first, first + 1) if place < len(amounts) and amounts[place] > 0]
    return " and ".join(f"{amounts[place]} {_UNITS[place]}{'s' * (amounts[place] != 1)}" for place in shown)


def _calendar_difference(later: datetime, earlier: datetime) -> tuple[int, ...]:
    """Years, months, days, hours and minutes from one time to another, months as the calendar has them."""
    if later <= earlier:
        return (0,) * len(_UNITS)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if _months_later(earlier, months) > later:
        months -= 1
    rest = int((later - _months_later(earlier, months) + _GRACE).total_seconds())
    return months // 12, months % 12, rest // 86400, rest % 86400 // 3600, rest % 3600 // 60


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day some months later, or the last day of a month that has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
