"""The keys, on a screen that nobody sees: what they do to the line and to the panes."""

import io
import json
import time
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.input.base import PipeInput
from prompt_toolkit.output import DummyOutput

from awsmini import log
from awsmini.app import App
from awsmini.model.cli_names import cli_services
from awsmini.prompt.editor import Prompt

UP, DOWN, TAB, ENTER, ESCAPE, BACKSPACE = "\x1b[A", "\x1b[B", "\t", "\r", "\x1b", "\x7f"
F1, F2, F3, F4, F5 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~"
CTRL_C, CTRL_D, CTRL_R, CTRL_S, CTRL_U = "\x03", "\x04", "\x12", "\x13", "\x15"
LEFT = "\x1b[D"
FIRST = min(cli_services())  # of all that is offered on an empty line


class Typist:
    """Types into a prompt that runs in another thread, and waits for what comes of it."""

    def __init__(self, prompt: Prompt, pipe: PipeInput, line: str) -> None:
        self.screen = prompt.screen
        self._pipe = pipe
        self.done: list[str | None] = []
        self._thread = Thread(target=lambda: self.done.append(prompt.run(line)))
        self._thread.start()

    def keys(self, *keys: str) -> None:
        for key in keys:
            self._pipe.send_text(key)

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, f"not come to be: {self.line!r}, {self.menu[:5]}"
            assert self._thread.is_alive(), f"left with {self.done}"
            time.sleep(0.01)

    @property
    def line(self) -> str:
        return self.screen.line.text

    @property
    def menu(self) -> list[str]:
        state = self.screen.line.complete_state
        is_current = state and (state.original_document.text == self.line or state.complete_index is not None)
        return [completion.display_text for completion in state.completions] if is_current else []

    def offered(self, *names: str) -> None:
        """Wait until the menu begins with these."""
        self.until(lambda: tuple(self.menu[: len(names)]) == names)

    def closed(self) -> None:
        self.until(lambda: self.screen.line.complete_state is None)

    def ended(self) -> str | None:
        self._thread.join(60)
        assert not self._thread.is_alive()
        return self.done[0]


@pytest.fixture
def typing(env) -> Iterator[Callable[..., Typist]]:
    """Opens a prompt on a line."""
    with create_pipe_input() as pipe:
        typists: list[Typist] = []

        def opened(line: str = "", *, debug: bool = False) -> Typist:
            app = App(
                stdin=io.StringIO(),
                stdout=io.TextIOWrapper(io.BytesIO(), "utf-8"),
                stderr=io.StringIO(),
                env=env,
            )
            typists.append(Typist(Prompt(app, pipe, DummyOutput(), debug=debug), pipe, line))
            return typists[0]

        yield opened
        if not typists[0].done:
            pipe.send_text(CTRL_C)
        typists[0].ended()


def test_the_words_typed_so_far_stand_on_the_line_and_the_menu_is_open(typing):
    typist = typing("kinesisv")
    typist.offered("kinesisvideo")
    assert typist.line == "kinesisv"


def test_a_finished_word_is_left_behind(typing):
    typist = typing("kinesisvideo create-stream")
    typist.offered("--stream-name (required)")
    assert typist.line == "kinesisvideo create-stream "


def test_what_is_chosen_is_taken_by_enter_and_run_by_another(typing):
    typist = typing()
    typist.keys("kinv")
    typist.offered("kinesisvideo")
    typist.keys(DOWN)
    typist.until(lambda: typist.line == "kinesisvideo")
    typist.keys(ENTER)
    typist.closed()
    typist.keys(" lststrm")
    typist.offered("list-streams")
    typist.keys(TAB, ENTER)
    typist.closed()
    assert typist.line == "kinesisvideo list-streams"
    typist.keys(ENTER)
    assert typist.ended() == "kinesisvideo list-streams"


def test_enter_closes_a_menu_in_which_nothing_is_chosen(typing):
    typist = typing()
    typist.keys("kinesisv")
    typist.offered("kinesisvideo")
    typist.keys(ENTER)
    typist.closed()
    assert typist.line == "kinesisv"
    assert not typist.done


def test_a_line_typed_at_once_runs(typing):
    typist = typing()
    typist.offered(FIRST)
    typist.keys(ENTER)
    typist.closed()
    typist.keys("sts get-caller-identity" + ENTER)
    assert typist.ended() == "sts get-caller-identity"


