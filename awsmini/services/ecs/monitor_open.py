"""Where it is to be watched, and how."""

from functools import partial
from pkgutil import resolve_name
from typing import Any

from awsmini.client import Client
from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.terminal import on_terminal
from awsmini.errors import AwsminiError, NoRegionError
from awsmini.format.errors import PREFIX
from awsmini.params.context import ConversionError
from awsmini.services.ecs.monitor_lines import Watch, painted, plain
from awsmini.services.ecs.monitor_look import RESOURCE, MonitorError, look

INTERACTIVE, TEXT_ONLY = "INTERACTIVE", "TEXT-ONLY"
DISPLAYS = {
    INTERACTIVE: "awsmini.services.ecs.monitor_screen:run",  # prompt_toolkit
    TEXT_ONLY: "awsmini.services.ecs.monitor_lines:run",
}
MINUTES = 30
NEEDS_TERMINAL = "Interactive mode requires a TTY (terminal)."
DOES_WITHOUT = "TEXT-ONLY for non-interactive environments."


class NoTerminalError(AwsminiError):
    exit_code = 1


def command(invocation: Invocation, values: Values) -> int:
    """Watch a service, and do nothing else. Without a mode, it is a screen where there can be one."""
    mode = values.get("mode") or (INTERACTIVE if on_terminal(invocation.app) else TEXT_ONLY)
    if mode == INTERACTIVE and not on_terminal(invocation.app):
        raise NoTerminalError(f"{NEEDS_TERMINAL} Use --mode {DOES_WITHOUT}")
    minutes = _minutes(values.get("timeout"))
    client = invocation.session.client("ecs")
    if client.meta.region_name is None:
        raise NoRegionError
    view = values.get("resource_view", RESOURCE)
    try:
        monitor(invocation, client, values["service_arn"], view, mode, minutes)
    except MonitorError as error:
        invocation.app.stderr.write(f"Error monitoring service: {error}\n")
        return 1
    return 0


def afterwards(
    invocation: Invocation, client: Client, output: dict[str, Any], view: str, mode: str | None
) -> dict[str, Any]:
    """Watch what a call has set going; nothing of the answer is shown then. Without a mode, it is a screen or nothing."""
    arn = output.get("service", {}).get("serviceArn")
    if not arn:
        return output
    if mode != TEXT_ONLY and not on_terminal(invocation.app):
        told = f"{PREFIX} {NEEDS_TERMINAL} Monitoring skipped. Use --monitor-mode {DOES_WITHOUT}\n"
        invocation.app.stderr.write(told)
        return output
    monitor(invocation, client, arn, view, mode or INTERACTIVE)
    return {}


def _minutes(text: str | None) -> int:
    try:
        return MINUTES if text is None else int(text)
    except ValueError:
        raise ConversionError(f"--timeout takes a number of minutes, and {text!r} is none.") from None


def monitor(invocation: Invocation, client: Client, arn: str, view: str, mode: str, minutes: int = MINUTES) -> None:
    """Watch a service, at most for so long. Raises what the calls raise."""
    app = invocation.app
    if mode == INTERACTIVE and invocation.flags.get("sign_request", True):
        client._context.credentials()  # now, as the user may be asked for a code, and on a screen cannot be
    color = invocation.flags.get("color", "auto")
    colored = color == "on" or (color == "auto" and app.stdout.isatty() and not app.env.get("NO_COLOR"))
    start = app.now()
    watch = Watch(
        look=partial(look, client._make_api_call, arn, view),
        is_over=lambda: (app.now() - start).total_seconds() >= minutes * 60,
        paint=painted if colored else plain,
    )
    resolve_name(DISPLAYS[mode])(watch, app)
