"""Command lines that nobody should write, made from real services, operations and options: the same for the same seed.

Half of the words are what belongs there, so that the other half gets deep into the program.
"""

import json
import random
import string
from functools import cache
from typing import Any, NamedTuple

import click

from awsmini.commandline.globals import V2_OPTIONS
from awsmini.commands.operation import OperationCommand
from awsmini.commands.service import ServiceGroup
from awsmini.model.cli_names import cli_services
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ListShape, ServiceModel, Shape
from awsmini.params.arguments import Argument
from tests import oracle

NASTY = (
    "", " ", "\t\n", "-", "--", "---", "-1", "-1.5", "-x", "--x=y", "-=", "=", "==", ",", ",,", ";", ":", "@", "@=",
    "{", "}", "[", "]", "{}", "[]", "[[]]", "[{}]", '{"', "[,]", "{,}", "[1,", "null", "[null]", '{"":null}', "true",
    "False", "0", "00", "0x10", "1_000", "１２", "1e999", "-1e999", "NaN", "Infinity", "9" * 30, "9" * 5000, "1.5", ".",
    "\x1b[31m", "\ufeff", "\u2028", "\ud800", "\udcff", "é", "☃", "😀" * 50, "ſ", "\\", "\\\\", '"', "'", "''",
    '""', "'a", '"a', "a'b'", 'a="', "a='", "a=", "=a", "a=b", "a=b,", "a=b,c", "a=b,,c=d", "a=b c=d", "a=b,a=c", "a={",
    "a={b=c", "a={b=c}}", "a=[", "a=[b", "a=[b,", "a=[b]]", "a=[{b=c},{d=e}]", "a={b=[c,{d=e}]}", "a= b", "a=b\\,c",
    'a={"b":"c"}', "a=[[b]]", "a@=b", "a@=file://none", "a@=file://text", "a@=fileb://bytes", "file://", "file:///",
    "file://none", "file://text", "file://bytes", "file://~none", "fileb://", "fileb://bytes", "fileb://.",
    "FILE://text", "text", "bytes", ".", "..", "/", "~", "$HOME", "http://", "https://example.com",
    "s3://bucket/key", "arn:", "arn:aws", "arn:aws:s3:::b", "arn:aws:s3:us-west-2:1:accesspoint/p", "arn:aws:s3:::b/k",
    "2020-01-01", "2020-13-45T99:99:99Z", "0000-00-00", "10000-01-01T00:00:00Z", "20200101T000000Z", "now", "yesterday",
    "1" * 20, "-9" * 9, "1e20", "12:00", "Mon, 1", "%", "%s", "%(x)s", "{0}", "%00", "%zz", "a%2Fb", "a/../b", "a b", "a\nb",
    "?", "#", "&", "*", "[?a", "a[", "a.b", "`", "`{`", "length(", "length(@)", "@", "[].a.b", "a||", "!a", "$.", "us-west-2",
    "us west", "x." * 80, "-us", "json", "text", "table", "input", "output", "yaml-input", "dGV4dA==", "dGV4dA", "====",
    "!!python/object:os.system {}", "&a [*a]", "a: b", "- a", "a: [", "? ", "%YAML 9", "2020-01-01T00:00:00Z: 1", "<<: 1",
    "[" * 3000, '{"a":' * 3000, "a={b=" * 1000, "a=[" * 1000, "[" * 300 + "]" * 300, "-" * 500, "x" * 70_000, "a=b," * 3000,
)  # fmt: skip
ODD_WORDS = ("--", "-", "", "-h", "help", "wait", "--generate-cli-skeleton", "--cli-input-json", "--no-sign-request")
CONFIGURE = ("get", "set", "list", "list-profiles", "import", "add-model", "export-credentials")  # no questions asked
CONFIGURE_WORDS = ("region", "a.b", "default.x", "profile.x.y", "x.y.z", "profile.x", "--csv", "--service-model",
    "--service-name", "--format", "process", "env", "fish", "--profile", "--sso-session", "--services", "--skip-invalid",
    "User name,Access key ID,Secret access key\na,AKIDEXAMPLE,secret")  # fmt: skip
OPTIONS = tuple(option for option in V2_OPTIONS if option.cli_name not in ("cli-auto-prompt", "version"))


class Line(NamedTuple):
    """The words, and the protocol that the service's answer is to be in."""

    words: list[str]
    protocol: str


def line(seed: int) -> Line:
    """One command line of a service."""
    return _Writer(random.Random(seed), str(seed)).line()


def configure_line(seed: int) -> list[str]:
    """The words of one command line of `configure`."""
    return _Writer(random.Random(seed), str(seed)).configure_line()


