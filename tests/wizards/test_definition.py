"""The files of the wizards, each proved sound."""

import pytest

from awsmini import services
from awsmini.completion.build import content
from awsmini.wizards.definition import PREVIEW, AnswerError, Question, load, names
from awsmini.wizards.template import names as names_in
from tests.oracle import service_model

ALL = list(names())
CALLS = ("$call", "$enum")


def test_these_are_the_wizards_there_are():
    assert ALL == [
        ("configure", "main"),
        ("dynamodb", "new-table"),
        ("events", "new-rule"),
        ("iam", "new-role"),
        ("lambda", "new-function"),
    ]


def test_each_service_with_a_wizard_has_the_command():
    groups = {service for service in services.PAGES if "wizard" in services.of(service).commands}
    assert groups == {service for service, _ in ALL} - {"configure"}
    assert all(f'"{name}"' in content() for _, name in ALL if name != "main")


@pytest.mark.parametrize(("command", "name"), ALL)
def test_every_name_is_that_of_an_answer_or_value(command, name):
    wizard = load(command, name)
    kept = {name for step in wizard.steps for name in step.keep}
    known = {question.name for question in wizard.questions} | set(wizard.values) | kept
    used = set().union(*(names_in(value) for value in wizard.values.values())) | names_in(wizard.cloudformation)
    for step in wizard.steps:
        used |= set(step.when).union(
            *map(names_in, (step.params, step.config, step.credentials, step.done, step.shell))
        )
    asked: set[str] = set()
    for question in wizard.questions:
        assert set(question.when) <= asked, f"{question.name} depends on what is asked later"
        asked.add(question.name)
        offered = question.choices if isinstance(question.choices, str) else None
        used |= set().union(*map(names_in, (offered, question.check, question.details)))
    assert used <= known
    assert {*wizard.values, *asked} - used - {PREVIEW} == set(), "is asked or made, and never used"
    assert len(asked) == len(wizard.questions), "a name twice"
    assert kept <= used


@pytest.mark.parametrize(("command", "name"), ALL)
def test_conditions_want_what_can_be_answered(command, name):
    wizard = load(command, name)
    fixed = {q.name: {c.value for c in q.choices} for q in wizard.questions if isinstance(q.choices, tuple)}
    for condition in [question.when for question in wizard.questions] + [step.when for step in wizard.steps]:
        for asked, wanted in condition.items():
            assert set(wanted if isinstance(wanted, list) else [wanted]) <= fixed[asked]


@pytest.mark.parametrize(("command", "name"), ALL)
def test_every_call_is_one_of_its_service(command, name):
    wizard = load(command, name)
    calls = [step.call for step in wizard.steps if step.call]
    calls += [
        value[word] for value in wizard.values.values() if isinstance(value, dict) for word in CALLS if word in value
    ]
    for call in calls:
        service, operation, *member = call.split(".")
        members = service_model(service).operation_model(operation).input_shape.members
        assert set(member) <= set(members)


@pytest.mark.parametrize(("command", "name"), ALL)
def test_each_file_says_only_what_is_known(command, name):
    wizard = load(command, name)
    assert all(question.type in ("text", "int", "file") for question in wizard.questions)
    assert all(bool(question.details_title) == bool(question.details) for question in wizard.questions[:-1])
    assert all((step.call, step.config, step.credentials).count(None) == 2 for step in wizard.steps)
    assert all(step.done for step in wizard.steps[-1:] if wizard.cloudformation)


INT = Question("a", "", type="int")


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (Question("a", ""), "x", "x"),
        (Question("a", "", optional=True), "", ""),
        (INT, "05", 5),
        (INT._replace(default="5"), "", 5),
    ],
)
def test_what_is_typed(question, text, expected):
    assert question.take(text) == expected


@pytest.mark.parametrize(
    ("question", "text", "fault"),
    [
        (Question("a", ""), "", "A value is required"),
        (INT, "-1", "-1 is no whole number"),
        (INT, "x", "x is no whole number"),
    ],
)
def test_what_cannot_be_taken(question, text, fault):
    with pytest.raises(AnswerError, match=f"^{fault}$"):
        question.take(text)
