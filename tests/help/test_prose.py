"""AWS's documentation where it is installed: only what is asked for is decoded, and nothing of it is lost."""

import gzip
import json
from pathlib import Path

import botocore
import pytest

from awsmini.help import prose as module
from awsmini.help.prose import Prose, prose
from tests import oracle

SAMPLE = ("sqs", "iam", "s3", "polly", "kinesisvideo")
DATA = Path(botocore.__file__).parent / "data"


def whole(service: str) -> dict:
    path = max((DATA / service).glob("*/service-2.json.gz"))
    return json.loads(gzip.decompress(path.read_bytes()))


def compare(service: str) -> None:
    found, model = prose(service), whole(service)
    assert found.service() == model.get("documentation", "")
    for name, operation in model["operations"].items():
        assert found.operation(name) == operation.get("documentation", "")
    for name, shape in list(model["shapes"].items())[:200]:
        assert found.shape(name) == shape.get("documentation", "")
        for member, reference in shape.get("members", {}).items():
            of_shape = model["shapes"][reference["shape"]].get("documentation", "")
            expected = reference.get("documentation") or of_shape
            assert found.member(name, member, reference["shape"]) == expected


@pytest.mark.every
def test_it_is_what_the_file_says(request):
    every = sorted({path.parent.parent.name for path in DATA.glob("*/*/service-2.json.gz")})
    for service in every if oracle.takes_every(request.config) else SAMPLE:
        compare(service)


def test_without_botocore_there_is_none(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    found = prose("sqs")
    assert not found
    assert (found.service(), found.operation("X"), found.shape("X"), found.member("X", "Y", "Z")) == ("", "", "", "")
    assert found.examples("X") == []


def test_of_a_service_that_botocore_does_not_know():
    assert not prose("nosuch")


MODEL = {
    "operations": {"Feed": {"documentation": "<p>Feeds.</p>", "deprecatedMessage": "Use Pet."}},
    "shapes": {"Animal": {"members": {"Name": {"shape": "String"}}}, "String": {"documentation": "<p>Text.</p>"}},
    "documentation": "<p>The zoo.</p>",
}


@pytest.mark.parametrize("indent", [None, 1, 2, 4])
def test_however_the_file_is_laid_out(indent):
    found = Prose(json.dumps(MODEL, indent=indent))
    assert found.service() == "<p>The zoo.</p>"
    assert found.operation("Feed") == "<p>Feeds.</p>"
    assert found.replacement("Feed") == "Use Pet."
    assert found.member("Animal", "Name", "String") == "<p>Text.</p>"
    assert found.operation("Nosuch") == found.shape("Nosuch") == ""


@pytest.mark.parametrize("text", ["{", "[]", "null", "\x00", '{"operations": 3}'])
def test_what_is_no_model_has_no_prose(text):
    found = Prose(text)
    assert found.service() == ""
    assert found.shape("A") == ""


def test_a_model_of_the_users_own_wins(tmp_path):
    folder = tmp_path / "sqs" / "2030-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps(MODEL))
    (folder / "examples-1.json").write_text(json.dumps({"examples": {"Feed": [{"title": "To feed"}, "no example"]}}))
    found = prose("sqs", [tmp_path])
    assert found.service() == "<p>The zoo.</p>"
    assert found.examples("Feed") == [{"title": "To feed"}]


def test_a_broken_file_is_passed_over(tmp_path):
    folder = tmp_path / "sqs" / "2030-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json.gz").write_bytes(b"\x1f\x8b broken")
    assert "queue" in prose("sqs", [tmp_path]).operation("CreateQueue")
