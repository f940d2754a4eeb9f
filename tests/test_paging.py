"""Pages, merged and cut, and the tokens to go on with, beside what botocore makes of the same answers."""

import base64
import copy
import json
import random

import jmespath
import pytest
from botocore.exceptions import PaginationError as TheirError
from botocore.paginate import PageIterator as TheirIterator

from awsmini.errors import PaginationError
from awsmini.paging import PageIterator, PagingConfig, decode_token, encode_token

# As the models have them: one token, several, a token that only some answers have, a map as token.
PAGINATORS = {
    "one token": {"input_token": "Marker", "output_token": "NextMarker", "result_key": "Items", "limit_key": "Limit"},
    "more results": {
        "input_token": "Token", "output_token": "NextToken", "more_results": "IsTruncated", "limit_key": "MaxKeys",
        "result_key": ["Items", "Prefixes"], "non_aggregate_keys": ["Charged", "Prefix"],
    },
    "three tokens": {
        "input_token": ["A", "B", "C"], "output_token": ["NextA", "NextB", "NextC"], "more_results": "IsTruncated",
        "result_key": "Items",
    },
    "last key": {
        "input_token": "Marker", "output_token": "NextMarker || Items[-1].Key", "more_results": "IsTruncated",
        "result_key": ["Items", "Prefixes"], "limit_key": "MaxKeys",
    },
    "sums": {
        "input_token": "StartKey", "output_token": "LastKey", "result_key": ["Items", "Count", "Note"],
        "limit_key": "Limit", "non_aggregate_keys": ["Capacity"],
    },
    "nested": {
        "input_token": "Marker", "output_token": "List.NextMarker", "more_results": "List.IsTruncated",
        "result_key": "List.Items", "non_aggregate_keys": ["List.Quantity"], "limit_key": "MaxItems",
    },
}  # fmt: skip


def answers(rng: random.Random, paginator: dict, count: int) -> list[dict]:
    """Pages as the service hands them out, the token in each leading to the next."""
    made = []
    for number in range(count):
        last = number == count - 1
        page = {}
        for key in _as_list(paginator.get("result_key")):
            _put(page, key, _result(rng, key, number))
        for key in _as_list(paginator.get("non_aggregate_keys")):
            if rng.random() < 0.7:
                _put(page, key, {"Units": rng.random()} if key == "Capacity" else rng.randrange(9))
        for position, key in enumerate(_as_list(paginator["output_token"])):
            if not last and (position == 0 or rng.random() < 0.5) and "||" not in key:
                _put(page, key, _token(rng, key, number))
        if "more_results" in paginator:
            _put(page, paginator["more_results"], not last)
        made.append(page)
    return made


def _as_list(value) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _put(page: dict, path: str, value: object) -> None:
    *outer, name = path.split(".")
    for each in outer:
        page = page.setdefault(each, {})
    page[name] = value


def _result(rng: random.Random, key: str, number: int) -> object:
    if key == "Count":
        return rng.randrange(5)
    if key == "Note":
        return rng.choice("abc")
    return [{"Key": f"{key}{number}.{at}"} for at in range(rng.choice((0, 1, 1, 2, 3)))]


def _token(rng: random.Random, key: str, number: int) -> object:
    if key == "LastKey":
        return {"k": {"B": b"\xff" + bytes([number])}, "n": {"L": [{"B": b"x"}, {"S": "y"}]}}
    return f"{key}-{number}" if rng.random() < 0.9 else f"é{number}"


def theirs(paginator: dict, method, config: PagingConfig):
    def compiled(key: str) -> list:
        return [jmespath.compile(path) for path in _as_list(paginator.get(key))]

    more = paginator.get("more_results")
    return TheirIterator(
        method,
        _as_list(paginator["input_token"]),
        compiled("output_token"),
        None if more is None else jmespath.compile(more),
        compiled("result_key"),
        compiled("non_aggregate_keys"),
        paginator.get("limit_key"),
        config.max_items,
        config.starting_token,
        config.page_size,
        {"Bucket": "b"},
    )


def ours(paginator: dict, method, config: PagingConfig):
    return PageIterator(lambda params: method(**params), paginator, {"Bucket": "b"}, config)


def served(paginator: dict, pages: list[dict], asked: list[dict]):
    """An operation that hands out those pages, each to the token in the one before it, and notes what it is asked."""
    first = _as_list(paginator["input_token"])[0]
    told = jmespath.compile(_as_list(paginator["output_token"])[0])
    numbers = {repr(told.search(page)): number + 1 for number, page in enumerate(pages[:-1])}

    def method(**params):
        asked.append(copy.deepcopy(params))
        return copy.deepcopy(pages[numbers.get(repr(params.get(first)), 0)])

    return method


def outcome(make, paginator: dict, pages: list[dict], config: PagingConfig, merged: bool) -> tuple:
    """What comes out, what is asked, and what there is to go on with."""
    asked: list[dict] = []
    iterator = make(paginator, served(paginator, pages, asked), config)
    try:
        out = iterator.build_full_result() if merged else [copy.deepcopy(page) for page in iterator]
    except (PaginationError, TheirError, ValueError) as error:
        return "error", str(error), asked
    return out, asked, iterator.resume_token, iterator.non_aggregate_part


