"""Writing: encodings, closed pipes, the pager on a terminal."""

import io
import os
import pty
import subprocess
import sys
import threading

import pytest

from awsmini.app import App
from awsmini.errors import AwsminiError, PagerError
from awsmini.format import UnknownOutputError, renderer
from awsmini.format.output import check_output_encoding, open_output, pager_command, print_answer, terminal, write_out
from awsmini.format.view import View
from awsmini.paging import PageIterator, PagingConfig


def app(stdout, env=None):
    return App(stdin=io.StringIO(), stdout=stdout, stderr=io.StringIO(), env=env or {})


def printed(answer, output="json", *, encoding="utf-8", errors="strict", env=None):
    """The bytes that a stream of that encoding gets."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="")
    assert print_answer(answer, output, View(operation_name="X"), app(stream, env))
    stream.flush()
    assert (stream.encoding, stream.errors) == (encoding, errors)
    return raw.getvalue()


def test_text_is_written_in_the_encoding_of_the_stream():
    assert printed({"a": "é"}) == '{\n    "a": "é"\n}\n'.encode()
    assert printed({"a": "é"}, encoding="latin-1") == '{\n    "a": "é"\n}\n'.encode("latin-1")


@pytest.mark.parametrize("output", ["json", "ndjson"])
def test_json_escapes_what_the_encoding_lacks(output):
    text = printed({"a": "é\U0001f600"}, output, encoding="ascii")
    assert rb"\u00e9\ud83d\ude00" in text


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("json", rb'"\ud800"'),
        ("ndjson", rb'"\ud800"'),
        ("yaml", rb'"\uD800"'),
        ("text", rb"\ud800"),
        ("table", rb"\ud800"),
        ("csv", rb"\ud800"),
    ],
)
def test_half_a_surrogate_pair_is_an_escape_and_no_crash(output, expected):
    assert expected in printed({"a": "\ud800"}, output)
    assert expected in printed({"a": "\ud800"}, output, errors="surrogateescape")


def test_other_formats_show_a_backslash_escape():
    assert printed({"a": "é"}, "text", encoding="ascii") == b"\\xe9\n"


def test_the_handler_of_PYTHONIOENCODING_is_kept():
    env = {"PYTHONIOENCODING": "ascii:replace"}
    assert printed({"a": "é"}, "text", encoding="ascii", errors="replace", env=env) == b"?\n"


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"AWS_CLI_OUTPUT_ENCODING": "utf-16-le"}, "é\n".encode("utf-16-le")),
        ({"AWS_CLI_OUTPUT_ENCODING": "latin-1", "PYTHONUTF8": "1"}, b"\xe9\n"),
        ({"PYTHONUTF8": "1"}, "é\n".encode()),
        ({"PYTHONUTF8": "0"}, b"\\xe9\n"),
    ],
)
def test_encodings_of_the_environment(env, expected):
    assert printed({"a": "é"}, "text", encoding="ascii", env=env) == expected


def test_an_unknown_codec_is_an_error():
    with pytest.raises(AwsminiError) as raised:
        check_output_encoding({"AWS_CLI_OUTPUT_ENCODING": "bogus"})
    assert str(raised.value) == "Unknown codec `bogus` specified for AWS_CLI_OUTPUT_ENCODING."
    assert raised.value.exit_code == 255
    assert raised.value.code is None
    check_output_encoding({"AWS_CLI_OUTPUT_ENCODING": "utf8"})
    check_output_encoding({})


def test_an_unknown_output_is_an_error():
    with pytest.raises(UnknownOutputError, match="Unknown output type: xml") as raised:
        renderer("xml")
    assert raised.value.exit_code == 255


def test_off_asks_for_every_page_and_prints_nothing():
    pages = iter([{"I": [1], "N": "x"}, {"I": [2]}])
    paginator = {"input_token": "T", "output_token": "N", "result_key": "I"}
    assert printed(PageIterator(lambda _: next(pages), paginator, {}, PagingConfig()), "off") == b""
    assert list(pages) == []
    assert printed({"a": 1}, "off") == b""


def closed_pipe():
    """A stream whose other end is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w", encoding="utf-8")


