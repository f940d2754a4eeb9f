"""What a wizard would do, as text: the commands of a shell, or a template of CloudFormation."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

import yaml

from awsmini.model.names import member_cli_name, operation_cli_name
from awsmini.wizards.definition import CLOUDFORMATION, COMMANDS, Step, Wizard
from awsmini.wizards.steps import wish_of
from awsmini.wizards.template import holds
from awsmini.wizards.walk import Values

_VARIABLE = re.compile("\0(\\w+)\0")  # a value that only an earlier command can tell
_PLAIN = re.compile(r"[\w.:/*+@-]+")  # what shorthand takes as it is


def text(form: str | None, wizard: Wizard, values: Values) -> str:
    """The preview in one of the forms; nothing for None."""
    if form == COMMANDS:
        return commands(wizard, values)
    return cloudformation(wizard, values) if form == CLOUDFORMATION else ""


def cloudformation(wizard: Wizard, values: Values) -> str:
    """A template that makes the same."""
    filled = values.fill(wizard.cloudformation)
    return str(yaml.safe_dump(filled, sort_keys=False, allow_unicode=True, width=1000))


def commands(wizard: Wizard, values: Values) -> str:
    """Commands for a shell that do the same."""
    supposed = values.supposing()
    supposed.kept = {name: f"\0{name}\0" for step in wizard.steps for name in step.keep}
    wanted = [step for step in wizard.steps if holds(step.when, supposed)]
    texts = [_command(step, supposed) for step in wanted]
    for at, step in enumerate(wanted):
        for name, expression in step.keep.items():
            if any(f"${{{name}}}" in later for later in texts[at + 1 :]):
                texts[at] = f"{name}=$({texts[at]} \\\n    --query {shlex.quote(expression)} --output text)"
    return "\n\n".join(texts) + "\n"


def _command(step: Step, values: Values) -> str:
    if step.shell is not None:
        return str(_Quoted(values).fill(step.shell)).rstrip()
    kind, name, params = wish_of(step, values)
    if kind == "call":
        service, operation = name.split(".")
        return " \\\n    ".join([f"awsmini {service} {operation_cli_name(operation)}", *_options(params)])
    settings = [
        f"awsmini configure set {key} {_quoted(value)} --profile {_quoted(name)}" for key, value in params.items()
    ]
    return "\n".join(settings)


class _Quoted:
    """Values as words of a shell."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return _quoted(self._values[name])

    def fill(self, template: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: self[found[1]], template)


def _options(params: Mapping[str, Any]) -> list[str]:
    return [_option(member_cli_name(name), value) for name, value in params.items()]


def _option(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    if isinstance(value, list) and all(map(_is_flat, value)):
        return " ".join([f"--{name}", *(_quoted(_shorthand(item)) for item in value)])
    word = _quoted(_shorthand(value) if _is_flat(value) else json.dumps(value))
    return f"--{name}={word}" if word.startswith("-") else f"--{name} {word}"


def _is_flat(value: Any) -> bool:
    """Whether shorthand, or plain text, says it."""
    if isinstance(value, dict):
        return all(_is_plain(item) for item in value.values())
    return not isinstance(value, list)


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_PLAIN.fullmatch(_VARIABLE.sub("x", value)))
    return isinstance(value, bool | int)


def _shorthand(value: Any) -> str:
    if isinstance(value, dict):
        return ",".join(f"{name}={_shorthand(item)}" for name, item in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(word: Any) -> str:
    """A word of a shell. One with variables in it stands in double quotes."""
    text = str(word)
    if not _VARIABLE.search(text):
        return shlex.quote(text)
    escaped = re.sub(r'([\\"$`])', r"\\\1", text)
    return '"' + _VARIABLE.sub(r"${\1}", escaped) + '"'
