"""The values of options, from the command line to the parameters: lists, JSON, numbers, files, blobs."""

import pytest

from awsmini.errors import AwsminiError
from awsmini.params.context import ConversionError, ParamError
from tests.command_line import params

TAGS = ["ec2", "create-tags", "--resources", "i-1", "--tags"]


def only(words, member, **context):
    return params(words, **context)[member]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["i-1", "i-2"], ["i-1", "i-2"]),
        (['["i-1","i-2"]'], ["i-1", "i-2"]),
        ([' ["i-1"]'], ["i-1"]),
        (["a,b"], ["a,b"]),
        ([], []),
        ([""], [""]),
        (["[a", "b"], ["[a", "b"]),
    ],
)
def test_lists_of_scalars(words, value):
    assert only(["ec2", "describe-instances", "--instance-ids", *words], "InstanceIds") == value


def test_the_last_list_counts():
    words = ["ec2", "describe-instances", "--instance-ids", "a", "--instance-ids", "b"]
    assert only(words, "InstanceIds") == ["b"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["Key=a,Value=b", "Key=c"], [{"Key": "a", "Value": "b"}, {"Key": "c"}]),
        (['[{"Key":"a"}]'], [{"Key": "a"}]),
        (['{"Key":"a"}', '{"Key":"b"}'], [{"Key": "a"}, {"Key": "b"}]),
        (['Key=k,Value="a,b"'], [{"Key": "k", "Value": "a,b"}]),
        (["Key=é,Value=ü"], [{"Key": "é", "Value": "ü"}]),
        (["Key=a,Value=007"], [{"Key": "a", "Value": "007"}]),
        ([], []),
    ],
)
def test_lists_of_structures(words, value):
    assert only([*TAGS, *words], "Tags") == value


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Key"], "Error parsing parameter '--tags': Expected: '=', received: 'EOF' for input:\n Key\n   ^"),
        (["{a=1}"], "Error parsing parameter '--tags': Invalid JSON: Expecting property name enclosed in double quotes: "
                    "line 1 column 2 (char 1)\nJSON received: {a=1}"),
        (['{"Key":"a"}', "Key=c"], "Error parsing parameter '--tags': Invalid JSON:\nKey=c"),
        (["Key=c", '{"Key":"a"}'], None),
    ],
)  # fmt: skip
def test_broken_lists(words, message):
    with pytest.raises(ParamError) as error:
        params([*TAGS, *words])
    assert message is None or str(error.value) == message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["dynamodb", "get-item", "--table-name", "t", "--key", '{"a"'],
         "Error parsing parameter '--key': Invalid JSON: Expecting ':' delimiter: line 1 column 5 (char 4)\n"
         "JSON received: {\"a\""),
        (["bedrock-runtime", "converse", "--model-id", "m", "--additional-model-request-fields", "a=1"],
         "Error parsing parameter '--additional-model-request-fields': Invalid JSON: Expecting value: line 1 column 1 "
         "(char 0)\nJSON received: a=1"),
        (["s3api", "put-object", "--bucket", "b", "--key", "k", "--body", "/nope"],
         "Error parsing parameter '--body': Blob values must be a path to a file."),
        (["lex-runtime", "post-content", "--bot-name", "a", "--bot-alias", "b", "--user-id", "u", "--content-type", "c",
          "--input-stream", "/dev/null", "--session-attributes", "x", "out"],
         "Error parsing parameter '--session-attributes': Invalid JSON: Expecting value: line 1 column 1 (char 0)\n"
         "JSON received: x"),
    ],
)  # fmt: skip
def test_param_errors(line, message, tmp_path):
    line = [str(tmp_path / "f") if word == "/dev/null" else word for word in line]
    (tmp_path / "f").write_bytes(b"")
    with pytest.raises(ParamError) as error:
        params(line)
    assert (str(error.value), error.value.exit_code) == (message, 252)


