"""What the menu holds for a line."""

import json
from threading import Thread

import pytest

from awsmini.prompt.offers import Choice, Offers, closing
from tests.terminal import CREDENTIALS


@pytest.fixture
def offers(env):
    return Offers(env)


def shown(choices: list[Choice]) -> list[str]:
    return [choice.shown for choice in choices]


def lines(before: str, choices: list[Choice]) -> list[str]:
    """The lines that the choices make."""
    return [before[: len(before) - choice.length] + choice.text for choice in choices]


@pytest.mark.parametrize(
    ("before", "first"),
    [
        # Commands
        ("kinv", ["kinesisvideo", "kinesis-video-archived-media"]),
        ("ec2 descinst", ["ec2 describe-instance-attribute"]),
        ("ec2 run-inst", ["ec2 run-instances"]),
        ("help ret", ["help return-codes"]),
        ("configure exp", ["configure export-credentials"]),
        ("ec2 wait inrun", ["ec2 wait instance-running"]),
        # Options, with dashes and without
        ("ec2 describe-vpcs --vpid", ["ec2 describe-vpcs --vpc-ids"]),
        ("ec2 describe-vpcs vpci", ["ec2 describe-vpcs --vpc-ids"]),
        ("ec2 describe-vpcs -vpci", ["ec2 describe-vpcs --vpc-ids"]),
        ("--rgn", ["--region"]),
        # Values
        ("--output tx", ["--output text"]),
        ("--output=tx", ["--output=text"]),
        ("--region euw1", ["--region eu-west-1"]),
        ("--region cn-north", ["--region cn-north-1"]),
        ("ec2 run-instances --instance-type t3mic", ["ec2 run-instances --instance-type t3.micro"]),
        ("s3api get-object --checksum-mode en", ["s3api get-object --checksum-mode ENABLED"]),
        # Shorthand
        ("ec2 describe-vpcs --filters va", ["ec2 describe-vpcs --filters Values="]),
        ("ec2 describe-vpcs --filters Name=x,va", ["ec2 describe-vpcs --filters Name=x,Values="]),
        ("ec2 run-instances --placement Tenancy=de", ["ec2 run-instances --placement Tenancy=dedicated",
                                                      "ec2 run-instances --placement Tenancy=default"]),
        ("ec2 run-instances --block-device-mappings Ebs={VTyp",
         ["ec2 run-instances --block-device-mappings Ebs={VolumeType="]),
        # --query
        ("ec2 describe-vpcs --query vp", ["ec2 describe-vpcs --query Vpcs"]),
        ("ec2 describe-vpcs --query Vpcs[].cidr", ["ec2 describe-vpcs --query Vpcs[].CidrBlock"]),
        ("ec2 describe-vpcs --query 'Vpcs[].cidr", ["ec2 describe-vpcs --query 'Vpcs[].CidrBlock"]),
    ],
)  # fmt: skip
def test_the_best_choices(offers, before, first):
    assert lines(before, offers.choices(before))[: len(first)] == first


@pytest.mark.parametrize(
    "before",
    [
        "ec2 describe-instances",  # a whole command, and no other begins so
        "ec2 describe-vpcs --vpc-ids",
        "--region",
        "nosuch x",
        "ec2 nosuch --zq",
    ],
)
def test_nothing(offers, before):
    assert offers.choices(before) == []


def test_required_options_come_first_and_are_marked(offers):
    choices = offers.choices("dynamodb get-item ")
    assert shown(choices)[:3] == ["--table-name (required)", "--key (required)", "--attributes-to-get"]
    assert choices[0].text == "--table-name"
    assert choices[0].note.startswith("[string] ")
    assert shown(offers.choices("dynamodb get-item --table-name t "))[:2] == ["--key (required)", "--attributes-to-get"]
    assert shown(offers.choices("logs put-metric-filter "))[:2] == [
        "--log-group-name (required)",
        "--filter-name (required)",
    ]


def test_used_options_and_those_of_the_prompt_are_left_out(offers):
    choices = shown(offers.choices("ec2 describe-vpcs --region x --dry-run "))
    assert "--output" in choices
    assert not {"--region", "--dry-run", "--cli-auto-prompt", "--no-cli-auto-prompt"} & set(choices)
    assert not {"--cli-auto-prompt", "--no-cli-auto-prompt"} & set(shown(offers.choices("--cli-auto")))