@pytest.mark.parametrize("output", ["json", "text", "yaml-stream", "ndjson", "csv"])
def test_a_closed_pipe_ends_the_listing_quietly(output):
    asked = []

    def call(_):
        asked.append(1)
        return {"I": [{"a": "x" * 100_000}], "N": str(len(asked))}

    paginator = {"input_token": "T", "output_token": "N", "result_key": "I"}
    config = PagingConfig(max_items=5)
    stream = closed_pipe()
    world = app(stream)
    view = View(output_shape=None, result_keys=("I",))
    assert print_answer(PageIterator(call, paginator, {}, config), output, view, world) is False
    assert len(asked) == (5 if output in ("json", "csv") else 1)  # csv: columns unknown
    stream.write("more")
    stream.close()  # nothing is left that could complain at exit


def test_a_full_disk_is_no_closed_pipe():
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as full:
        with pytest.raises(OSError, match="No space left"):
            write_out(["text"], app(full))
        full.write("more")  # nothing is left that could complain at exit


def test_a_real_pipe_closed_by_head():
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from awsmini.app import process_app; from awsmini.format.output import write_out\n"
        "sys.exit(write_out(('x' * 70 + '\\n' for _ in range(100000)), process_app(), flush_each=True))"
    )
    command = f'"{sys.executable}" -c "$CODE" | head -n 1'
    done = subprocess.run(
        ["sh", "-c", command], env={**os.environ, "CODE": code}, capture_output=True, timeout=30, check=True
    )
    assert done.stdout == b"x" * 70 + b"\n"
    assert done.stderr == b""


def test_a_listing_cut_short_says_on_stderr_where_it_goes_on():
    world = app(io.StringIO())
    pages = PageIterator(
        lambda _: {"I": [1, 2], "N": "x"},
        {"input_token": "T", "output_token": "N", "result_key": "I"},
        {},
        PagingConfig(max_items=1),
    )
    print_answer(pages, "ndjson", View(), world)
    assert world.stdout.getvalue() == "1\n"
    assert world.stderr.getvalue() == f"There is more; continue with --starting-token {pages.resume_token}\n"


class Screen:
    """A pseudo terminal; `text` is what has come out at its other end."""

    def __init__(self):
        self.reader, writer = pty.openpty()
        self.stream = os.fdopen(writer, "w", encoding="utf-8")
        self.chunks = []
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        try:
            while chunk := os.read(self.reader, 4096):
                self.chunks.append(chunk)
        except OSError:  # how Linux says that the other end is closed
            pass

    def text(self):
        self.stream.close()
        self.thread.join(10)
        os.close(self.reader)
        return b"".join(self.chunks).decode().replace("\r\n", "\n")


BLUE_KEY = '\x1b[34;1m"a"\x1b[0m'


@pytest.fixture
def screen():
    return Screen()


PATH = {"PATH": os.environ["PATH"]}


def test_on_a_terminal_the_pager_shows_it(screen):
    assert write_out(["one\n", "two\n"], app(screen.stream, PATH), pager="sed s/^/paged:/")
    assert screen.text() == "paged:one\npaged:two\n"


@pytest.mark.parametrize(("env", "flags"), [({}, "FRX"), ({"LESS": "-S"}, "-S"), ({"LESS": ""}, "")])
def test_less_gets_its_flags_where_it_has_none(screen, env, flags):
    write_out(["x"], app(screen.stream, {**PATH, **env}), pager="sh -c 'cat >/dev/null; echo \"[$LESS]\"'")
    assert screen.text() == f"[{flags}]\n"


def test_a_pager_is_not_started_for_nothing(screen):
    assert write_out([], app(screen.stream, PATH), pager="echo started")
    assert write_out([""], app(screen.stream, PATH), pager="echo started")
    assert screen.text() == ""


def test_no_pager_when_it_is_empty(screen):
    assert write_out(["x\n"], app(screen.stream, {**PATH, "PAGER": "echo paged"}), pager="")
    assert screen.text() == "x\n"


def test_no_pager_without_a_terminal():
    world = app(io.StringIO(), PATH)
    write_out(["x\n"], world, pager="echo paged")
    assert world.stdout.getvalue() == "x\n"