IN_BASE64 = ". Binary values are given in base64: as they are with --cli-binary-format raw-in-base64-out, from a file with fileb://."


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["s3api", "list-objects", "--bucket", "b", "--max-keys", "abc"], "invalid literal for int() with base 10: 'abc'"),
        (["route53", "list-hosted-zones", "--max-items", "x"], "invalid literal for int() with base 10: 'x'"),
        (["kms", "encrypt", "--key-id", "k", "--plaintext", "hello"], 'Invalid base64: "hello"' + IN_BASE64),
        # what is no base64 is not passed over: these were read as the base64 of `mysecret` and of nothing
        (["kms", "encrypt", "--key-id", "k", "--plaintext", "my secret!"],
         'Invalid base64: "my secret!"' + IN_BASE64),
        (["firehose", "put-record-batch", "--delivery-stream-name", "d", "--records", "Data=aGk="],
         'Invalid base64: "Data=aGk="' + IN_BASE64),
        (["lambda", "invoke", "--function-name", "f", "--payload", "{}", "out"],
         'Invalid base64: "{}"' + IN_BASE64),
        (["kms", "encrypt", "--key-id", "k", "--plaintext", "é"], 'Invalid base64: "é"' + IN_BASE64),
        (["bedrock-runtime", "converse", "--model-id", "m", "--request-metadata", "a"], None),
    ],
)  # fmt: skip
def test_conversion_errors(line, message):
    with pytest.raises(AwsminiError) as error:
        params(line)
    if message is not None:
        assert (str(error.value), error.value.exit_code, error.value.code) == (message, 255, None)


@pytest.mark.parametrize(
    ("words", "member", "value"),
    [
        (["--max-keys", "5"], "MaxKeys", 5),
        (["--max-keys", " 5 "], "MaxKeys", 5),
        (["--prefix", " a "], "Prefix", " a "),
        (["--prefix", ""], "Prefix", ""),
        (["--fetch-owner"], "FetchOwner", True),
        (["--no-fetch-owner"], "FetchOwner", False),
    ],
)
def test_scalars(words, member, value):
    assert only(["s3api", "list-objects-v2", "--bucket", "b", *words], member) == value


def test_long_and_double_are_read_by_the_parser():
    assert only("logs get-log-events --log-stream-name s --start-time 12", "startTime") == 12
    assert only("cloudwatch put-metric-alarm --alarm-name a --evaluation-periods 1 --comparison-operator x --threshold 1e3",
                "Threshold") == 1000.0  # fmt: skip


@pytest.mark.parametrize(
    ("line", "member", "value"),
    [
        ("bedrock-runtime converse --model-id m --additional-model-request-fields '{\"a\":[1,null]}'",
         "additionalModelRequestFields", {"a": [1, None]}),
        ("bedrock-runtime converse --model-id m --additional-model-request-fields 3", "additionalModelRequestFields", 3),
        ("dynamodb get-item --table-name t --key a={S=x},b={N=1}", "Key", {"a": {"S": "x"}, "b": {"N": "1"}}),
        ("dynamodb get-item --table-name t --key ' {\"a\":{\"S\":\"x\"}}'", "Key", {"a": {"S": "x"}}),
        ("ec2 modify-instance-attribute --instance-id i --kernel x", "Kernel", {"Value": "x"}),
        ("ec2 modify-instance-attribute --instance-id i --kernel Value=x", "Kernel", {"Value": "x"}),
        ("sqs create-queue --queue-name q --attributes 'A = 1 , B = 2'", "Attributes", {"A": "1", "B": "2"}),
        ("elb describe-instance-health --load-balancer-name l --instances i-1 i-2", "Instances",
         [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]),
        ("elb wait any-instance-in-service --load-balancer-name l --instances i-1", "Instances", [{"InstanceId": "i-1"}]),
        ("workspaces reboot-workspaces --reboot-workspace-requests WorkspaceId=w", "RebootWorkspaceRequests",
         [{"WorkspaceId": "WorkspaceId=w"}]),
        ("workspaces reboot-workspaces --reboot-workspace-requests '{\"WorkspaceId\":\"w\"}'", "RebootWorkspaceRequests",
         [{"WorkspaceId": "w"}]),
        ("s3api put-public-access-block --bucket b --public-access-block-configuration BlockPublicAcls=TRUE",
         "PublicAccessBlockConfiguration", {"BlockPublicAcls": True}),
        ("ec2 describe-regions --filters Name=a,Values=b", "Filters", [{"Name": "a", "Values": ["b"]}]),
    ],
)  # fmt: skip
def test_structures(line, member, value):
    assert only(line, member) == value


def test_a_plain_word_for_a_structure_is_a_syntax_error():
    with pytest.raises(ParamError, match="Expected: '='"):
        params("dynamodb get-item --table-name t --key x")


# --- blobs


