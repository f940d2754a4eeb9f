"""Commands found by words."""

import pytest

from awsmini.help.prose import Prose
from awsmini.help.search import NAMES, PROSE, SHAPES, Service, search, squashed
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