def test_a_missing_pager_is_an_error(screen):
    with pytest.raises(PagerError) as raised:
        write_out(["x"], app(screen.stream, PATH), pager="no-such-pager -x")
    screen.text()
    assert raised.value.exit_code == 253
    assert str(raised.value) == (
        "Unable to redirect output to pager. Received the following error when opening pager:\n"
        "[Errno 2] No such file or directory: 'no-such-pager'\n\n"
        'Learn more about configuring the output pager by running "awsmini help config-vars".'
    )


def test_a_pager_whose_quotes_are_open_is_an_error(screen):
    message = r"^The pager's command less 'x \(cli_pager\) is not complete: No closing quotation$"
    with pytest.raises(AwsminiError, match=message) as raised:
        write_out(["x"], app(screen.stream, PATH), pager="less 'x")
    screen.text()
    assert raised.value.exit_code == 255


@pytest.mark.parametrize("variable", ["AWS_PAGER", "PAGER"])
def test_it_is_told_where_the_pager_was_named(screen, variable):
    with pytest.raises(AwsminiError, match=rf"\({variable}\)"):
        write_out(["x"], app(screen.stream, {**PATH, variable: '"x'}), pager='"x' if variable == "AWS_PAGER" else None)
    screen.text()


def test_a_blank_pager_is_an_error(screen):
    with pytest.raises(AwsminiError, match=r"^The name of the pager is blank \(cli_pager\)\.$") as raised:
        write_out(["x"], app(screen.stream, PATH), pager=" ")
    screen.text()
    assert raised.value.exit_code == 255


@pytest.mark.parametrize(
    ("pager", "env", "colored"),
    [
        ("", {}, True),
        ("cat", {}, True),
        ("sed s/^/x/", {}, False),
        ("/usr/bin/less", {}, True),
        ("less", {"LESS": "-S"}, False),
        ("less -R", {"LESS": "-S"}, True),
        ("less", {"LESS": "-iRX"}, True),
        ("jq .", {}, False),
        ("more", {}, False),
    ],
)
def test_colours_go_to_those_who_show_them(screen, monkeypatch, pager, env, colored):
    monkeypatch.setattr("awsmini.format.pager.Popen", lambda _, **how: subprocess.Popen(["cat"], **how))
    print_answer({"a": 1}, "json", View(is_tty=True), app(screen.stream, {**PATH, **env}), pager=pager)
    assert (BLUE_KEY in screen.text()) is colored


def test_colours_that_are_asked_for_go_to_any_pager(screen):
    print_answer({"a": 1}, "json", View(is_tty=True, color="on"), app(screen.stream, PATH), pager="sed s/^/x/")
    assert BLUE_KEY in screen.text()


def test_leaving_the_pager_early_is_quiet(screen):
    assert write_out(("x" * 1000 for _ in range(1000)), app(screen.stream, PATH), pager="true") is False
    screen.text()


def test_an_error_on_the_way_closes_the_pager(screen):
    def chunks():
        yield "first\n"
        raise AwsminiError("later")

    with pytest.raises(AwsminiError, match="later"):
        write_out(chunks(), app(screen.stream, PATH), pager="cat")
    assert screen.text() == "first\n"


def test_which_pager():
    assert pager_command(None, {}) == "less"
    assert pager_command(None, {"PAGER": "most"}) == "most"
    assert pager_command(None, {"PAGER": ""}) == ""
    assert pager_command("bat", {"PAGER": "most"}) == "bat"
    assert pager_command("", {"PAGER": "most"}) == ""


def test_what_is_a_terminal(screen):
    assert terminal(io.StringIO()) == (False, 80)
    assert terminal(screen.stream) == (True, 80)
    subprocess.run(["stty", "cols", "123"], stdin=screen.stream, check=True)
    assert terminal(screen.stream) == (True, 123)
    screen.text()


def test_a_terminal_without_boxes_gets_none(screen):
    screen.stream.reconfigure(encoding="ascii")
    print_answer(
        {"A": "1", "B": "2"},
        "table",
        View(operation_name="X", is_tty=True, no_color=True),
        app(screen.stream),
        pager="",
    )
    assert screen.text().startswith("-----")


def test_writing_piece_by_piece():
    world = app(io.StringIO())
    with open_output(world) as (write, flush):
        write("a")
        flush()
        write("b")
    assert world.stdout.getvalue() == "ab"
