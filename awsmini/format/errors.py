"""Errors as text, in the layouts of --cli-error-format, with AWS CLI v2's words.

Two kinds are always plain: unknown options, which come after the usage, and errors without a code, of which
only the message is told. All others are, by default, one line and the members that the service's model
gives the error (`enhanced`); or that line alone (`legacy`); or an object of code, message and members.
"""

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.app import App
from awsmini.errors import AwsminiError, ClientError, UnknownOptionsError, UsageError

PREFIX = "awsmini: [ERROR]:"
USAGE = """\
awsmini [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  awsmini help
  awsmini <command> help
  awsmini <command> <subcommand> help
"""
ERROR_FORMATS = ("legacy", "json", "yaml", "text", "table", "enhanced")
STRUCTURED = {
    "json": "awsmini.format.json:dump",
    "yaml": "awsmini.format.yaml:dump",
    "text": "awsmini.format.text:dump",
    "table": "awsmini.format.table:dump_error",
}
HINT = "awsmini.format.hints:hint"
TERMINAL = "awsmini.format.output:terminal"
LOG_ERROR = "awsmini.log:error"
INTERRUPTED = 130
SHORT = 5  # a list or map with fewer plain items is shown on the line


def report(
    error: BaseException,
    app: App,
    *,
    error_format: str | None = None,
    color: str = "auto",
    debug: bool = False,
    facts: Callable[[], Mapping[str, Any]] = dict,
) -> int:
    """Print an error on stderr and return the exit code. On a terminal a hint may follow the text of v2.

    `error_format` is the setting `cli_error_format`, which may be any word; `facts`, what a hint may use
    (`region`, `profile`), are only asked for where there may be a hint.
    """
    if debug:
        resolve_name(LOG_ERROR)(error)
    if isinstance(error, KeyboardInterrupt):
        app.stdout.write("\n")
        return exit_code(error)
    is_tty, width = resolve_name(TERMINAL)(app.stderr) if error_format == "table" else (app.stderr.isatty(), 80)
    colored = color == "on" or (color == "auto" and is_tty and not app.env.get("NO_COLOR"))
    _write(app, render_error(error, error_format or "enhanced", color=colored, width=width))
    if is_tty and (hint := resolve_name(HINT)(error, app.now(), **facts())):
        _write(app, f"\nHint: {hint}\n")
    return exit_code(error)


def exit_code(error: BaseException) -> int:
    """The number that the process ends with."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return error.exit_code if isinstance(error, AwsminiError) else 255


def render_error(error: BaseException, error_format: str = "enhanced", *, color: bool = False, width: int = 80) -> str:
    """The text that goes to stderr. A format that there is none of is taken for `enhanced`."""
    if isinstance(error, UnknownOptionsError):
        return f"\nusage: {USAGE}\n" + plain(str(error))
    info = error_info(error)
    if not info:
        return plain(message_of(error))
    error_format = error_format.lower()
    if error_format in STRUCTURED:
        options = {"color": color, "width": width} if error_format == "table" else {}
        try:
            return str(resolve_name(STRUCTURED[error_format])(info, **options))
        except AwsminiError:  # members that have no form in this layout
            error_format = "legacy"
    if error_format == "legacy":
        return plain(str(error) if isinstance(error, ClientError) else info["Message"])
    line = str(error) if isinstance(error, ClientError) else f"An error occurred ({info['Code']}): {info['Message']}"
    return plain(line) + _details(info)


def plain(message: str) -> str:
    """An empty line, and the message behind the name of the program."""
    return f"\n{PREFIX} {message.strip()}\n" if message else f"\n{PREFIX}\n"


def message_of(error: BaseException) -> str:
    """What is told of an error. One that nobody foresaw is named by its class, for the report of a bug.

    Bytes of a command line that are no UTF-8 are a text that cannot be encoded, wherever it goes.
    """
    if isinstance(error, AwsminiError | OSError | UnicodeEncodeError):
        return str(error)
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def error_info(error: BaseException) -> dict[str, Any] | None:
    """Code, message and modeled members; None for an error that has no code."""
    if isinstance(error, ClientError):
        return _service_error(error.response)
    if not isinstance(error, AwsminiError) or error.code is None:
        return None
    message = f"{error}\n\nusage: {error.usage or USAGE}" if isinstance(error, UsageError) else str(error)
    return {"Code": error.code, "Message": message}


def _service_error(response: Mapping[str, Any]) -> dict[str, Any] | None:
    """Of an answer that is an error: what stands at its top is modeled; of `Error`, only what the model knows is shown.

    Members that no model knows may hold what is not meant to be seen, so they are left out.
    """
    if "Error" not in response:
        return None
    members = {name: value for name, value in response.items() if name not in ("Error", "ResponseMetadata")}
    known = {"code", "message", *(name.lower() for name in members)}
    info = {name: value for name, value in response["Error"].items() if name.lower() in known}
    for name, value in members.items():
        if name not in ("Code", "Message"):
            info.setdefault(name, value)
    return info


def _details(info: Mapping[str, Any]) -> str:
    """The modeled members below the line; of a large or nested one, only that it is there."""
    lines = []
    hidden = False
    for name, value in info.items():
        if name.lower() not in ("code", "message"):
            shown = _inline(value)
            lines.append(f"{name}: {'<complex value>' if shown is None else shown}\n")
            hidden = hidden or shown is None
    if not lines:
        return ""
    more = 'Use "--cli-error-format json" or another error format to see the full details.\n' if hidden else ""
    return f"\nAdditional error details:\n{''.join(lines)}{more}"


def _inline(value: Any) -> str | None:
    """A plain value, or a short list or map of such, on one line; None for others."""
    if _is_plain(value):
        return str(value)
    if isinstance(value, list) and len(value) < SHORT and all(map(_is_plain, value)):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, dict) and len(value) < SHORT and all(map(_is_plain, value.values())):
        return f"{{{', '.join(f'{name}: {item}' for name, item in value.items())}}}"
    return None


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _write(app: App, text: str) -> None:
    """Write to stderr, whatever its encoding; a closed stderr loses the text and nothing else."""
    try:
        encoding = getattr(app.stderr, "encoding", None) or "utf-8"
        app.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
        app.stderr.flush()
    except (OSError, ValueError):
        pass