@pytest.mark.parametrize("name", PAGINATORS)
@pytest.mark.parametrize("merged", [True, False])
def test_pages_are_those_of_botocore(name, merged):
    paginator = PAGINATORS[name]
    rng = random.Random(f"{name}/{merged}")
    for _ in range(150):
        pages = answers(rng, paginator, rng.choice((1, 1, 2, 3, 4)))
        limit = rng.choice((None, None, 0, 1, 2, 3, 5, 9))
        size = rng.choice((None, 2)) if "limit_key" in paginator else None
        config = PagingConfig(max_items=limit, page_size=size)
        expected = outcome(theirs, paginator, pages, config, merged)
        assert outcome(ours, paginator, pages, config, merged) == expected
        token = expected[0].get("NextToken") if merged and isinstance(expected[0], dict) else expected[2]
        if isinstance(token, str):
            config = config._replace(starting_token=token, max_items=rng.choice((None, 1, 2)))
            assert outcome(ours, paginator, pages, config, merged) == outcome(theirs, paginator, pages, config, merged)


@pytest.mark.parametrize("name", ["one token", "three tokens", "more results"])
@pytest.mark.parametrize(
    "token", ["None___1", "x-0", "x-0___1", "x-0___None", "x-0___None___y___2", "", "a___b___c___d___e", "x-0___b"]
)
def test_tokens_of_old_and_of_the_service_itself(name, token):
    paginator = PAGINATORS[name]
    pages = answers(random.Random(1), paginator, 2)
    config = PagingConfig(starting_token=token)
    expected = outcome(theirs, paginator, pages, config, True)
    assert outcome(ours, paginator, pages, config, True) == expected


def text(token: object) -> str:
    return base64.b64encode(json.dumps(token).encode()).decode()


@pytest.mark.parametrize(
    "token",
    [
        {"Marker": "x", "boto_truncate_amount": "3"},
        {"Marker": "x", "boto_truncate_amount": None},
        {"Marker": "x", "boto_truncate_amount": [1]},
    ],
)
def test_a_token_that_cuts_by_no_number_is_bad(token):
    iterator = PageIterator(lambda _: {}, PAGINATORS["one token"], {}, PagingConfig(starting_token=text(token)))
    with pytest.raises(PaginationError, match=r"^Bad starting token: ") as caught:
        iterator.build_full_result()
    assert caught.value.exit_code == 255


def test_a_token_that_is_no_text_is_bad():
    iterator = PageIterator(lambda _: {}, PAGINATORS["one token"], {}, PagingConfig(starting_token=b"\xff"))
    with pytest.raises(PaginationError, match=r"^Bad starting token: b'.xff'$"):
        iterator.build_full_result()


@pytest.mark.parametrize(
    "token",
    [[1], 5, "x", None, {"boto_encoded_keys": [["a", "b"]]}, {"boto_encoded_keys": 5}, {"boto_encoded_keys": [[]]}],
)
def test_what_only_looks_like_a_token_is_the_token_of_the_service(token):
    asked = []
    paginator = PAGINATORS["one token"]
    PageIterator(
        lambda params: asked.append(params) or {}, paginator, {}, PagingConfig(starting_token=text(token))
    ).build_full_result()
    assert asked == [{"Marker": text(token)}]


def test_bytes_in_tokens_survive():
    token = {"StartKey": {"k": {"B": b"\x00\xff"}, "l": [b"a", "b"]}, "boto_truncate_amount": 2}
    written = encode_token(token)
    assert json.loads(base64.b64decode(written))["boto_encoded_keys"] == [["StartKey", "k", "B"], ["StartKey", "l", 0]]
    assert decode_token(written) == token


def test_the_same_token_twice_is_an_error():
    iterator = PageIterator(lambda _: {"NextMarker": "again"}, PAGINATORS["one token"], {}, PagingConfig())
    with pytest.raises(PaginationError) as caught:
        list(iterator)
    assert str(caught.value) == "Error during pagination: The same next token was received twice: {'Marker': 'again'}"


def test_pages_come_one_by_one():
    asked = []

    def method(params):
        asked.append(params)
        return {"Items": [1], "NextMarker": str(len(asked))}

    pages = iter(PageIterator(method, PAGINATORS["one token"], {}, PagingConfig()))
    assert next(pages) == {"Items": [1], "NextMarker": "1"}
    assert len(asked) == 1


def test_a_page_size_needs_a_limit():
    iterator = PageIterator(lambda _: {}, PAGINATORS["three tokens"], {}, PagingConfig(page_size=1))
    with pytest.raises(PaginationError, match=r"^PageSize parameter is not supported"):
        iter(iterator)


def test_a_map_cannot_be_cut():
    method = lambda _: {"Items": {"a": 1, "b": 2}}  # noqa: E731
    iterator = PageIterator(method, PAGINATORS["one token"], {}, PagingConfig(max_items=1))
    with pytest.raises(
        PaginationError, match=r"^--max-items counts the items of a list, and Items is none\.$"
    ) as caught:
        list(iterator)
    assert caught.value.exit_code == 255


@pytest.mark.parametrize("name", ["one token", "last key", "more results"])
def test_a_token_among_the_parameters_is_where_the_pages_begin(name):
    token = PAGINATORS[name]["input_token"]
    asked = []

    def method(params):
        asked.append(params.get(token))
        return {"Items": [{"Key": "x"}], "NextMarker": None, "NextToken": None, "IsTruncated": False}

    pages = PageIterator(method, PAGINATORS[name], {token: "from here"}, PagingConfig())
    list(pages)
    list(pages)
    assert asked == ["from here", "from here"]
