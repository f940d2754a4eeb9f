"""The way through the questions of a wizard, back and forth, and the values that the answers make."""

from collections.abc import Mapping
from typing import Any

from awsmini.wizards.definition import Choice, Question, Section, Wizard, choices
from awsmini.wizards.template import fill, holds
from awsmini.wizards.world import World


class Values:
    """Answers by name, values that are made of them, and what steps have kept; None for what was not asked."""

    def __init__(self, wizard: Wizard, world: World, answers: Mapping[str, Any]) -> None:
        self._wizard = wizard
        self._world = world
        self._answers = answers
        self._questions = {question.name: question for question in wizard.questions}
        self.kept: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name in self.kept:
            return self.kept[name]
        if name in self._questions:
            return self._answers.get(name) if self.applies(self._questions[name]) else None
        return fill(self._wizard.values.get(name), self, self._world)

    def applies(self, question: Question) -> bool:
        """Whether the answers so far make it a question."""
        return holds(question.when, self)

    def fill(self, template: Any) -> Any:
        return fill(template, self, self._world)

    def supposing(self, **answers: Any) -> "Values":
        """The values there would be with other answers."""
        other = Values(self._wizard, self._world, {**self._answers, **answers})
        other.kept = dict(self.kept)
        return other


class Walk:
    """Where one is in a wizard. `current` is None when all is answered."""

    def __init__(self, wizard: Wizard, world: World) -> None:
        self.wizard = wizard
        self.world = world
        self.answers: dict[str, Any] = {}
        self.values = Values(wizard, world, self.answers)
        self._shown: dict[str, str] = {}
        self._before: list[Question] = []
        self.current: Question | None = self._next(wizard.questions)

    def section(self) -> Section | None:
        """The section of the current question."""
        return next((section for section in self.wizard.sections if self.current in section.questions), None)

    def has_seen(self, section: Section) -> bool:
        return any(question in section.questions for question in self._before)

    def answered(self) -> list[Question]:
        """The questions before the current one in its section; at the end, all of them."""
        section = self.section()
        return [question for question in self._before if section is None or question in section.questions]

    def choices(self) -> tuple[Choice, ...]:
        """What the current question offers; nothing where the answer has to be typed. AWS may be asked for it."""
        offered = self.current.choices if self.current else None
        return choices(self.values.fill(offered)) if isinstance(offered, str) else offered or ()

    def keep(self, choice: Choice) -> None:
        """Take the answer to the current question. Raises AwsminiError, and takes nothing, where it is no good."""
        question = self.current
        assert question is not None
        if question.check is not None:
            self.supposing(choice).fill(question.check)
        self.answers[question.name] = choice.value
        self._shown[question.name] = choice.label

    def answer(self, choice: Choice) -> None:
        """Take the answer and go on."""
        self.keep(choice)
        assert self.current is not None
        self._before.append(self.current)
        questions = self.wizard.questions
        self.current = self._next(questions[questions.index(self.current) + 1 :])

    def type(self, text: str) -> None:
        """The same for an answer that is typed."""
        assert self.current is not None
        self.answer(Choice(text, self.current.take(text)))

    def back(self) -> None:
        """Go to the question before; nowhere from the first."""
        if self._before:
            self.current = self._before.pop()

    def shown(self, question: Question) -> str:
        """The answer as it was given: by the label of a choice; nothing where there is none yet."""
        return self._shown.get(question.name, "")

    def supposing(self, choice: Choice) -> Values:
        """The values there would be with that answer to the current question."""
        assert self.current is not None
        return self.values.supposing(**{self.current.name: choice.value})

    def _next(self, questions: tuple[Question, ...]) -> Question | None:
        return next((question for question in questions if self.values.applies(question)), None)