class _Writer:
    def __init__(self, chance: random.Random, seed: str) -> None:
        self.random = chance
        self.maker = oracle.Maker(seed, chance.choice(oracle.VARIANTS))

    def line(self) -> Line:
        """A service, an operation, options; sometimes a word too many, too few, or in the wrong place."""
        service = self.random.choice(_services())
        group = _group(service)
        command = self._command(group)
        words = [service]
        if command is None:
            words += [self.nasty() for _ in range(self.random.randint(0, 3))]
        else:
            words += ["wait"] * (command.help_page == WAITER_PAGE)
            words += [str(command.name), *self._options(command)]
        for _ in range(self.random.choice((0, 0, 0, 1, 2))):
            words.insert(self.random.randint(0, len(words)), self._odd_word())
        if self._odds(0.2):
            words += self._global_option()
        if self._odds(0.03):
            self.random.shuffle(words)
        return Line(words, group.service_model.protocol)

    def configure_line(self) -> list[str]:
        count = self.random.choice((0, 1, 1, 2, 2, 3))
        words = [self._choice((self.nasty(), self._choice(CONFIGURE_WORDS))) for _ in range(count)]
        return ["configure", self.random.choice(CONFIGURE), *words]

    def nasty(self) -> str:
        return self.random.choice(NASTY)

    def _command(self, group: ServiceGroup) -> OperationCommand | None:
        names = list(group.operations)
        context = click.Context(group)
        if self._odds(0.03):
            return None
        command = group.get_command(context, self.random.choice(names))
        wait = group.get_command(context, "wait")
        if self._odds(0.1) and isinstance(wait, click.Group):
            command = wait.get_command(context, self.random.choice(wait.list_commands(context)[:-1]))
        return command if isinstance(command, OperationCommand) else None

    def _options(self, command: OperationCommand) -> list[str]:
        """Mostly all that are required, and some others."""
        words = []
        if command.operation.input_shape is not None and self._odds(0.1):
            words += self._document(command.operation.input_shape)
        for argument in command.table.values():
            odds = 0.95 if argument.required else 0.1 if len(command.table) < 30 else 0.03
            if self._odds(odds):
                words += self._option(argument)
        return words

    def _document(self, shape: Shape) -> list[str]:
        text = _json(self.maker.value(shape))
        if self._odds(0.5):
            text = self._mutated(text)
        return [self.random.choice(("--cli-input-json", "--cli-input-yaml")), self._filed(text)]

    def _option(self, argument: Argument) -> list[str]:
        name = self._name(argument.label)
        if argument.positional:
            return [self._choice(("out", "-", "", "none/out", "/dev/null", "."))]
        if argument.nargs == 0:
            return [f"{name}={self.nasty()}"] if self._odds(0.03) else [name]
        values = [self._value(argument) for _ in range(self.random.choice((1, 1, 1, 1, 2, 0, 5)))]
        if self._odds(0.1) and values:
            return [f"{name}={values[0]}", *values[1:]]
        return [name, *values]

    def _name(self, label: str) -> str:
        """The option's name; now and then an abbreviation of it, or a slip."""
        if self._odds(0.9):
            return label
        return self._choice((label[: self.random.randint(2, len(label))], label.upper(), label + "x", label[1:]))

    def _value(self, argument: Argument) -> str:
        if argument.choices and self._odds(0.7):
            return self.random.choice(argument.choices)
        if argument.shape is None or self._odds(0.35):
            return self._filed(self.nasty())
        shape = argument.shape
        if isinstance(shape, ListShape) and self._odds(0.4):
            shape = shape.member
        value = self.maker.value(shape)
        text = value if isinstance(value, str) else _json(value)
        if isinstance(value, dict | list) and self._odds(0.5):
            text = _shorthand(value)
        return self._mutated(text) if self._odds(0.3) else text

    def _filed(self, text: str) -> str:
        """The text, or now and then the name of a file that holds such."""
        return (
            self._choice(("file://text", "file://json", "fileb://bytes", "file://yaml")) if self._odds(0.05) else text
        )

    def _mutated(self, text: str) -> str:
        """The text with a few slips."""
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randint(0, len(text))
            to = min(len(text), at + self.random.choice((0, 1, 1, 5)))
            insert = self._choice(("", *string.punctuation, text[at:to] * 2, self.nasty()))
            text = text[:at] + insert + text[to:]
        return text

    def _odd_word(self) -> str:
        return self._choice((self.nasty(), self._choice(ODD_WORDS)))

    def _global_option(self) -> list[str]:
        argument = self.random.choice(OPTIONS)
        if argument.nargs == 0:
            return [self._name(argument.label)]
        if argument.choices and self._odds(0.7):
            return [argument.label, self.random.choice(argument.choices)]
        return [self._name(argument.label), self.nasty()]

    def _choice(self, choices: tuple[str, ...]) -> str:
        return self.random.choice(choices)

    def _odds(self, odds: float) -> bool:
        return self.random.random() < odds


WAITER_PAGE = "awsmini.help.waiters:page"


@cache
def _services() -> list[str]:
    return sorted(cli_services())


@cache
def _group(service: str) -> ServiceGroup:
    return ServiceGroup(service, ServiceModel(ModelFinder({}).lines(cli_services()[service])))


def _json(value: Any) -> str:
    return json.dumps(value, default=str)


def _shorthand(value: Any, top: bool = True) -> str:
    """The value in shorthand, without any quotes."""
    if isinstance(value, dict):
        text = ",".join(f"{key}={_shorthand(item, False)}" for key, item in value.items())
        return text if top else f"{{{text}}}"
    if isinstance(value, list):
        text = ",".join(_shorthand(item, False) for item in value)
        return text if top else f"[{text}]"
    return str(value)
