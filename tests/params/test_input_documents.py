import io
import json
import os
import threading
from datetime import date

import pytest

from awsmini.errors import ParamValidationError
from awsmini.params.context import ConversionError, ParamError
from awsmini.params.yaml_documents import load, quoted
from tests.command_line import built, params


def queue(*words, **context):
    return params(["sqs", "create-queue", *words], **context)


def test_json():
    assert queue("--cli-input-json", '{"QueueName":"a","Attributes":{"x":"1"}}') == {
        "QueueName": "a",
        "Attributes": {"x": "1"},
    }


def test_yaml():
    assert queue("--cli-input-yaml", "QueueName: yes\nAttributes: {x: '1'}") == {
        "QueueName": "yes",
        "Attributes": {"x": "1"},
    }


@pytest.mark.parametrize("option", ["--cli-input-json", "--cli-input-yaml"])
def test_options_win_over_the_document(option):
    assert queue(option, '{"QueueName": "a", "tags": {"t": "1"}}', "--queue-name", "b") == {
        "QueueName": "b",
        "tags": {"t": "1"},
    }


@pytest.mark.parametrize("option", ["--cli-input-json", "--cli-input-yaml"])
def test_from_a_file_and_from_stdin(option, tmp_path):
    (tmp_path / "f").write_text('{"QueueName": "a"}')
    assert queue(option, f"file://{tmp_path}/f") == {"QueueName": "a"}
    assert queue(option, "-", stdin=io.StringIO('{"QueueName": "a"}')) == {"QueueName": "a"}


def test_api_names_also_where_the_option_has_another():
    words = ["ec2", "run-instances", "--cli-input-json", '{"MinCount":1,"MaxCount":1,"ImageId":"x"}']
    assert params(words) == {"MinCount": 1, "MaxCount": 1, "ImageId": "x"}


def test_blobs_in_documents():
    assert params(["kms", "encrypt", "--cli-input-json", '{"Plaintext":"aGk="}']) == {"Plaintext": b"hi"}
    words = ["kms", "encrypt", "--cli-input-json", '{"Plaintext":"aGk="}']
    assert params(words, binary_format="raw-in-base64-out") == {"Plaintext": b"aGk="}
    assert params(["kms", "encrypt", "--cli-input-yaml", "Plaintext: !!binary aGk="]) == {"Plaintext": b"hi"}


def test_paging_members_in_the_document_turn_paging_off():
    assert not built(["s3api", "list-objects-v2", "--cli-input-json", '{"Bucket":"b","MaxKeys":3}']).paginate
    assert built(["s3api", "list-objects-v2", "--cli-input-json", '{"Bucket":"b","Prefix":"x"}']).paginate


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--cli-input-json", "{}", "--cli-input-yaml", "{}"], "Only one --cli-input- parameter may be specified."),
        (["--cli-input-json", '{"a'], "Error parsing parameter 'cli-input-json': Invalid JSON received. "
         "Unterminated string starting at: line 1 column 2 (char 1)"),
        (["--cli-input-yaml", "a: : b"], "Error parsing parameter 'cli-input-yaml': Invalid YAML received. "
         "mapping values are not allowed here: line 1 column 4"),
        (["--cli-input-yaml", "{a: 1, a: 2}"], "Error parsing parameter 'cli-input-yaml': Invalid YAML received. "
         "a key stands twice: line 1 column 1"),
        (["--cli-input-json", "[1]"],
         "Error parsing parameter '--cli-input-json': Invalid type: expecting map, received <class 'list'>"),
        (["--cli-input-yaml", "x"],
         "Error parsing parameter '--cli-input-yaml': Invalid type: expecting map, received <class 'str'>"),
        (["--cli-input-json", "file://nope"],
         "Error parsing parameter '--cli-input-json': Unable to load paramfile file://nope: [Errno 2] No such file or "
         "directory: 'nope'"),
    ],
)  # fmt: skip
def test_errors(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParamValidationError) as error:
        queue(*words)
    assert str(error.value) == message
    assert error.value.exit_code == 252
    assert len(words) == 2 or not isinstance(error.value, ParamError)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("on", "on"), ("y", "y"), ("Off", "Off"), ("true", True), ("False", False), ("~", None), ("null", None),
        ("010", 10), ("0o10", 8), ("0x1F", 31), ("0b11", 3), ("-5", -5), ("+5", 5), ("1_000", 1000), ("1:30", "1:30"),
        ("1.5", 1.5), ("1e3", 1000.0), (".5", 0.5), ("-.inf", float("-inf")), ("1.", 1.0), ("2020-01-01", date(2020, 1, 1)),
        ("!!binary aGk=", b"hi"), ("'1'", "1"), ("[a, 1]", ["a", 1]), ("", None), ("&a [1]", [1]), ("!!str 5", "5"),
        ("{<<: {a: 1}, b: 2}", {"a": 1, "b": 2}), ("é", "é"), ('{\n\t"a":\t1,\n\t"b": [\t2\t]\n}', {"a": 1, "b": [2]}),
        ("{a: ::/0, b: :c, d: [:e, ::1]}", {"a": "::/0", "b": ":c", "d": [":e", "::1"]}), ('{"a":1}', {"a": 1}),
        ("{a: b:c, d: http://e:80/f}", {"a": "b:c", "d": "http://e:80/f"}),
    ],
)  # fmt: skip
def test_yaml_scalars(text, value):
    assert load(text) == value