def test_backspace_opens_the_menu_again(typing):
    typist = typing()
    typist.keys("kinesisvx")
    typist.keys(BACKSPACE)
    typist.offered("kinesisvideo")


def test_the_menu_is_that_of_the_cursor(typing):
    typist = typing()
    typist.keys("-v sts")
    typist.keys(*[LEFT] * 4, BACKSPACE)
    typist.keys("-outp")
    typist.offered("--output")
    typist.keys(TAB, ENTER)
    typist.closed()
    assert typist.line == "--output sts"


def test_a_folder_goes_on_with_what_is_in_it(typing, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.json").touch()
    typist = typing()
    typist.keys("dynamodb put-item --item file://f")
    typist.offered("folder/")
    typist.keys(TAB, ENTER)
    typist.offered("a.json")
    typist.keys(TAB, ENTER)
    typist.closed()
    assert typist.line == "dynamodb put-item --item file://folder/a.json"


def test_a_line_that_is_not_finished_goes_on(typing):
    typist = typing()
    typist.offered(FIRST)
    typist.keys(ENTER)
    typist.closed()
    typist.keys("x 'a" + ENTER)
    typist.until(lambda: typist.line == "x 'a\n")
    typist.keys("b' \\" + ENTER)
    typist.until(lambda: typist.line.endswith("\\\n"))
    typist.keys("c" + ENTER)
    assert typist.ended() == "x 'a\nb' \\\nc"


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("pane", ["", F3 + F2])
def test_leaving(typing, key, pane, tmp_path):
    typist = typing("sts get-caller-identity --output json")
    typist.keys(pane)
    typist.keys(key)
    assert typist.ended() is None
    assert typist.line == "sts get-caller-identity --output json"
    assert not (tmp_path / ".aws").exists()


def test_panes_open_close_and_are_gone_through(typing):
    typist = typing("kinesisvideo list-streams")
    screen = typist.screen
    typist.keys(F3, F5, F1)
    typist.until(lambda: screen.panes[:3] == (True, True, True))
    typist.until(lambda: "list-streams" in screen.docs.text.partition("DESCRIPTION")[0])
    typist.until(lambda: '"StreamInfoList": [' in screen.output.text)
    for focus in ("docs", "output", "input", "docs"):
        typist.keys(F2)
        typist.until(lambda focus=focus: screen.focus == focus)
    typist.keys("G")
    typist.until(lambda: screen.docs.document.is_cursor_at_the_end or screen.docs.document.on_last_line)
    typist.keys("kk")
    typist.until(lambda: screen.docs.document.cursor_position_row == screen.docs.document.line_count - 3)
    typist.keys("g")
    typist.until(lambda: screen.docs.document.on_first_line)
    typist.keys("jj")
    typist.until(lambda: screen.docs.document.cursor_position_row == 2)
    typist.keys("/OPTIONS" + ENTER)
    typist.until(lambda: screen.docs.document.current_line == "OPTIONS")
    typist.keys("q")
    typist.until(lambda: screen.focus == "input")
    typist.keys(F2, F3)  # closing the pane that one is in leads back to the line
    typist.until(lambda: screen.panes[:3] == (False, True, True))
    typist.until(lambda: screen.focus == "input")
    typist.keys(F5, F1)
    typist.until(lambda: not any(screen.panes))


def test_panes_follow_the_line(typing):
    typist = typing("kinesisvideo")
    screen = typist.screen
    typist.keys(F3, F5)
    typist.until(lambda: screen.docs.text.startswith("NAME\n    awsmini kinesisvideo - "))
    typist.until(lambda: screen.output.text == "No output")
    typist.keys(" list-streams --output text")
    typist.until(lambda: screen.docs.text.startswith("NAME\n    awsmini kinesisvideo list-streams"))
    typist.until(lambda: screen.output.text.startswith("NextToken\nSTREAMINFOLIST"))
    typist.keys(" --page-size ")
    typist.until(lambda: screen.docs.document.current_line == "    --page-size (integer)")


def test_one_column_or_many(typing):
    typist = typing()
    typist.keys(F4)
    typist.until(lambda: typist.screen.many_columns)
    typist.keys(F4)
    typist.until(lambda: not typist.screen.many_columns)


@pytest.fixture
def past(tmp_path):
    path = tmp_path / ".aws/cli/cache/prompt_history.json"
    path.parent.mkdir(parents=True)
    lines = ["ec2 describe-vpcs", "s3api list-buckets", "ec2 describe-vpcs"]
    path.write_text(json.dumps({"version": 1, "commands": lines}))
    return lambda: json.loads(path.read_text())["commands"]


def test_history_is_searched(typing, past):
    typist = typing()
    typist.keys(CTRL_R)
    typist.offered("ec2 describe-vpcs", "s3api list-buckets")
    typist.keys("lbuck")
    typist.offered("s3api list-buckets")
    assert typist.screen.searches_history
    typist.keys(DOWN)
    typist.until(lambda: typist.line == "s3api list-buckets")
    typist.keys(ENTER)
    typist.until(lambda: not typist.screen.searches_history)
    typist.closed()
    typist.keys(ENTER)
    assert typist.ended() == "s3api list-buckets"
    assert past() == ["ec2 describe-vpcs", "s3api list-buckets", "ec2 describe-vpcs", "s3api list-buckets"]


def test_escape_ends_the_search_with_the_line_as_it_was(typing, past):
    typist = typing()
    typist.keys(CTRL_R)
    typist.keys("lbuck")
    typist.offered("s3api list-buckets")
    typist.keys(DOWN)
    typist.until(lambda: typist.line == "s3api list-buckets")
    typist.keys(ESCAPE)
    typist.until(lambda: not typist.screen.searches_history)
    assert typist.line == "lbuck"


def test_a_space_ends_the_search_where_a_line_is_chosen(typing, past):
    typist = typing()
    typist.keys(CTRL_R)
    typist.keys("ec2 desc")
    typist.until(lambda: typist.line == "ec2 desc")
    typist.offered("ec2 describe-vpcs")
    assert typist.screen.searches_history
    typist.keys(DOWN)
    typist.until(lambda: typist.line == "ec2 describe-vpcs")
    typist.keys(" ")
    typist.offered("--filters")
    assert not typist.screen.searches_history


def test_the_arrow_goes_through_the_history(typing, past):
    typist = typing()
    typist.offered(FIRST)
    typist.keys(ENTER)
    typist.closed()
    typist.keys(UP, UP)
    typist.until(lambda: typist.line == "s3api list-buckets")


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("ec2 describe-vpcs", False),  # the same as the last
        ("ec2 describe-vpcs x", True),
        ("iam create-login-profile --user-name a --password hunter2", False),
    ],
)
def test_what_the_history_keeps(typing, past, line, kept):
    typist = typing()
    typist.offered(FIRST)
    typist.keys(ENTER)
    typist.closed()
    typist.keys(UP)  # the history is read
    typist.until(lambda: typist.line == "ec2 describe-vpcs")
    typist.keys(CTRL_U + line + ENTER)
    assert typist.ended() == line
    assert (past()[-1] == line and len(past()) == 4) is kept


def test_what_debug_tells_is_seen_and_saved(typing, tmp_path):
    typist = typing("--debug", debug=True)
    (tmp_path / "taken").mkdir()
    log.debug("prompt", "hello: %s", "there")
    typist.until(lambda: "awsmini.prompt - DEBUG - hello: there" in typist.screen.log.buffer.text)
    typist.keys(CTRL_S, CTRL_U, "nosuch/x.log", ENTER)
    typist.until(lambda: typist.screen.log.told == "It cannot be written: No such file or directory")
    typist.keys(CTRL_U, "~/mine.log", ENTER)
    typist.until(lambda: (tmp_path / "mine.log").exists())
    assert "hello: there" in (tmp_path / "mine.log").read_text()
    typist.until(lambda: typist.screen.focus == "input" and typist.screen.layout.buffer_has_focus)
    typist.keys("x")
    typist.until(lambda: typist.line.endswith("x"))
    typist.keys(CTRL_C)
    assert typist.ended() is None
    assert not log.is_on()


def test_without_debug_nothing_is_saved(typing):
    typist = typing()
    typist.keys(CTRL_S, "sts")
    typist.until(lambda: typist.line == "sts")
