"""The screen, its keys and what they do, with a keyboard of its own and nothing shown."""

import io
import json

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from awsmini.commandline.ask import EndOfInputError
from awsmini.wizards.definition import load
from awsmini.wizards.screen import Screen
from tests.wizards.test_steps import ANSWERS, ROLE_ARN
from tests.wizards.worlds import Recorder

ENTER, TAB, BACK, ESCAPE, UP, DOWN = "\r", "\t", "\x1b[Z", "\x1b", "\x1b[A", "\x1b[B"
LEFT, RIGHT, PAGE_DOWN, PAGE_UP = "\x1b[D", "\x1b[C", "\x1b[6~", "\x1b[5~"
F2, F3, F4, SAVE, CANCEL, ALL = "\x1bOQ", "\x1bOR", "\x1bOS", "\x13", "\x03", "\x15"
CLOSED = object()
TABLE = ["orders", ENTER, "id", ENTER, ENTER, DOWN, ENTER, DOWN, ENTER, ENTER]  # as far as the preview
ROLES = {"Roles": [{"RoleName": name, "Arn": f"arn:{name}"} for name in ("reader", "admin", "build")]}
POLICIES = {
    "Policies": [
        {"PolicyName": name, "Arn": f"arn:{name}", "IsAttachable": attachable, "Path": path}
        for name, attachable, path in [("P2", True, "/"), ("P1", True, "/"), ("no", False, "/"), ("s", True, "/aws-service-role/")]
    ]
}  # fmt: skip


class Session:
    """A screen after its keys were pressed. They end in a cancellation, where nothing has ended the wizard before."""

    def __init__(self, command, name, keys, recorder=None):
        self.recorder = recorder or Recorder(ANSWERS)
        self.calls = []
        self.ended = True
        with create_pipe_input() as keyboard, create_app_session(output=DummyOutput()):
            self.screen = Screen(
                load(command, name), self._world, io.StringIO(), io.StringIO(), keyboard=keyboard, display=DummyOutput()
            )
            keyboard.send_text("".join(key for key in keys if key is not CLOSED))
            if CLOSED in keys:
                keyboard.close()
            else:
                keyboard.send_text(CANCEL)
            try:
                self.screen.run()
            except KeyboardInterrupt:
                self.ended = False

    def _world(self, announce):
        def told(answer):
            def call(service, operation, params):
                announce(f"{service} {operation}")
                self.calls.append(self.screen.status)
                return answer(service, operation, params)

            return call

        world = self.recorder.world
        return world._replace(call=told(world.call), ask=told(world.ask))

    @property
    def at(self):
        return self.screen.walk.current and self.screen.walk.current.name

    @property
    def answers(self):
        return self.screen.walk.answers


def table(*keys, **more):
    return Session("dynamodb", "new-table", keys, **more)


def function(*keys, answers=None, files=None):
    recorder = Recorder({"iam.ListRoles": ROLES, **ANSWERS} if answers is None else answers, files)
    return Session("lambda", "new-function", keys, recorder)


def test_a_table_from_the_first_key_to_the_last():
    session = table(*TABLE, ENTER, ENTER)
    assert session.ended
    assert [what for what, _ in session.recorder.done] == ["dynamodb.CreateTable"]
    assert session.recorder.done[0][1]["BillingMode"] == "PAY_PER_REQUEST"
    assert session.calls == ["Asking AWS: dynamodb CreateTable …"]
    assert session.screen.journal.told == ["Created the DynamoDB table orders."]


@pytest.mark.parametrize("keys", [[], TABLE, [*TABLE, ENTER]])
def test_canceled_before_anything_was_made(keys):
    session = table(*keys)
    assert not session.ended
    assert session.recorder.done == []


def test_the_keyboard_is_gone():
    with pytest.raises(EndOfInputError):
        table("orders", CLOSED)


def test_tab_is_as_good_as_enter():
    assert table("orders", TAB, "id", TAB, TAB).answers == {"table": "orders", "key": "id", "key_type": "S"}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([DOWN], "N"),
        ([RIGHT, RIGHT], "B"),
        ([UP], "B"),
        ([DOWN, DOWN, DOWN], "S"),
        ([DOWN, LEFT], "S"),
        ([PAGE_DOWN], "N"),
        ([PAGE_UP], "B"),
        (["num"], "N"),
        (["e", DOWN], "N"),
        (["zzz", ENTER, ALL], "S"),
        (["num", ALL], "N"),
        (["num", ESCAPE, ESCAPE, DOWN], "B"),
    ],
)
def test_choosing(keys, expected):
    assert table("t", ENTER, "id", ENTER, *keys, ENTER).answers["key_type"] == expected


