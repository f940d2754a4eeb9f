"""Back and forth through the questions."""

import pytest

from awsmini.wizards.definition import AnswerError, Choice, load
from awsmini.wizards.menu import Menu
from awsmini.wizards.walk import Walk
from tests.wizards.worlds import Recorder, Refused


def walk_of(command, name, recorder=None):
    return Walk(load(command, name), (recorder or Recorder()).world)


def give(walk, *answers):
    """Type answers, or choose by label."""
    for answer in answers:
        offered = {choice.label: choice for choice in walk.choices()}
        if offered:
            walk.answer(offered[answer])
        else:
            walk.type(answer)


def current(walk):
    return walk.current and walk.current.name


def test_questions_follow_from_answers():
    walk = walk_of("dynamodb", "new-table")
    give(walk, "orders", "id", "Text", "No")
    assert current(walk) == "billing"
    assert [section.name for section in walk.wizard.sections if walk.has_seen(section)] == ["Keys"]
    assert walk.answered() == []
    walk.back()
    assert [walk.shown(question) for question in walk.answered()] == ["orders", "id", "Text"]
    give(walk, "Yes")
    assert current(walk) == "sort_key"


def test_what_no_longer_applies_has_no_value():
    walk = walk_of("dynamodb", "new-table")
    give(walk, "orders", "id", "Text", "Yes", "seq", "Number")
    assert walk.values["sort_key"] == "seq"
    for _ in range(3):
        walk.back()
    give(walk, "No")
    assert walk.values["sort_key"] is None


def test_an_answer_that_is_none_changes_nothing():
    walk = walk_of("dynamodb", "new-table")
    with pytest.raises(AnswerError):
        walk.type("")
    assert current(walk) == "table"
    walk.back()
    assert current(walk) == "table"


def test_the_end():
    walk = walk_of("dynamodb", "new-table")
    give(walk, "t", "id", "Text", "No", "On demand", "DynamoDB's own", "Nothing")
    assert walk.current is None
    assert walk.section() is None
    assert walk.choices() == ()
    assert len(walk.answered()) == 7
    walk.back()
    assert current(walk) == "preview"


def test_choices_that_aws_knows():
    recorder = Recorder({"iam.ListRoles": {"Roles": [{"RoleName": "r", "Arn": "arn:r"}]}})
    walk = walk_of("lambda", "new-function", recorder)
    give(walk, "f", "python3.14")
    assert walk.choices() == (Choice("r", "arn:r"),)
    give(walk, "r")
    assert walk.values["role"] == "arn:r"
    walk.back()
    assert walk.shown(walk.current) == "r"


def test_nothing_to_choose_from():
    walk = walk_of("lambda", "new-function", Recorder({"iam.ListRoles": {"Roles": []}}))
    give(walk, "f", "python3.14")
    assert walk.choices() == ()
    give(walk, "arn:r")
    assert walk.values["role"] == "arn:r"


def test_choices_that_cannot_be_listed():
    recorder = Recorder()
    recorder.refuse.add("iam.ListRoles")
    walk = walk_of("lambda", "new-function", recorder)
    give(walk, "f", "python3.14")
    with pytest.raises(Refused):
        walk.choices()
    walk.type("arn:r")
    assert current(walk) == "handler"


def test_an_answer_is_checked_before_it_is_taken():
    walk = walk_of("lambda", "new-function", Recorder({"iam.ListRoles": {"Roles": []}}, {"there.zip": b"PK"}))
    give(walk, "f", "python3.14", "arn:r", "h.h")
    with pytest.raises(Refused):
        walk.type("nowhere.zip")
    assert current(walk) == "zip"
    assert walk.values["zip"] is None
    walk.type("there.zip")
    assert walk.values["code"] == b"PK"


def menu_of(*labels, at=""):
    return Menu(tuple(Choice(label, label) for label in labels), at)


def test_a_menu_goes_round():
    menu = menu_of("a", "b", "c", at="c")
    assert menu.at == 2
    menu.move(1)
    assert menu.marked.label == "a"
    menu.move(-1)
    assert menu.marked.label == "c"


def test_a_menu_is_narrowed():
    menu = menu_of("Read", "Write", "ReadAll", "x")
    menu.move(2)
    menu.narrow("read")
    assert [choice.label for choice in menu.shown] == ["Read", "ReadAll"]
    assert menu.marked.label == "ReadAll"
    menu.narrow("nothing")
    assert menu.marked is None
    menu.move(1)
    menu.narrow("")
    assert menu.marked.label == "Read"
