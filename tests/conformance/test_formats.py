"""Every answer of `formats.jsonl`, printed in each format, is byte for byte what AWS CLI v2 prints.

`golden_formats.py` says how the file was made.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from awsmini import query
from awsmini.errors import AwsminiError
from awsmini.format import renderer
from awsmini.format.view import View
from awsmini.paging import PageIterator, PagingConfig
from tests.conformance.golden_formats import FORMATS, digest

CASES = [
    json.loads(line) for line in Path(__file__).with_name("formats.jsonl").read_text("utf-8").rstrip("\n").split("\n")
]


def answer_of(case):
    if "answer" in case:
        return case["answer"]
    pages = iter(case["pages"])
    config = PagingConfig(max_items=case.get("max_items"))
    return PageIterator(lambda _: next(pages), case["paginator"], {}, config)


def printed(case, output):
    """The text of a case, or "error" where a clean one is raised."""
    compiled = query.compile(case["query"]) if "query" in case else None
    try:
        return "".join(renderer(output)(answer_of(case), View(operation_name=case["operation"], query=compiled)))
    except AwsminiError as error:
        return "error" if error.exit_code == 255 else f"exit code {error.exit_code}"


@pytest.mark.parametrize("output", FORMATS)
def test_bytes_are_those_of_v2(output):
    """Where v2 fails, a text or a clean error will do."""
    differing = []
    for case in map(json.loads, map(json.dumps, CASES)):  # paging changes the pages it is given
        expected = case["sha256"][output]
        found = printed(case, output)
        if expected not in ("error", digest(found)):
            differing.append((case["operation"], case.get("query"), found))
    assert not differing, differing[:3]


def test_the_corpus_is_worth_it():
    kinds = Counter("query" if "query" in case else "pages" if "pages" in case else "answer" for case in CASES)
    assert kinds["answer"] >= 450
    assert kinds["pages"] >= 60
    assert kinds["query"] >= 100
    assert len({case["operation"] for case in CASES}) > 300
    errors = sum(made == "error" for case in CASES for made in case["sha256"].values())
    assert errors < 0.03 * len(CASES) * len(FORMATS)