def test_what_is_missing_is_said():
    session = table(ENTER)
    assert (session.at, session.screen.error) == ("table", "A value is required")
    session = table(ENTER, "orders", ENTER)
    assert (session.at, session.screen.error) == ("key", "")


def test_an_error_is_hidden_and_shown():
    assert table(ENTER, F4).screen.error_hidden
    assert not table(ENTER, F4, F4).screen.error_hidden
    assert not table(ENTER, F4, ENTER).screen.error_hidden


def test_back():
    session = table("orders", ENTER, "id", BACK)
    assert session.at == "table"
    assert session.screen.entry.text == "orders"
    session = table("orders", ENTER, "id", BACK, ALL, "other", ENTER)
    assert session.answers == {"table": "other", "key": "id"}
    assert session.screen.entry.text == "id"


def test_back_to_a_choice_and_from_an_answer_that_is_none():
    session = table(*TABLE, BACK, BACK, BACK)
    assert session.at == "sorted"
    assert session.screen.menu.marked.label == "No"
    session = table(BACK, "t", ENTER, BACK)
    assert (session.at, session.screen.error, session.answers) == ("table", "", {"table": "t"})


def test_defaults():
    keys = [*TABLE[:7], ENTER]
    assert table(*keys, ENTER, ALL, "7", ENTER).answers["reads"] == 5
    assert table(*keys, ALL, "7", ENTER).answers["reads"] == 7
    assert table(*keys, ALL, ENTER).answers["reads"] == 5
    assert table(*keys, ALL, "x", ENTER).screen.error == "x is no whole number"


def test_the_preview_follows_the_choice():
    session = table(*TABLE)
    assert session.screen.details_shown
    assert session.screen.details.text == ""
    assert table(*TABLE, DOWN).screen.details.text.startswith("awsmini dynamodb create-table \\\n")
    assert table(*TABLE, "cloud").screen.details.text.startswith("Resources:\n  Table:\n")
    assert table(*TABLE, DOWN, F3).screen.details.text == ""
    assert not table(*TABLE, DOWN, ENTER).screen.details_shown


def test_the_preview_is_scrolled():
    session = table(*TABLE, DOWN, F2, DOWN, DOWN)
    assert session.screen.app.layout.has_focus(session.screen.details)
    assert session.screen.details.document.cursor_position_row == 2
    session = table(*TABLE, DOWN, F2, DOWN, F2, DOWN)
    assert session.screen.menu.marked.label == "A template for CloudFormation"


def test_the_preview_is_saved(tmp_path):
    path = tmp_path / "table.sh"
    session = table(*TABLE, DOWN, SAVE, str(path), ENTER, ENTER, ENTER)
    assert path.read_text().startswith("awsmini dynamodb create-table \\\n")
    assert session.ended


def test_the_preview_is_saved_while_it_is_scrolled(tmp_path):
    path = tmp_path / "table.sh"
    session = table(*TABLE, DOWN, F2, SAVE, str(path), ENTER)
    assert path.exists()
    assert session.screen.app.layout.has_focus(session.screen.entry)
    hidden = table(*TABLE, DOWN, F2, F3).screen
    assert hidden.app.layout.has_focus(hidden.entry)


def test_a_narrowed_menu_is_whole_after_saving(tmp_path):
    menu = table(*TABLE, "cloud", SAVE, str(tmp_path / "x"), ENTER).screen.menu
    assert len(menu.shown) == 3
    assert menu.marked.label == "A template for CloudFormation"


def test_the_preview_is_saved_after_all_not(tmp_path):
    session = table(*TABLE, DOWN, SAVE, str(tmp_path / "x"), BACK, ESCAPE, ESCAPE, ENTER)
    assert list(tmp_path.iterdir()) == []
    assert session.at is None


def test_the_preview_cannot_be_saved(tmp_path):
    path = tmp_path / "nowhere" / "x"
    session = table(*TABLE, DOWN, SAVE, str(path), ENTER)
    assert session.screen.error == f"{path} cannot be written: No such file or directory"
    assert session.screen.saving