def test_notes(offers):
    assert offers.choices("kinesisvid")[0].note == "Amazon Kinesis Video Streams"
    by_name = {choice.text: choice.note for choice in offers.choices("kinesisvideo list-streams ")}
    assert by_name["--page-size"] == "[integer] How many items one call asks for"
    assert by_name["--region"].startswith("[string] The region to call")
    assert offers.choices("ec2 describe-vpcs --filters ")[0].note == "[string]"


def test_notes_of_the_service_itself(offers):
    pytest.importorskip("botocore")
    by_name = {choice.text: choice.note for choice in offers.choices("kinesisvideo create-stream ")}
    assert by_name["--stream-name"].startswith("[string] A name for the stream")


def test_files(offers, tmp_path):
    (tmp_path / "in ner").mkdir()
    (tmp_path / "in ner" / "a'b.json").touch()
    (tmp_path / "order.json").touch()
    (tmp_path / ".hidden").touch()
    before = "dynamodb put-item --item file://"
    assert lines(before, offers.choices(before)) == [f"{before}.hidden", f"{before}in\\ ner/", f"{before}order.json"]
    assert shown(offers.choices(before)) == [".hidden", "in ner/", "order.json"]
    assert shown(offers.choices(f"{before}orj")) == ["order.json"]
    assert shown(offers.choices(f"{before}.")) == [".hidden", "order.json"]
    assert lines("x", offers.choices(f"{before}in\\ ner/")) == ["file://in\\ ner/a\\'b.json"]
    assert [choice.text for choice in offers.choices(f'{before[:-7]}"file://in ner/ajs')] == [
        "\"file://in ner/a'b.json"
    ]


def test_profiles_and_aliases(offers, tmp_path):
    (tmp_path / ".aws/cli").mkdir(parents=True)
    (tmp_path / ".aws/config").write_text("[profile staging]\n[profile prod]\n")
    (tmp_path / ".aws/cli/alias").write_text("[toplevel]\nwho =\n  sts\n  get-caller-identity\n")
    assert shown(offers.choices("--profile stg")) == ["staging"]
    assert offers.choices("wh")[0] == Choice("who", 2, "who", "alias: sts get-caller-identity")
    assert "--output" in shown(offers.choices("who "))


@pytest.mark.parametrize(
    ("text", "missing"),
    [("", ""), ("{", "}"), ("[{", "}]"), ("a={b=[c", "]}"), ("{}", ""), ("}", ""), ("{]", ""), ("[{}", "]")],
)
def test_closing(text, missing):
    assert closing(text) == missing


def test_open_brackets_are_closed(offers):
    before = "ec2 run-instances --block-device-mappings Ebs={Iops=1"
    choice = offers.choices(before)[-1]
    assert (choice.shown, lines(before, [choice])) == ("Autoclose brackets", [f"{before}}}"])
    assert "Autoclose brackets" not in shown(offers.choices(f"{before}}}"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sts get-caller-identity", True),
        ("sts get-caller", False),
        ("ec2", False),  # ec2-instance-connect begins so
        ("sts", True),
        ("st", False),
        ("sts ", True),
        ("nosuch", True),
        ("sts get-caller-identity --region", True),
        ("sts get-caller-identity --region us-east-1", True),
        ("sts get-caller-identity --region us-east", False),
        ("sts get-caller-identity --output json", False),
        ("sts get-caller-identity --output table", True),
        ("dynamodb describe-table --table-name orders", True),
    ],
)
def test_is_finished(offers, line, expected):
    assert offers.is_finished(line) is expected


def test_names_from_the_account_are_asked_for_once(env, capture_server):
    offers = Offers({**env, **CREDENTIALS, "AWSMINI_COMPLETE_REMOTE": "1", "AWS_ENDPOINT_URL": capture_server.url})
    capture_server.replies(200, {"TableNames": ["orders", "users"]})
    before = "dynamodb describe-table --table-name "
    found: list[list[str]] = []
    threads = [
        Thread(target=lambda typed=typed: found.append(shown(offers.choices(before + typed)))) for typed in ("", "or")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [["orders"], ["orders", "users"]]
    assert shown(offers.choices(f"{before}us")) == ["users"]
    assert json.loads(capture_server.request.body) == {}
    assert offers.is_finished(f"{before}ord")  # nobody is asked for this
