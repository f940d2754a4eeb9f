"""`s3 du --cluster`: what workers sum up is what one machine sums up."""

import random

import pytest

from awsmini.services.s3 import questions
from tests.services.s3.made_cluster import Made, in_this_process
from tests.services.s3.stand_in import seaweed_order


@pytest.fixture
def filled(s3):
    """Two buckets and an empty one; keys come in clumps, and in more than one alphabet."""
    chance = random.Random(7)
    for _ in range(60):
        key = "/".join(chance.choice(("a", "b", "é", "Z", "a b", "\U0001f600")) for _ in range(chance.randint(1, 5)))
        s3.put("b", key + chance.choice(("", "/", ".gz")), b"x" * chance.randint(0, 9))
    for number in range(40):
        s3.put("c", f"flat/{number:03}", b"x" * number)
    s3.bucket("empty")
    s3.old_versions["c"] = [
        (f"{folder}/{number:03}", b"x" * number)
        for folder in ("flat", "gone")
        for number in (0, 3, 17, 39)
        for _ in range(number + 1)
    ]
    return s3


@pytest.fixture
def both(aws_s3, filled):
    """What a command gives on one machine, and on a cluster that is this process, which is asserted to be the same."""

    def run(words, listed=7, code=0, threads=3, **how):
        plain = aws_s3(f"s3 du {words}")
        assert plain.code == code
        made = Made(random.Random(5), threads)
        vars(made).update(how)
        with in_this_process(made, listed=listed):
            found = aws_s3(f"s3 du {words} --cluster local:{threads}")
        assert "Traceback" not in found.stderr
        assert (found.stdout, found.code) == (plain.stdout, plain.code)
        assert plain.stdout or code
        return made, found

    return run


@pytest.mark.parametrize(
    "words",
    [
        "s3://b",
        "s3://b --depth 3 --sort size",
        "s3://b --summarize --human-readable",
        "s3://b/a --depth 2 --json",
        "s3://b/é/ --depth 9 --page-size 2 --request-payer",
        "s3://c --versions --page-size 5",
        "s3://c/flat/0 --versions --page-size 1",
        "s3://c/gone/ --versions",
        "s3://empty",
        "s3://empty s3://c s3://b/a s3://b --depth 2",
        "",
        "--versions --json",
    ],
)
def test_du_is_that_of_one_machine(both, words):
    both(words, listed=7)


def test_the_work_is_shared_out(both):
    made, _ = both("s3://c")
    shards = [each for each in made.answered if each["do"] == "shard"]
    assert len(shards) > 5
    assert max(each["all"][1] for each in shards) < 20
    assert sum(each["all"][1] for each in shards) == 40


def test_versions_of_a_key_stay_together(both):
    made, _ = both("s3://c --versions --page-size 4", listed=1)
    shards = [each for each in made.answered if each["do"] == "shard"]
    assert len(shards) > 10
    assert [each["rest"][0] for each in shards if each["rest"]]
    assert sum(each["all"][1] for each in shards) == 40 + 2 * (1 + 4 + 18 + 40)


def test_what_is_lost_is_counted_once(both):
    made, _ = both("s3://b s3://c --depth 2", losses=0.3)
    assert len(made.orders) > len(made.answered) + 5


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("s3://b/none", 1),
        ("s3://b/none s3://b", 1),
        ("s3://nob", 254),
        ("s3://nob s3://b", 254),
        ("s3://b s3://c/none s3://nob s3://c", 254),
        ("s3://nob --versions", 254),
    ],
)
def test_exit_codes(both, words, code):
    _, done = both(words, code=code)
    assert ("\nfatal error: An error occurred (NoSuchBucket) when calling" in done.stderr) is (code == 254)
    assert "--journal" not in done.stderr or "s3://b" in words


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("s3://b --cluster nowhere", "--cluster: nowhere is neither"),
        ("s3://b--use1-az4--x-s3 --cluster local:2", "b--use1-az4--x-s3 is a directory bucket"),
        ("s3://b --cluster local:2 --shared-paths", "Unknown options: --shared-paths"),
        ("s3://b --journal j", "--journal needs --cluster."),
        ("s3://b --send-credentials", "--send-credentials needs --cluster."),
        ("s3://b --cluster local:2 --depth x", "--depth has to be a number"),
        ("b --cluster local:2", "Invalid argument type: b"),
    ],
)
def test_what_it_cannot_do(aws_s3, s3, words, error):
    done = aws_s3(f"s3 du {words}")
    assert (done.code, s3.log) == (252, [])
    assert error in done.stderr


def test_a_listing_in_no_order(aws_s3, filled):
    filled.order = lambda key: key[::-1]
    with in_this_process(Made(random.Random(5))):
        done = aws_s3("s3 du s3://c --cluster local:3")
    assert (done.code, done.stdout) == (255, "")
    assert "fatal error: The server does not list in the order of the keys" in done.stderr


@pytest.mark.parametrize("words", ["", "s3://b s3://c --depth 2"])
def test_a_run_goes_on(aws_s3, filled, words):
    """However far it came."""
    plain = aws_s3(f"s3 du {words}").stdout
    for orders in (1, 4, 9):
        made = Made(random.Random(orders))

        def stop(order, made=made, orders=orders):
            if len(made.answered) >= orders:
                raise KeyboardInterrupt

        made.before = stop
        name = f"journal-{orders}"
        with in_this_process(made, listed=7):
            done = aws_s3(f"s3 du {words} --cluster local:3 --journal {name}")
            assert (done.code, "cancelled: ctrl-c received" in done.stderr) == (255, True)
            assert plain.startswith(done.stdout)
            assert done.stdout != plain
            made.before = lambda order: None
            first = len(made.answered)
            done = aws_s3(f"s3 du {words} --cluster local:3 --journal {name} --human-readable --json")
            assert done.code == 0
            again = aws_s3(f"s3 du {words} --cluster local:3 --journal {name}")
            assert (again.code, again.stdout) == (0, plain)
        spans = [str((each.get("bucket"), each["span"])) for each in made.answered if each["do"] == "shard"]
        assert len(spans) == len(set(spans))
        assert len(made.answered) > first


@pytest.mark.parametrize("cut", ["a", "a-b", "a.c", "a/1", "a/2", "a0"])
def test_a_server_that_goes_through_folders_is_found_out_or_does_no_harm(aws_s3, s3, monkeypatch, cut):
    for key in ("a/1", "a/2", "a-b", "a.c", "a0"):
        s3.put("b", key, b"12345")
    s3.order = seaweed_order
    monkeypatch.setattr(questions, "cuts", lambda parts, explore: [cut])
    plain = aws_s3("s3 du s3://b")
    with in_this_process(Made(random.Random(1), 2)):
        found = aws_s3("s3 du s3://b --page-size 1 --cluster local:2")
    refused = "does not list in the order of the keys" in found.stderr
    assert refused or (found.stdout, found.code) == (plain.stdout, 0)
