"""Spans of keys: how they are cut and shared out, how much of one is worked on, and what two sides have of one."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import md5
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmini.transfer.blocks import stretches
from awsmini.transfer.budget import Budget
from awsmini.transfer.compare import Difference, Rules, differences
from awsmini.transfer.filters import Filters
from awsmini.transfer.listing_source import entries
from awsmini.transfer.local import Entry
from awsmini.transfer.records import Listed, Page
from awsmini.transfer.span import ALL, Name, Span
from awsmini.transfer.split import FIRST_KEYS, by_asking, by_folders, cuts

COUNT = 20_000
BEGAN = datetime(2023, 1, 1)
LAYOUTS = {
    "padded": [f"all/obj-{number:07}" for number in range(COUNT)],
    "hex": [md5(b"%d" % number).hexdigest() for number in range(COUNT)],
    "unpadded": [f"all/{number}" for number in range(COUNT)],
    "unpadded, more": [f"all/{number}" for number in range(COUNT // 2)],
    "squares": [f"all/{number * number}" for number in range(COUNT)],
    "one large folder": [f"big/{number:07}" for number in range(COUNT * 9 // 10)]
    + [f"s{number % 100:03}/{number}" for number in range(COUNT // 10)],
    "date folders": [
        f"logs/{BEGAN + timedelta(minutes=number * 90):%Y/%m/%d/%H-%M}.gz" for number in range(COUNT)
    ],
    "dates": [f"{BEGAN + timedelta(minutes=number * 90):%Y-%m-%dT%H:%M}.json" for number in range(COUNT)],
    "seconds": [f"events/{1_700_000_000 + number * 37}" for number in range(COUNT)],
}  # fmt: skip
# What is next to the surrogates, which no key has, to the ends of the code points, and to `/`.
SIGNS = st.sampled_from("/.-0ab\x00\x01\x7f\xff\u0100\ud7fe\ud7ff\ue000\ue001\uffff\U00010000\U0010fffe\U0010ffff")
KEYS = st.sets(st.text(SIGNS, min_size=1, max_size=6), max_size=40).map(sorted)
SPANS = st.tuples(st.text(SIGNS, max_size=4), st.none() | st.text(SIGNS, max_size=4)).map(lambda pair: Span(*pair))


class Bucket:
    """Keys in order, which count how often they are asked for the next one."""

    def __init__(self, keys: Iterable[str], most: int = FIRST_KEYS) -> None:
        self.keys, self.most = sorted(keys), most
        self.asked = self.rounds = 0

    def next_keys(self, after: Sequence[str]) -> list[list[str]]:
        self.asked += len(after)
        self.rounds += 1
        places = [bisect_right(self.keys, key) for key in after]
        return [self.keys[at : at + self.most] for at in places]

    def of(self, span: Span) -> list[str]:
        return [key for key in self.keys if key > span.after and not span.is_before(key)]

    def cut(self, parts: int, span: Span = ALL) -> list[list[str]]:
        return [self.of(each) for each in span.cut(cuts(parts, by_asking(span, self.next_keys)))]


@pytest.mark.parametrize("parts", [4, 16, 64])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_bucket_is_cut_evenly(layout: str, parts: int) -> None:
    bucket = Bucket(LAYOUTS[layout])

    pieces = bucket.cut(parts)

    assert [key for piece in pieces for key in piece] == bucket.keys
    assert len(pieces) > parts / 2
    assert max(map(len, pieces)) <= 2 * len(bucket.keys) / len(pieces)
    assert bucket.asked < 30 * parts + 100
    assert bucket.rounds < 30


def test_a_span_of_a_bucket_is_cut_evenly() -> None:
    bucket = Bucket(LAYOUTS["padded"])
    span = Span("all/obj-0004999", "all/obj-0014999")

    pieces = bucket.cut(8, span)

    assert [key for piece in pieces for key in piece] == bucket.of(span)
    assert len(pieces) == 8
    assert max(map(len, pieces)) <= 2 * 10_000 / 8


def test_a_server_that_answers_with_few_keys_is_asked_on() -> None:
    bucket = Bucket(LAYOUTS["hex"], most=10)

    pieces = bucket.cut(8)

    assert len(pieces) == 8
    assert max(map(len, pieces)) <= 2 * COUNT / 8


def test_few_keys_are_cut_into_few_parts() -> None:
    assert Bucket([]).cut(8) == [[]]
    assert Bucket(["one"]).cut(8) == [["one"]]
    assert len(Bucket(["a", "b"]).cut(8)) <= 2


@given(KEYS, SPANS, st.integers(2, 12), st.integers(1, 12))
def test_no_key_is_lost_or_met_twice(keys: list[str], span: Span, parts: int, most: int) -> None:
    bucket = Bucket(keys, most)

    pieces = bucket.cut(parts, span)

    assert [key for piece in pieces for key in piece] == bucket.of(span)


@given(KEYS, SPANS, st.integers(2, 12))
def test_what_is_asked_and_found_is_text_and_in_order(keys: list[str], span: Span, parts: int) -> None:
    bucket = Bucket(keys)

    def next_keys(after: Sequence[str]) -> list[list[str]]:
        "".join(after).encode()  # no surrogates
        assert all(key >= span.after for key in after)
        return bucket.next_keys(after)

    found = cuts(parts, by_asking(span, next_keys))

    assert found == sorted(set(found))
    assert all(key > span.after for key in found)


@given(SPANS, KEYS, KEYS)
def test_pieces_of_a_span_are_all_of_it(span: Span, places: list[str], keys: list[str]) -> None:
    pieces = span.cut(places)
    bucket = Bucket(keys)

    assert [key for piece in pieces for key in bucket.of(piece)] == bucket.of(span)
    assert (pieces[0].after, pieces[-1].until) == (span.after, span.until)
    assert all(one.until == other.after for one, other in pairwise(pieces))
    assert all(one.until is not None and one.after < one.until for one in pieces[:-1])


@given(KEYS, SPANS, st.integers(1, 5))
def test_pages_end_where_the_span_does(keys: list[str], span: Span, size: int) -> None:
    behind = [key for key in keys if key > span.after]

    found = list(span.pages(pages([f"root/{key}" for key in behind], size), "root/"))

    assert [each.key for page in found for each in page.objects] == [f"root/{key}" for key in Bucket(keys).of(span)]


@given(KEYS, SPANS)
def test_a_folder_of_a_span_names_what_may_be_of_it(keys: list[str], span: Span) -> None:
    """Names of files that cannot be of it are only there where a link of that name may have led to a folder."""
    tree: dict[str, set[Name]] = {"": set()}
    files = [key for key in keys if all(key.split("/"))]
    files = [key for key in files if not any(other.startswith(f"{key}/") for other in files)]
    for key in files:
        parts = key.split("/")
        for depth, part in enumerate(parts[:-1]):
            tree["/".join(["", *parts[:depth]])[1:] + "/" * bool(depth)].add((f"{part}/", True, False))
            tree.setdefault("/".join(parts[: depth + 1]) + "/", set())
        tree["".join(f"{part}/" for part in parts[:-1])].add((parts[-1], False, False))

    def walked(folder: str) -> Iterator[str]:
        for name, is_folder, _ in span.reached(sorted(tree[folder]), folder):
            if is_folder:
                yield from walked(folder + name)
            else:
                yield folder + name

    found = list(walked(""))

    assert found == sorted(found)
    wanted = Bucket(files).of(span)
    assert [key for key in found if key > span.after] == wanted
    assert all(f"{key}/" >= span.after[: len(key) + 1] and span.after.startswith(key) for key in set(found) - {*wanted})


def test_folders_are_cut_evenly() -> None:
    tree = {"": ["a/", "b/", "c/", "d"], "a/": [f"{number:03}" for number in range(300)], "b/": ["x"], "c/": ["y"]}

    found = cuts(4, by_folders(tree.get))

    assert found == sorted(found)
    assert len(found) == 3


# budgets


def entries_of(keys: Iterable[str]) -> Iterator[Entry]:
    return (Entry(key, 1, 0.0) for key in keys)


@given(KEYS, st.integers(1, 8))
def test_a_budget_takes_all_in_stretches_that_follow_one_another(keys: list[str], most: int) -> None:
    span, found = ALL, list[str]()
    while True:
        budget = Budget(most)
        taken = [entry.key for entry in budget.watched(entries_of(Bucket(keys).of(span)))]
        assert len(taken) == budget.taken <= most
        found += taken
        rest = budget.rest(span)
        if rest is None:
            break
        assert rest == Span(taken[-1], None)
        span = rest

    assert found == keys


RULES = Rules("copy", size_only=True, delete=True)
SIDES = st.dictionaries(st.text(SIGNS, min_size=1, max_size=4), st.integers(0, 1), max_size=30)


@settings(max_examples=300)
@given(SIDES, SIDES, st.integers(1, 8), st.sampled_from(["", "*a*", "[0-b]*"]), st.integers(1, 5))
def test_two_sides_with_filters_are_compared_in_stretches_as_in_one(
    ours: dict[str, int], theirs: dict[str, int], most: int, pattern: str, enough: int
) -> None:
    filters = Filters([(False, pattern)] if pattern else [], ["here/", "there/"])

    def side(content: dict[str, int], budget: Budget, span: Span, root: str) -> Iterator[Entry]:
        found = (Entry(key, content[key], 0.0) for key in Bucket(content).of(span))
        return filters.of(budget.watched(found), root)

    def found_in(span: Span, most: int, enough: int) -> tuple[list[Difference], Span | None]:
        budget, found = Budget(most), list[Difference]()
        one, other = side(ours, budget, span, "here/"), side(theirs, budget, span, "there/")
        for each in differences(lambda _: one, lambda _: other, RULES):
            if not budget.is_over(each.entry.key):
                found.append(each)
                if len(found) == enough:
                    budget.exhaust()
        return found, budget.rest(span)

    all_of_it, _ = found_in(ALL, 1000, 1000)
    found, rest = list[Difference](), ALL if ours or theirs else None
    while rest is not None:
        before = rest.after
        more, rest = found_in(rest, most, enough)
        assert rest is None or rest.after > before
        found += more

    assert found == all_of_it


# two listings side by side


def pages(keys: Sequence[str], size: int, time: str = "", sizes: dict[str, int] | None = None) -> Iterator[Page]:
    for at in range(0, len(keys), size):
        yield Page([Listed(key, time, "", (sizes or {}).get(key, 1)) for key in keys[at : at + size]], [])


TIMES = ["2026-01-31T09:08:07.000Z", "2026-01-31T09:08:08.000Z"]


@given(SIDES, SIDES, st.integers(1, 5), st.integers(1, 5), st.sampled_from(TIMES), st.sampled_from(TIMES))
def test_stretches_have_all_of_both_sides_and_differ_where_they_do(
    ours: dict[str, int], theirs: dict[str, int], size: int, other_size: int, time: str, other_time: str
) -> None:
    rules = RULES._replace(size_only=False)
    sides = (
        lambda: pages(sorted(ours), size, time, ours),
        lambda: pages(sorted(theirs), other_size, other_time, theirs),
    )

    found = list(stretches(sides[0](), sides[1](), ("", "")))

    assert [key for each in found for key in each.ours.keys] == sorted(ours)
    assert [key for each in found for key in each.theirs.keys] == sorted(theirs)
    due = []
    for each in found:
        keys = (*each.ours.keys, *each.theirs.keys)
        assert max(keys) == each.until
        assert [tuple(one) for one in each.ours.objects] == [(key, time, "", ours[key], "") for key in each.ours.keys]
        one, other = (entries([Page(block.objects, [])], markers=True) for block in (each.ours, each.theirs))
        here = list(differences(lambda _, it=one: it, lambda _, it=other: it, rules))  # type: ignore[misc]
        assert each.is_even(times=True) == (not here and [*each.ours.keys] == [*each.theirs.keys])
        due += here
    untils = [each.until for each in found]
    assert untils == sorted(set(untils))
    whole = [lambda _, make=make: entries(make(), markers=True) for make in sides]  # type: ignore[misc]
    assert due == list(differences(*whole, rules))


def test_stretches_know_roots_and_empty_pages() -> None:
    ours = iter([Page([], []), Page([Listed("a/1", "", "", 1), Listed("a/2", "", "", 1)], []), Page([], [])])
    theirs = iter([Page([Listed("long/1", "", "", 1)], []), Page([Listed("long/2", "", "", 2)], [])])

    first, second = stretches(ours, theirs, ("a/", "long/"))

    assert (first.until, second.until) == ("1", "2")
    assert first.is_even(times=True)
    assert not second.is_even(times=False)


def test_times_that_are_written_otherwise_are_not_compared_as_text() -> None:
    def at(time: str) -> Iterator[Page]:
        return pages(["a"], 1, time)

    (later,) = stretches(at("2026-01-31T09:08:07.500Z"), at("2026-01-31T09:08:07Z"), ("", ""))
    (older,) = stretches(at("2026-01-31T09:08:07.000Z"), at("2026-01-31T09:08:07.500Z"), ("", ""))

    assert not later.is_even(times=True)
    assert later.is_even(times=False)
    assert older.is_even(times=True)
