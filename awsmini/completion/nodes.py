"""The command tree by its names: what can stand below a command, and which arguments it takes.

Nothing here loads a command. Services and operations come from the models, the commands written by hand from
`data/handwritten.json`, which `build.py` makes of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from awsmini.config.settings import Settings
from awsmini.model.cli_names import added_operations, cli_services, removed_operations
from awsmini.model.load import ModelFinder, data, data_names, services
from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.params.argument_table import argument_table
from awsmini.params.arguments import Argument

HAND_WRITTEN = "handwritten.json"
HELP = "help"
TOPICS = "topics"
OWN_COMMANDS = {"completion", HELP, "local", "models", "search"}
# In AWS CLI v2's order these come after the other commands.
_LAST = ("s3api", "s3", "ddb", "configure", "deploy", "configservice", "history", "cli-dev", "login", "logout",
         "agent-toolkit", "update")  # fmt: skip

Named = Iterator[tuple[str, str]]  # names, and notes on them


class Node:
    """A command. This one is not known: what follows an alias for the shell, or a word that names no command."""

    operation: OperationModel | None = None

    @property
    def arguments(self) -> Sequence[Argument]:
        return ()

    def names(self, prefix: str) -> Named:
        """The subcommands that begin with `prefix`."""
        return iter(())

    def below(self, name: str) -> "Node | None":
        return None


class Root(Node):
    """`awsmini`."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.models = ModelFinder(env, Settings(env).data_path)

    @cached_property
    def services(self) -> dict[str, str]:
        return cli_services(self.models.service_names())

    @cached_property
    def hand_written(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = data(HAND_WRITTEN)
        return found

    def names(self, prefix: str) -> Named:
        about = services()
        found = {name: facts["doc"] for name, facts in self.hand_written["commands"].items()}
        found[HELP] = "Help on a command or a topic"
        for name, service in self.services.items():
            found.setdefault(name, about.get(service, {}).get("name", ""))
        order = {name: place for place, name in enumerate(_LAST)}
        for name in sorted(found, key=lambda name: (order.get(name, -1), name)):
            if name.startswith(prefix):
                yield name, found[name]

    def below(self, name: str) -> Node | None:
        commands = self.hand_written["commands"]
        if name in commands:
            return HandWritten(commands[name])
        if name in self.services:
            model = ServiceModel(self.models.lines(self.services[name]))
            beside = self.hand_written["beside"].get(name)
            return Service(model, self.hand_written["operations"].get(name, {}), beside and HandWritten(beside))
        return Help(self) if name == HELP else None


class Help(Node):
    """`awsmini help`: commands, as deep as they go, and topics."""

    def __init__(self, node: Node, topics: bool = True) -> None:
        self._node = node
        self._topics = topics

    def names(self, prefix: str) -> Named:
        yield from self._node.names(prefix)
        if self._topics:
            yield from ((name, "topic") for name in _topics() if name.startswith(prefix))

    def below(self, name: str) -> Node | None:
        found = self._node.below(name)
        return None if found is None else Help(found, topics=False)


class Service(Node):
    """`awsmini <service>`. An operation is found by its name without dashes, which spares spelling them all."""

    def __init__(self, model: ServiceModel, hand_written: Mapping[str, Any], beside: Node | None = None) -> None:
        self.model = model
        self._hand_written = hand_written
        self._beside = beside  # the command that the service's name is too

    @property
    def arguments(self) -> Sequence[Argument]:
        return self._beside.arguments if self._beside else ()

    def names(self, prefix: str) -> Named:
        found = {**self._spelled(prefix, whole=False), **added_operations(self.model)}
        for command in found:
            if command.startswith(prefix):
                yield command, ""
        for command, facts in self._hand_written.items():
            if command.startswith(prefix):
                yield command, facts["doc"]
        if "wait".startswith(prefix) and self.model.waiter_names:
            yield "wait", "Wait until something has come to be"

    def below(self, name: str) -> Node | None:
        if name in self._hand_written:
            return HandWritten(self._hand_written[name])
        if name == "wait" and self.model.waiter_names:
            return Wait(self.model)
        api_name = {**self._spelled(name, whole=True), **added_operations(self.model)}.get(name)
        return Operation(self.model.operation_model(api_name), name) if api_name else None

    def _spelled(self, text: str, *, whole: bool) -> dict[str, str]:
        """Command name to API name, of the operations that begin with the text, or are it."""
        flat = text.replace("-", "")
        removed = removed_operations(self.model)
        near = (
            api_name
            for api_name in self.model.operation_names
            if (api_name.lower() == flat if whole else api_name.lower().startswith(flat))
        )
        spelled = {operation_cli_name(api_name): api_name for api_name in near}
        return {command: api_name for command, api_name in spelled.items() if command not in removed}


class Operation(Node):
    """`awsmini <service> <operation>`."""

    def __init__(self, operation: OperationModel, command: str | None = None, *, customized: bool = True) -> None:
        self.operation = operation
        self._table = partial(argument_table, operation, command, customized=customized)

    @cached_property
    def arguments(self) -> Sequence[Argument]:
        return tuple(self._table().values())


class Wait(Node):
    """`awsmini <service> wait`."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._waiters = {operation_cli_name(name): name for name in model.waiter_names}

    def names(self, prefix: str) -> Named:
        return ((name, "") for name in self._waiters if name.startswith(prefix))

    def below(self, name: str) -> Node | None:
        if name not in self._waiters:
            return None
        config = self._model.waiter(self._waiters[name]) or {}
        return Operation(self._model.operation_model(config["operation"]), customized=False)


class HandWritten(Node):
    """A command that no model describes."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    @cached_property
    def arguments(self) -> Sequence[Argument]:
        return tuple(_argument(argument) for argument in self._facts.get("arguments", ()))

    def names(self, prefix: str) -> Named:
        for name, facts in self._facts.get("commands", {}).items():
            if name.startswith(prefix):
                yield name, facts["doc"]

    def below(self, name: str) -> Node | None:
        facts = self._facts.get("commands", {}).get(name)
        return HandWritten(facts) if facts else None


def _argument(facts: Mapping[str, Any]) -> Argument:
    name: str = facts["name"]
    return Argument(
        cli_name=name,
        dest=name.replace("-", "_"),
        nargs=facts.get("nargs"),
        choices=tuple(facts.get("choices", ())),
        positional=facts.get("positional", False),
        doc=facts.get("doc"),
    )


def _topics() -> list[str]:
    return [TOPICS, *data_names(TOPICS)]
