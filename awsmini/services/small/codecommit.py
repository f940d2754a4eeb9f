"""`awsmini codecommit credential-helper`: git asks it for the user and password of a repository.

    git config --global credential.helper '!awsmini codecommit credential-helper $@'
    git config --global credential.UseHttpPath true

Git writes `protocol=`, `host=` and `path=` to its input and reads `username=` and `password=` from its output. The
password is a signature (SigV4) of the URL, good for some minutes; nothing is sent and nothing is stored.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TextIO
from urllib.parse import urlsplit

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, NoRegionError, ParamValidationError
from awsmini.params.arguments import flag
from awsmini.records import Credentials, Scope
from awsmini.sign.sigv4 import credential_scope, signature, signing_key, string_to_sign, timestamp

# The whole of a host name, so that no host that only begins like one gets a password.
HOST = re.compile(
    r"(?:vpce-[a-z0-9-]+\.)?git-codecommit(?:-fips)?\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?(?::[0-9]+)?"
)
SUBCOMMANDS = {
    "get": "awsmini.services.small.codecommit:get",
    "store": "awsmini.services.small.codecommit:store",
    "erase": "awsmini.services.small.codecommit:erase",
}
_USAGE = """\
usage: awsmini [options] codecommit credential-helper <subcommand> [parameters]
awsmini: [ERROR]: too few arguments"""


class Question(dict[str, str]):
    """What git says of the repository, by name. Raises AwsminiError, with the name, where it is left out."""

    def __missing__(self, name: str) -> str:
        raise AwsminiError(repr(name))


def read(stream: TextIO) -> Question:
    """The question on git's side of the pipe: lines of `key=value`, of which those not known here do not matter."""
    question = Question()
    for line in filter(None, map(str.strip, stream)):
        key, equals, value = line.partition("=")
        if not equals:
            raise AwsminiError("not enough values to unpack (expected 2, got 1)")
        question[key] = value
    return question


def region_of(host: str) -> str | None:
    """The region that a host of CodeCommit stands in; None for any other host."""
    found = HOST.fullmatch(host)
    return found.group(1) if found else None


def password(question: Mapping[str, str], region: str, credentials: Credentials, now: datetime) -> str:
    """The signature of a URL, as CodeCommit wants it: the path as it is, the host without its port, no query."""
    url = urlsplit(f"{question['protocol']}://{question['host']}/{question['path']}")
    host = url.netloc.partition(":")[0]
    stamp = timestamp(now)
    scope = credential_scope(stamp, Scope(auth="v4", region=region, service="codecommit"))
    canonical = f"GIT\n{url.path}\n\nhost:{host}\n\nhost\n"
    text = string_to_sign(stamp.removesuffix("Z"), scope, canonical)
    return stamp + signature(signing_key(credentials.secret_key, stamp[:8], region, "codecommit"), text)


def run_get(invocation: Invocation, values: Values) -> int:
    """Print the user and password of a repository; nothing where its host is not CodeCommit's."""
    question = read(invocation.app.stdin)
    region = region_of(question["host"])
    if region is None and not values.get("ignore_host_check"):
        return 0
    region = region or invocation.session.region_name
    _ = question["protocol"], question["path"]
    if region is None:
        raise NoRegionError
    credentials = invocation.session.credentials.get()
    user = credentials.access_key if credentials.token is None else f"{credentials.access_key}%{credentials.token}"
    secret = password(question, region, credentials, invocation.app.now())
    invocation.app.stdout.write(f"username={user}\npassword={secret}\n")
    return 0


def run_nothing(invocation: Invocation, values: Values) -> int:
    """Nothing is kept, so there is nothing to do."""
    return 0


def refuse(invocation: Invocation, values: Values) -> int:
    """Say that a word is missing."""
    raise ParamValidationError(_USAGE)


get = HandWritten(
    "get",
    run_get,
    doc="Print the user and password of the repository that git names on the input.",
    arguments=(
        flag(
            "ignore-host-check", doc="Sign for any host, also for one that is not CodeCommit's: a server of your own."
        ),
    ),
)
store = HandWritten("store", run_nothing, doc="Do nothing: passwords are made when they are asked for.")
erase = HandWritten("erase", run_nothing, doc="Do nothing: no password is ever stored.")
command = HandWritten(
    "credential-helper",
    refuse,
    doc="The user and password of a repository in CodeCommit, for git. Git runs it; it is not meant to be typed.",
    subcommands=SUBCOMMANDS,
)