def test_no_after_all():
    session = table(*TABLE, ENTER, RIGHT, ENTER)
    assert session.at == "preview"
    assert session.recorder.done == []
    assert table(*TABLE, ENTER, BACK).at == "preview"


def test_a_call_that_fails_is_said_and_can_be_tried_again():
    recorder = Recorder(ANSWERS)
    recorder.refuse.add("dynamodb.CreateTable")
    session = table(*TABLE, ENTER, ENTER, recorder=recorder)
    assert session.at == "preview"
    assert session.screen.error == "dynamodb.CreateTable was refused"
    session = table(*TABLE, ENTER, ENTER, BACK, recorder=recorder)
    assert (session.at, session.screen.error) == ("encryption", "")


ROLE = ["r", ENTER, ENTER, ENTER, ENTER]  # as far as the policy


def role(*keys, refuse=()):
    recorder = Recorder(
        {**ANSWERS, "iam.ListPolicies": POLICIES, "iam.GetPolicyVersion": {"PolicyVersion": {"Document": {"a": 1}}}}
    )
    recorder.refuse.update(refuse)
    return Session("iam", "new-role", keys, recorder)


def test_what_was_done_before_a_failure_is_said():
    session = role(*ROLE, ENTER, DOWN, ENTER, ENTER, ENTER, refuse=["iam.AttachRolePolicy"])
    assert session.at == "preview"
    assert session.screen.error == (
        f"iam.AttachRolePolicy was refused\n\nDone before that, and not again:\n  Created the role r: {ROLE_ARN}"
    )
    assert not session.ended


def test_details_of_a_choice():
    session = role(*ROLE)
    assert [choice.label for choice in session.screen.menu.shown] == ["P1", "P2"]
    assert session.screen.details.text == ""
    assert session.screen.has_details
    assert role(*ROLE, F3).screen.details.text == json.dumps({"a": 1}, indent=4)
    assert role(*ROLE, F3, F3).screen.details.text == ""


def test_details_that_cannot_be_had():
    session = role(*ROLE, F3, refuse=["iam.GetPolicy"])
    assert session.screen.error == "iam.GetPolicy was refused"
    assert session.at == "policy"


def test_there_are_no_details_elsewhere():
    session = table(F3, SAVE, F2)
    assert not session.screen.details_shown
    assert not session.screen.saving


def test_choices_of_the_account():
    session = function("f", ENTER, "3.14", ENTER, "adm", ENTER)
    assert session.answers == {"function": "f", "runtime": "python3.14", "role": "arn:admin"}
    session = function("f", ENTER, ENTER, ENTER, BACK)
    assert session.screen.menu.marked.label == "admin"
    assert session.calls.count("Asking AWS: iam ListRoles …") == 2


def test_nothing_to_choose_from_is_typed():
    session = function("f", ENTER, ENTER, answers={"iam.ListRoles": {"Roles": []}})
    assert session.screen.question_text == "ARN of the role that the function has"
    assert session.screen.menu is None
    assert not session.screen.has_details


def test_choices_that_cannot_be_listed_are_said_and_typed():
    recorder = Recorder()
    recorder.refuse.add("iam.ListRoles")
    session = Session("lambda", "new-function", ["f", ENTER, ENTER], recorder)
    assert session.screen.error == "iam.ListRoles was refused"
    session = Session("lambda", "new-function", ["f", ENTER, ENTER, "arn:r", ENTER], recorder)
    assert (session.at, session.screen.error) == ("handler", "")
    assert session.answers["role"] == "arn:r"


def test_a_file_that_is_not_there():
    keys = ["f", ENTER, ENTER, ENTER, "h.h", ENTER, "nowhere.zip", ENTER]
    session = function(*keys)
    assert (session.at, session.screen.error) == ("zip", "nowhere.zip cannot be read")
    assert function(*keys, files={"nowhere.zip": b"PK"}).at == "preview"


def test_what_fails_unexpectedly_ends_it():
    recorder = Recorder()
    recorder.world = recorder.world._replace(call=lambda *_: {}["a bug"])
    with pytest.raises(KeyError, match="a bug"):
        table(*TABLE, ENTER, ENTER, recorder=recorder)
