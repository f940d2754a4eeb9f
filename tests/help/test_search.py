"""Commands found by words."""

import os
import stat
from functools import partial

import pytest

from awsmini.errors import AwsminiError, ModelError
from awsmini.help.index import index
from awsmini.help.prose import Prose
from awsmini.help.search import NAMES, PROSE, SHAPES, Service, search, squashed
from awsmini.model.load import ModelFinder, services
from tests import oracle
from tests.help.models import list_of, service, structure

ZOO = service(
    {
        "FeedRequest": structure(AnimalName="String", Food="Food"),
        "Food": {"type": "string", "enum": ["hay", "fish.fresh"]},
        "ListReply": structure(Animals="Animals"),
        "Animals": list_of("Animal"),
        "Animal": structure(Weight="Integer", Mother="Animal"),
    },
    {
        "FeedAnimal": {"input": {"shape": "FeedRequest"}},
        "FeedAllAnimals": {},
        "ListAnimals": {"output": {"shape": "ListReply"}},
        "OldFeed": {"deprecated": True, "input": {"shape": "FeedRequest"}},
    },
    {("waiter", "AnimalFed"): {"operation": "ListAnimals", "delay": 1, "maxAttempts": 2, "acceptors": []}},
)
DOCS = Prose('{"operations": {"ListAnimals": {"documentation": "<p>Counts legs. And wings.</p>"}}}')


def find(text, limit=10, docs=None):
    prose = None if docs is None else lambda: docs
    return search(text.split(), [Service("zoo", "Amazon Zoo", lambda: ZOO._lines, prose)], limit)


@pytest.mark.parametrize(
    ("words", "commands"),
    [
        ("feed", ["zoo feed-all-animals", "zoo feed-animal"]),
        ("feed-animal", ["zoo feed-animal"]),
        ("FeedAnimal", ["zoo feed-animal"]),
        ("all feed", ["zoo feed-all-animals"]),
        ("amazon list", ["zoo list-animals"]),
        ("zoo", ["zoo feed-all-animals", "zoo feed-animal", "zoo list-animals", "zoo wait animal-fed"]),
        ("fed", ["zoo wait animal-fed"]),
        ("food", ["zoo feed-animal"]),
        ("fish.fresh", ["zoo feed-animal"]),
        ("weight", ["zoo list-animals"]),
        ("list weight", ["zoo list-animals"]),
        ("feed weight", []),
        ("shape", []),
        ("string", []),
        ("", []),
        ("-", []),
    ],
)
def test_what_is_found(words, commands):
    assert [hit.command for hit in find(words)] == commands


def test_names_come_first():
    hits = find("animal")
    assert {hit.rank[0] for hit in hits[:3]} == {NAMES}
    assert hits[0].command == "zoo feed-animal"


def test_why():
    assert find("food")[0].why == "Food of FeedRequest"
    assert find("hay")[0].why == "hay, a choice of Food"
    assert find("feed")[0].why == "Amazon Zoo"
    assert find("weight mother")[0].why == "Weight of Animal; Mother of Animal"
    assert find("weight")[0].rank[0] == SHAPES


def test_prose():
    assert find("wings") == []
    [hit] = find("wings", docs=DOCS)
    assert (hit.command, hit.why, hit.rank[0]) == ("zoo list-animals", "Counts legs.", PROSE)
    assert [hit.command for hit in find("weight wings", docs=DOCS)] == ["zoo list-animals"]
    assert find("wings fins", docs=DOCS) == []


def test_no_deeper_than_need_be():
    def none():
        raise AssertionError("the documentation is not looked at where names are enough")

    services = [Service("zoo", "Amazon Zoo", lambda: ZOO._lines, none)]
    assert len(search(["animal"], services, 2)) == 2


def test_squashed():
    assert {squashed(text) for text in ("run-instances", "RunInstances", "run_instances")} == {"runinstances"}


def _raises():
    raise ModelError("gone")


def test_a_model_that_cannot_be_used_is_told_and_breaks_no_other():
    told: list[AwsminiError] = []
    services = [Service("gone", "Gone", _raises), Service("zoo", "Amazon Zoo", lambda: ZOO._lines)]
    assert [hit.command for hit in search(["weight"], services, 10, told.append)] == ["zoo list-animals"]
    assert [str(error) for error in told] == ["gone"]


WORDS = (
    "spot price",
    "bucket",
    "kms key rotation",
    "vpc-peering",
    "ListStreams",
    "gizmowhatever",
    "ec2 tenancy",
    "wait",
)


@pytest.mark.every
def test_with_the_index_the_same_is_found_as_without(tmp_path, request):
    env = {"HOME": str(tmp_path)}
    finder = ModelFinder({"HOME": os.devnull})
    known = index(env)
    assert known.keys() == services().keys()
    kept = tmp_path / ".cache/awsmini/search-index"
    assert stat.S_IMODE(kept.stat().st_mode) & 0o022 == 0
    before = kept.stat()

    def all_services(known):
        return [
            Service(name, facts["name"], partial(finder.lines, name), None, known.get(name))
            for name, facts in services().items()
        ]

    for words in WORDS if oracle.takes_every(request.config) else WORDS[:2]:
        assert search(words.split(), all_services(known), 25) == search(words.split(), all_services({}), 25)
    assert index(env) == known
    assert kept.stat().st_ino == before.st_ino


@pytest.mark.parametrize("damage", [b"", b"x\n", None])
def test_an_index_that_is_damaged_is_made_anew(tmp_path, damage, monkeypatch):
    monkeypatch.setattr("awsmini.help.index.services", lambda: {"sts": {}, "kinesisvideo": {}})
    env = {"HOME": str(tmp_path)}
    good = index(env)
    kept = tmp_path / ".cache/awsmini/search-index"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-9] if damage is None else damage)
    assert index(env) == good
    assert kept.read_bytes() == whole


def test_an_index_that_cannot_be_kept_is_made_each_time(tmp_path, monkeypatch):
    monkeypatch.setattr("awsmini.help.index.services", lambda: {"sts": {}})
    (tmp_path / ".cache").write_text("a file")
    assert "get-caller-identity" in index({"HOME": str(tmp_path)})["sts"].commands