@pytest.mark.parametrize(
    ("words", "binary_format", "value"),
    [
        (["aGVsbG8="], "base64", b"hello"),
        (["hello"], "raw-in-base64-out", b"hello"),
        (["é"], "raw-in-base64-out", "é".encode()),
        ([""], "base64", b""),
        (["file://text"], "base64", b"hello"),
        (["file://text"], "raw-in-base64-out", b"aGVsbG8=\n"),
        (["fileb://text"], "base64", b"aGVsbG8=\n"),
        (["fileb://text"], "raw-in-base64-out", b"aGVsbG8=\n"),
    ],
)
def test_blobs(words, binary_format, value, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text").write_text("aGVsbG8=\n")
    line = ["kms", "encrypt", "--key-id", "k", "--plaintext", *words]
    assert only(line, "Plaintext", binary_format=binary_format) == value


def test_blobs_inside_shorthand_and_json(tmp_path):
    (tmp_path / "bytes").write_bytes(b"\xff\x00")
    line = ["kinesis", "put-records", "--stream-name", "s", "--records"]
    shorthand = [f"Data@=fileb://{tmp_path}/bytes,PartitionKey=k", "Data=aGk=,PartitionKey=j"]
    assert [record["Data"] for record in only([*line, *shorthand], "Records")] == [b"\xff\x00", b"hi"]
    assert only([*line, '[{"Data":"aGk=","PartitionKey":"k"}]'], "Records")[0]["Data"] == b"hi"
    item = "a={B=aGk=},b={BS=[aGk=,aG8=]}"
    assert only(["dynamodb", "put-item", "--table-name", "t", "--item", item], "Item") == {
        "a": {"B": b"hi"},
        "b": {"BS": [b"hi", b"ho"]},
    }


def test_a_streamed_body_is_the_file_of_a_path(tmp_path):
    (tmp_path / "f").write_bytes(b"body")
    for word in (f"{tmp_path}/f", "$HERE/f"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HERE", str(tmp_path))
            body = only(["s3api", "put-object", "--bucket", "b", "--key", "k", "--body", word], "Body")
        with body:
            assert body.read() == b"body"
            assert body.seekable()
    body = only(["s3api", "put-object", "--bucket", "b", "--key", "k", "--body", f"fileb://{tmp_path}/f"], "Body")
    assert body == b"body"


# --- files


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NAME", "text")
    (tmp_path / "text").write_bytes("héllo\n".encode())
    (tmp_path / "latin").write_bytes("héllo".encode("latin-1"))
    (tmp_path / "tags.json").write_text('[{"Key": "a"}]')
    (tmp_path / "one.txt").write_text("Key=a,Value=b")
    return tmp_path


@pytest.mark.parametrize("word", ["file://text", "file://~/text", "file://$NAME", "file://${NAME}"])
def test_text_files(word, files):
    assert only(["sns", "publish", "--message", word], "Message") == "héllo\n"


@pytest.mark.parametrize("word", ["http://text", "https://text", "s3://text", " file://text", "FILE://text"])
def test_other_prefixes_are_text(word, files):
    assert only(["sns", "publish", "--message", word], "Message") == word


def test_a_list_from_a_file(files):
    assert only([*TAGS, "file://tags.json"], "Tags") == [{"Key": "a"}]
    assert only([*TAGS, "file://tags.json", "Key=b"][:-1], "Tags") == [{"Key": "a"}]


def test_a_file_is_only_looked_for_behind_one_word(files):
    assert only(["ec2", "describe-instances", "--instance-ids", "file://text", "b"], "InstanceIds") == [
        "file://text",
        "b",
    ]


def test_the_encoding_of_files(files):
    words = ["sns", "publish", "--message", "file://latin"]
    assert only(words, "Message", encoding="latin-1") == "héllo"
    with pytest.raises(ConversionError, match=r"^unknown encoding: bogus$"):
        params(words, encoding="bogus")
    with pytest.raises(ParamError) as error:
        params(words, encoding="utf-8")
    assert str(error.value) == (
        "Error parsing parameter '--message': Unable to load paramfile (latin), text contents could not be decoded.  "
        "If this is a binary file, please use the fileb:// prefix instead of the file:// prefix."
    )


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("file://nope", "[Errno 2] No such file or directory: 'nope'"),
        ("fileb://nope", "[Errno 2] No such file or directory: 'nope'"),
        ("file://", "[Errno 2] No such file or directory: ''"),
        ("file://.", "[Errno 21] Is a directory: '.'"),
    ],
)
def test_missing_files(word, reason, files):
    with pytest.raises(ParamError) as error:
        params(["sqs", "send-message", "--queue-url", "u", "--message-body", word])
    assert str(error.value) == f"Error parsing parameter '--message-body': Unable to load paramfile {word}: {reason}"


def test_a_missing_file_inside_shorthand_is_another_error(files):
    with pytest.raises(AwsminiError) as error:
        params([*TAGS, "Key=a,Value@=file://nope"])
    assert str(error.value) == "Unable to load paramfile file://nope: [Errno 2] No such file or directory: 'nope'"
    assert error.value.exit_code == 255
