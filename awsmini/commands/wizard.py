"""`awsmini <service> wizard <name>`: something new in AWS, made by answering questions on the terminal."""

from functools import partial
from pkgutil import resolve_name

from awsmini.commands.handwritten import HandWritten, Values
from awsmini.commands.invocation import Invocation
from awsmini.errors import ParamValidationError

OPEN = "awsmini.wizards.open:on_the_screen"  # prompt_toolkit: only a wizard that opens needs it


def _run(invocation: Invocation, _values: Values, *, service: str, name: str) -> int:
    code: int = resolve_name(OPEN)(invocation, service, name)
    return code


def _no_name(_invocation: Invocation, _values: Values, *, service: str) -> int:
    raise ParamValidationError(
        f"usage: aws [options] {service} wizard <subcommand> [parameters]\nawsmini: [ERROR]: too few arguments"
    )


def _group(service: str, name: str, reference: str) -> HandWritten:
    return HandWritten(
        "wizard",
        partial(_no_name, service=service),
        doc="Make something new by answering questions on the terminal.",
        subcommands={name: f"{__name__}:{reference}"},
    )


def _wizard(service: str, name: str, doc: str) -> HandWritten:
    return HandWritten(name, partial(_run, service=service, name=name), doc=doc)


dynamodb = _group("dynamodb", "new-table", "new_table")
new_table = _wizard(
    "dynamodb",
    "new-table",
    "Create a DynamoDB table by answering questions: its keys, its capacity, its encryption. It is shown as commands "
    "or as a CloudFormation template before it is made.",
)
events = _group("events", "new-rule", "new_rule")
new_rule = _wizard(
    "events",
    "new-rule",
    "Create an EventBridge rule by answering questions: which events or what schedule, and what they start. It is "
    "shown as commands or as a CloudFormation template before it is made. What it starts is permitted to be started.",
)
iam = _group("iam", "new-role", "new_role")
new_role = _wizard(
    "iam",
    "new-role",
    "Create an IAM role by answering questions: who takes it, what it may do, and which profile uses it. It is shown "
    "as commands or as a CloudFormation template before it is made.",
)
lambda_ = _group("lambda", "new-function", "new_function")
new_function = _wizard(
    "lambda",
    "new-function",
    "Create a Lambda function by answering questions: its runtime, its role, its code. It is shown as commands or as a "
    "CloudFormation template before it is made.",
)
