"""The options that every command takes, before the service, after it or after the operation.

The first group is AWS CLI v2's, in the order of its ambiguity messages. The second is awsmini's own: those
count only when written in full, and no operation has a member of the same name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.commandline.parser import parse
from awsmini.errors import AwsminiError, EarlyError, EarlyUsageError, ParamValidationError, UsageError
from awsmini.params.arguments import Argument, flag, option

OUTPUTS = ("json", "text", "table", "yaml", "yaml-stream", "off")
OWN_OUTPUTS = ("ndjson", "csv", "tsv", "grid", "chart")
ERROR_FORMATS = ("legacy", "json", "yaml", "text", "table", "enhanced")
PRINT_REQUEST = ("http", "curl", "json")

V2_OPTIONS: tuple[Argument, ...] = (
    flag("debug", doc="Turn on debug logging, on stderr."),
    option("endpoint-url", doc="Send the call to this URL instead of the service's own."),
    flag("no-verify-ssl", value=False, dest="verify_ssl", doc="Do not verify TLS certificates."),
    flag("no-paginate", value=False, dest="paginate", doc="Make one call, for the first page only."),
    option("output", choices=(*OUTPUTS, *OWN_OUTPUTS), doc="How the result is printed."),
    option("query", doc="A JMESPath expression that picks from the result."),
    option("profile", doc="The profile of the config and credentials files to use."),
    option("region", doc="The region to call; wins over environment and config."),
    flag("version", stops=True, doc="Print the version."),
    option("color", choices=("on", "off", "auto"), doc="Colored output; auto: only on a terminal."),
    flag("no-sign-request", value=False, dest="sign_request", doc="Do not sign, and look for no credentials."),
    option("ca-bundle", doc="The CA certificate bundle to verify with."),
    option("cli-read-timeout", doc="Seconds to wait for a read; 0: without limit. Default 60."),
    option("cli-connect-timeout", doc="Seconds to wait for a connection; 0: without limit. Default 60."),
    option("cli-binary-format", choices=("base64", "raw-in-base64-out"), doc="How binary parameters are given."),
    flag("no-cli-pager", doc="Print straight to stdout, without a pager."),
    flag("cli-auto-prompt", doc="Open the prompt, which completes the command line while it is typed."),
    flag("no-cli-auto-prompt", doc="Do not open the prompt, whatever the configuration says."),
    option("cli-error-format", choices=ERROR_FORMATS, doc="How errors are printed. Default enhanced."),
)

OWN_OPTIONS: tuple[Argument, ...] = (
    flag(
        "local",
        exact_only=True,
        doc="Send the call to the local sandbox, started if need be. It wins over configured endpoints; beside it, "
        "--endpoint-url may name another server on this machine, and no other.",
    ),
    option(
        "print-request",
        choices=PRINT_REQUEST,
        exact_only=True,
        doc="Print the signed request that would be sent, and send nothing.",
    ),
    flag("help", exact_only=True, doc="Show help."),
)

OPTIONS = (*V2_OPTIONS, *OWN_OPTIONS)

# For one command in many places.
TARGET_OPTIONS: tuple[Argument, ...] = (
    option("regions", exact_only=True, doc="Regions to ask, separated by commas: names, globs such as eu-*, or all."),
    option("profiles", exact_only=True, doc="Profiles to ask as, separated by commas: names, globs, or all."),
    option(
        "accounts",
        exact_only=True,
        doc="Accounts of the organization to ask, separated by commas: ids, organizational units, globs of names, or all.",
    ),
    option("assume-role", exact_only=True, doc="With --accounts: the name of the role to assume in each."),
    option("max-concurrency", exact_only=True, convert=int, doc="How many are asked at once. Default 16."),
    flag("yes", exact_only=True, doc="Change many places without being asked."),
)
VIEW_OPTIONS: tuple[Argument, ...] = (
    option("columns", exact_only=True, doc="Columns of --output grid, separated by commas: paths such as Tags.Name."),
    option("sort-by", exact_only=True, doc="The path that the rows of --output grid are sorted by."),
    flag("wide", exact_only=True, doc="All columns in --output grid."),
    option("chart-x", exact_only=True, doc="The path of the times, or names, in the records of --output chart."),
    option("chart-y", exact_only=True, doc="The path of the numbers in the records of --output chart."),
    option("chart-file", exact_only=True, doc="Write --output chart to this file, as SVG or PNG."),
)
# Options of which some operations have their own of the same name: behind the operation those win.
YIELDING_OPTIONS = (*TARGET_OPTIONS, *VIEW_OPTIONS)
_YIELDING_LABELS = frozenset(argument.label for argument in YIELDING_OPTIONS)
_FIRST = tuple(argument for argument in V2_OPTIONS if argument.cli_name in ("profile", "debug"))


class TimeoutValueError(AwsminiError):
    """A timeout that is no integer."""


def has_yielding_options(words: Sequence[str]) -> bool:
    """Whether any of the words may be one of YIELDING_OPTIONS."""
    return any(word[:2] == "--" and word.partition("=")[0] in _YIELDING_LABELS for word in words)


def has_targets(flags: Mapping[str, Any]) -> bool:
    """Whether one command is meant for many places."""
    return not flags.keys().isdisjoint(("regions", "profiles", "accounts"))


def first_look(words: Sequence[str]) -> None:
    """Refuse what AWS CLI v2 refuses before it reads the words in earnest. Raises EarlyError."""
    try:
        parse(words, _FIRST)
    except UsageError as error:
        raise EarlyUsageError(str(error)) from None
    if "--cli-auto-prompt" in words and "--no-cli-auto-prompt" in words:
        raise EarlyError("Both --cli-auto-prompt and --no-cli-auto-prompt cannot be specified at the same time.")


def check(flags: Mapping[str, Any]) -> None:
    """Refuse, before anything is done, values that can be judged by themselves."""
    url = flags.get("endpoint_url")
    if url is not None and not has_scheme(url):
        raise ParamValidationError(
            f'Bad value for --endpoint-url "{url}": scheme is missing.  Must be of the form '
            "http://<hostname>/ or https://<hostname>/"
        )
    for name in ("cli_read_timeout", "cli_connect_timeout"):
        timeout(flags.get(name))


def has_scheme(url: str) -> bool:
    """As urllib.parse.urlparse would find one, without loading it."""
    scheme, colon, _ = url.partition(":")
    return bool(colon) and scheme[:1].isalpha() and scheme.isascii() and all(c.isalnum() or c in "+-." for c in scheme)


def timeout(text: str | None) -> int | None:
    """Seconds of a timeout option, 60 by default; None is without limit."""
    if text is None:
        return 60
    try:
        return int(text) or None
    except ValueError as error:
        raise TimeoutValueError(str(error)) from None
