"""`awsmini ecs monitor-express-gateway-service`.

    ask → look → View → lines → stream (lines of text) or screen (the whole terminal)

`monitor_look` makes the calls, and of what ECS says the tree; `monitor_lines` is its text. All of that is pure but `look`,
`stream` and `screen`; `monitor_open` decides between the last two.
"""

from pkgutil import resolve_name

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.params.arguments import option

MONITOR = "awsmini.services.ecs.monitor_open:command"  # a client: usage errors and help do without


def _run(invocation: Invocation, values: Values) -> int:
    code: int = resolve_name(MONITOR)(invocation, values)
    return code


command = HandWritten(
    "monitor-express-gateway-service",
    _run,
    doc="Watch an ECS express gateway service: the status of its load balancers, security groups, scaling, alarms and "
    "log groups. It goes on until you stop it (with `q`, or Ctrl+C) or the time is over.",
    arguments=(
        option("service-arn", required=True, doc="The ARN of the service, or its short name."),
        option(
            "resource-view",
            choices=("RESOURCE", "DEPLOYMENT"),
            doc="What to show: all resources (where nothing else is said), or what the latest deployment brings and "
            "leaves.",
        ),
        option(
            "mode",
            choices=("INTERACTIVE", "TEXT-ONLY"),
            doc="How to watch: on a screen of its own (where there is a terminal), or as lines of text.",
        ),
        option("timeout", doc="Minutes to watch for at most. 30 where nothing else is said."),
    ),
)
