"""The files of the wizards, read: sections of questions, values made of the answers, and steps that make something.

The YAML is the documentation of itself; `data/wizards/dynamodb.new-table.yaml` shows most of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import yaml

from awsmini.errors import AwsminiError
from awsmini.model.load import content, data_names

FOLDER = "wizards"
PREVIEW = "preview"  # the question that every wizard has whose steps can be shown
COMMANDS, CLOUDFORMATION = "commands", "cloudformation"


class Choice(NamedTuple):
    label: str
    value: Any


class AnswerError(AwsminiError):
    """An answer that cannot be taken."""


class Question(NamedTuple):
    name: str
    text: str
    choices: tuple[Choice, ...] | str | None = None  # a text is a template: what there is to choose from is asked for
    otherwise: str = ""  # the text where there turns out to be nothing to choose from
    type: str = "text"  # int, file
    default: str = ""
    optional: bool = False
    when: Mapping[str, Any] = {}
    check: str | None = None  # the value that has to be had with the answer
    details: str | None = None  # what more there is to see of a choice
    details_title: str = ""

    def take(self, text: str) -> Any:
        """What a typed answer means; none means the default. Raises AnswerError."""
        text = text or self.default
        if not text and not self.optional:
            raise AnswerError("A value is required")
        if self.type != "int":
            return text
        if not text.isdecimal():
            raise AnswerError(f"{text} is no whole number")
        return int(text)


class Section(NamedTuple):
    name: str
    questions: tuple[Question, ...]


class Step(NamedTuple):
    """One thing that is done: a call (`iam.CreateRole`), or values written to the config or credentials file."""

    params: Any
    call: str | None = None
    config: str | None = None  # the profile
    credentials: str | None = None  # the profile
    when: Mapping[str, Any] = {}
    keep: Mapping[str, str] = {}
    done: str | None = None  # what has happened
    shell: str | None = None  # how to do the same in a shell, where it is not the plain command


class Wizard(NamedTuple):
    title: str
    sections: tuple[Section, ...]
    values: Mapping[str, Any]
    steps: tuple[Step, ...]
    cloudformation: Mapping[str, Any] | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)


_PREVIEW = Section(
    "Preview",
    (
        Question(
            PREVIEW,
            "What to show of it",
            (
                Choice("Nothing", None),
                Choice("The commands that make it", COMMANDS),
                Choice("A template for CloudFormation", CLOUDFORMATION),
            ),
            details_title="Preview",
        ),
    ),
)


def names() -> Iterator[tuple[str, str]]:
    """The command and the name of each wizard there is."""
    for wizard in data_names(FOLDER):
        command, _, name = wizard.partition(".")
        yield command, name


def load(command: str, name: str) -> Wizard:
    """The wizard of `awsmini <command> wizard <name>`."""
    found = yaml.safe_load(content(f"{FOLDER}/{command}.{name}.yaml"))
    sections = tuple(_section(section, questions) for section, questions in found["sections"].items())
    template = found.get("cloudformation")
    return Wizard(
        title=found["title"],
        sections=sections if template is None else (*sections, _PREVIEW),
        values=found.get("values", {}),
        steps=tuple(Step(**step) for step in found["steps"]),
        cloudformation=template,
    )


def _section(name: str, questions: Sequence[Mapping[str, Any]]) -> Section:
    return Section(name, tuple(_question(**facts) for facts in questions))


def _question(name: str, **facts: Any) -> Question:
    if isinstance(facts.get("choices"), dict):
        facts["choices"] = tuple(Choice(label, value) for label, value in facts["choices"].items())
    return Question(name, **facts)


def choices(found: Any) -> tuple[Choice, ...]:
    """What was found to choose from: a list of texts, or of pairs of label and value."""
    return tuple(Choice(item, item) if isinstance(item, str) else Choice(*item) for item in found or ())
