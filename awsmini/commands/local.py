"""`awsmini local start|status|stop|reset`: the sandbox that `--local` sends calls to."""

from pkgutil import resolve_name
from typing import Any

import click

from awsmini.records import Request
from awsmini.sandbox import started
from awsmini.sandbox.state import SandboxError, Server, folder, running
from awsmini.send.options import SenderOptions
from awsmini.send.proxies import Proxies

STOP = "awsmini.sandbox.control:stop"
EXPECT_RUNNING = "awsmini.sandbox.control:expect_running"


@click.group("local")
def command() -> None:
    """Run a local sandbox in place of AWS: no account, no network, nothing to pay.

    A call with --local, or with AWSMINI_LOCAL=1 in the environment, goes to the sandbox and starts it where it is
    not running. What is made there is gone when it stops. It needs moto's server: pip install 'awsmini[local]'
    """


@command.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on; by default a free one.")
@click.pass_obj
def start(context: Any, port: int | None) -> None:
    """Start the sandbox, where it is not running."""
    _say(context, _running_at(started(context.app.env, port)))


@command.command()
@click.pass_obj
def status(context: Any) -> int:
    """Say whether the sandbox runs, and where; exits with 1 where it does not."""
    server = running(context.app.env)
    if server is None:
        _say(context, "The local sandbox is not running.")
        return 1
    _say(context, _running_at(server))
    _say(context, f"Its log is {folder(context.app.env) / 'server.log'}")
    return 0


@command.command()
@click.pass_obj
def stop(context: Any) -> None:
    """Stop the sandbox; what was made in it is gone."""
    stopped = resolve_name(STOP)(context.app.env)
    _say(context, "The local sandbox has stopped." if stopped else "The local sandbox was not running.")


@command.command()
@click.pass_obj
def reset(context: Any) -> None:
    """Empty the sandbox, and leave it running."""
    server: Server = resolve_name(EXPECT_RUNNING)(context.app.env)
    send = context.app.open_sender(SenderOptions(proxies=Proxies()))
    reply = send(Request(method="POST", url=f"{server.url}/moto-api/reset"))
    if reply.status != 200:
        raise SandboxError(f"The local sandbox could not be emptied: it answered {reply.status} {reply.reason}")
    _say(context, "The local sandbox is empty.")


def _running_at(server: Server) -> str:
    return f"The local sandbox runs at {server.url} (pid {server.pid}, moto {server.version})."


def _say(context: Any, line: str) -> None:
    click.echo(line, file=context.app.stdout)
