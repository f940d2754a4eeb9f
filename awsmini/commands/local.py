"""`awsmini local start|status|stop|reset|services`: the sandbox that `--local` sends calls to."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pkgutil import resolve_name

from awsmini.commandline.answer import show_value
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError, UsageError
from awsmini.model.cli_names import cli_services
from awsmini.model.load import ModelFinder, services
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option
from awsmini.records import Request
from awsmini.sandbox import VERSION, started
from awsmini.sandbox.health import answering
from awsmini.sandbox.state import SandboxError, Server, folder, running
from awsmini.send.options import SenderOptions
from awsmini.send.proxies import Proxies

STOP = "awsmini.sandbox.control:stop"
EXPECT_RUNNING = "awsmini.sandbox.control:expect_running"
PATTERNS = "awsmini.sandbox.index:patterns"
PARTS = "awsmini.sandbox.index:parts"


def run(_invocation: Invocation, _values: Values) -> int:
    raise UsageError("the following arguments are required: subcommand")


def run_start(invocation: Invocation, values: Values) -> int:
    port = values.get("port")
    if port is not None and not 1 <= port <= 65_535:
        raise ParamValidationError(f"Bad value for --port: {port} is no port number")
    return _say(invocation, _running_at(started(invocation.app.env, port)))


def run_status(invocation: Invocation, _values: Values) -> int:
    try:
        server = running(invocation.app.env)
        if server is None:
            _say(invocation, "The local sandbox is not running.")
            return 1
        answering(invocation.app.env, server)
    except SandboxError as error:
        _say(invocation, str(error))
        return 1
    _say(invocation, _running_at(server))
    return _say(invocation, f"Its log is {folder(invocation.app.env) / 'server.log'}")


def run_stop(invocation: Invocation, _values: Values) -> int:
    stopped = resolve_name(STOP)(invocation.app.env)
    return _say(invocation, "The local sandbox has stopped." if stopped else "The local sandbox was not running.")


def run_reset(invocation: Invocation, _values: Values) -> int:
    server: Server = resolve_name(EXPECT_RUNNING)(invocation.app.env)
    options = SenderOptions(proxies=Proxies(), alive=lambda: _alive(invocation, server))
    reply = invocation.app.open_sender(options)(Request(method="POST", url=f"{server.url}/moto-api/reset"))
    if reply.status != 200 or VERSION not in reply.headers:
        raise SandboxError(f"The local sandbox could not be emptied: it answered {reply.status} {reply.reason}")
    return _say(invocation, "The local sandbox is empty.")


def run_services(invocation: Invocation, _values: Values) -> int:
    models, shipped = invocation.models, services()
    commands = cli_services(models.service_names())
    parts = dict(resolve_name(PARTS)(resolve_name(PATTERNS)(), dict(_prefixes(models, commands.values()))))
    found = [
        {"Service": command, "Name": shipped.get(name, {}).get("name", ""), "MotoPart": parts[name]}
        for command, name in sorted(commands.items())
        if name in parts
    ]
    show_value(invocation, "services", {"Services": found})
    return 0


def _prefixes(models: ModelFinder, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        with suppress(AwsminiError):  # a model of the user's own that is broken
            yield name, ServiceModel(models.lines(name)).endpoint_prefix


def _alive(invocation: Invocation, server: Server) -> None:
    answering(invocation.app.env, server)


def _running_at(server: Server) -> str:
    return f"The local sandbox runs at {server.url} (pid {server.pid}, moto {server.version})."


def _say(invocation: Invocation, line: str) -> int:
    invocation.app.stdout.write(f"{line}\n")
    return 0


command = HandWritten(
    "local",
    run,
    doc="Run a local sandbox in place of AWS: no account, no network, nothing to pay. A call with --local, or with "
    "AWSMINI_LOCAL=1 in the environment, goes there, and starts it where it is not running. What is made there is "
    "gone when it stops. Nothing beyond this machine is asked, and no credentials are. It needs moto's server: "
    "pip install 'awsmini[local]'",
    subcommands={
        "start": "awsmini.commands.local:start",
        "status": "awsmini.commands.local:status",
        "stop": "awsmini.commands.local:stop",
        "reset": "awsmini.commands.local:reset",
        "services": "awsmini.commands.local:services_command",
    },
)
start = HandWritten(
    "start",
    run_start,
    doc="Start the sandbox, where it is not running.",
    arguments=(option("port", convert=int, doc="The port to listen on; by default the last one, or a free one."),),
)
status = HandWritten(
    "status", run_status, doc="Say whether the sandbox runs, answers, and where; exits with 1 where it does not."
)
stop = HandWritten("stop", run_stop, doc="Stop the sandbox; what was made in it is gone.")
reset = HandWritten("reset", run_reset, doc="Empty the sandbox, and leave it running.")
services_command = HandWritten(
    "services",
    run_services,
    doc="List the services that the sandbox has, each with the part of moto that stands for it. Of most of them moto "
    "has some of the operations: a call of another one says so.",
)
