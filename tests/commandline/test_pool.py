"""Work of several threads: every item once, in order where asked, never far ahead, and the end of it."""

import os
import signal
import threading
import time

import pytest

from awsmini.commandline.pool import AHEAD, Pool


@pytest.mark.parametrize("in_order", [False, True])
@pytest.mark.parametrize("workers", [1, 7])
def test_every_item_is_worked_on_once(workers, in_order):
    found = list(Pool(lambda item: item * 2, range(500), workers, in_order=in_order).results())
    assert (found if in_order else sorted(found)) == [item * 2 for item in range(500)]


@pytest.mark.parametrize("in_order", [False, True])
def test_items_are_not_taken_far_ahead_of_what_is_slow(in_order):
    """Where the order counts, a first item that takes its time holds the others up before they fill the memory."""
    slow, begun = threading.Event(), []

    def work(item):
        begun.append(item)
        if item == 0:
            slow.wait(20)
        return item

    results = Pool(work, range(1000), 4, in_order=in_order).results()
    first = threading.Thread(target=lambda: next(results))
    first.start()
    time.sleep(0.3)
    assert len(begun) <= 4 * AHEAD + 4
    slow.set()
    first.join()
    assert len(list(results)) == 999


@pytest.mark.parametrize("where", ["work", "items"])
def test_what_is_raised_is_raised_to_who_takes_the_results(where):
    def items():
        yield from range(5)
        if where == "items":
            raise LookupError("no more")
        yield from range(100)

    def work(item):
        if where == "work" and item == 4:
            raise LookupError("no more")
        return item

    with pytest.raises(LookupError):
        list(Pool(work, items(), 3).results())


def test_after_a_stop_what_is_under_way_is_finished_and_nothing_begun():
    begun, ended = [], []

    def work(item):
        begun.append(item)
        time.sleep(0.05)
        ended.append(item)
        return item

    pool = Pool(work, range(1000), 4)
    for result in pool.results():
        if result == 5:
            pool.stop()
    assert sorted(begun) == sorted(ended)
    assert len(begun) < 40


def test_a_stop_waits_for_no_further_item():
    never = threading.Event()

    def items():
        yield 1
        never.wait(60)

    pool = Pool(lambda item: item, items(), 2)
    began = time.monotonic()
    for _ in pool.results():
        pool.stop()
    assert time.monotonic() - began < 10
    never.set()


def test_the_first_interrupt_is_a_stop_wherever_it_comes_and_the_second_is_one():
    done = []
    pool = Pool(lambda item: time.sleep(0.02) or item, range(10_000), 4)
    with pool.patient():
        for result in pool.results():
            done.append(result)
            if len(done) == 10:
                os.kill(os.getpid(), signal.SIGINT)  # here, not where it waits
    assert pool.interrupted
    assert 10 <= len(done) < 40
    assert signal.getsignal(signal.SIGINT) == signal.default_int_handler

    def twice():
        pool = Pool(lambda item: time.sleep(0.02) or item, range(10_000), 4)
        with pool.patient():
            for _ in pool.results():
                os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        twice()
    assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