@pytest.mark.parametrize(
    "text", ["a: b: c", "[", "{:a}", "a:\n\t- b", "{a: 1, a: 2}", "'", "a\n---\nb", "!!python/object:os.system x", "*x"]
)
def test_broken_yaml(text):
    with pytest.raises(ValueError):
        load(text)


def test_a_date_that_there_is_none_of():
    with pytest.raises(ConversionError, match=r"month must be in 1\.\.12"):
        load("a: 2020-13-01")


@pytest.mark.parametrize(
    "text", ["", "yes", "true", "null", "~", "1", "0x1", "1.5", "a: b", "# x", "- a", "@x", "NULL", "2020-01-01", "a b", "é", "x" * 200]
)  # fmt: skip
def test_quoted_text_is_read_back(text):
    assert load(quoted(text)) == text
    assert "\n" not in quoted(text)


MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize("content", [b"%s", MARK + b"%s"])
@pytest.mark.parametrize("source", ["/dev/stdin", "/dev/fd/0", "fifo"])
@pytest.mark.parametrize(
    ("words", "text", "asked"),
    [
        (["dynamodb", "describe-table", "--cli-input-json"], b'{"TableName": "b"}', {"TableName": "b"}),
        (["dynamodb", "describe-table", "--cli-input-yaml"], b"TableName: b", {"TableName": "b"}),
        (["dynamodb", "get-item", "--table-name", "b", "--key"], b'{"a": {"S": "x"}}',
         {"TableName": "b", "Key": {"a": {"S": "x"}}}),
        (["dynamodb", "tag-resource", "--resource-arn", "a", "--tags"], b'[{"Key": "a", "Value": "b"}]',
         {"ResourceArn": "a", "Tags": [{"Key": "a", "Value": "b"}]}),
    ],
)  # fmt: skip
def test_a_pipe_is_read_once(aws, words, text, asked, source, content):
    command = [*words, f"file://{source}", "--print-request", "json"]
    stdin = content % text
    if source == "fifo":
        os.mkfifo(aws.home / "fifo")
        writer = threading.Thread(target=(aws.home / "fifo").write_bytes, args=[stdin], daemon=True)
        writer.start()
    done = aws.run(command, stdin=stdin, timeout=20)
    assert json.loads(done.json["body"]) == asked


def test_what_a_file_says_is_no_file_name(aws):
    (aws.home / "outer").write_text("file://inner")
    (aws.home / "inner").write_text('{"TableName": "b"}')
    message = aws("dynamodb describe-table --cli-input-json file://outer").message
    assert message.endswith("Invalid JSON received. Expecting value: line 1 column 1 (char 0) in file://outer")
