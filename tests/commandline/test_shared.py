"""What the lines of one process share is made once, by whoever comes first, and holds nobody else up."""

import io
import threading

from awsmini.app import App
from awsmini.commandline.shared import Shared
from awsmini.model.load import shipped_text


def shared() -> Shared:
    return Shared(App(stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO(), env={}))


def test_it_is_made_once():
    world, made = shared(), []
    threads = [threading.Thread(target=lambda: world.kept("a", lambda: made.append(1) or 1)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_who_makes_one_thing_may_wait_for_who_makes_another():
    world, other = shared(), threading.Event()
    threads = [
        threading.Thread(target=lambda: world.kept("client", lambda: other.wait(10)), daemon=True),
        threading.Thread(target=lambda: world.kept("sender", lambda: other.set() or 1), daemon=True),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert world.kept("client", lambda: None) is True


def test_a_service_may_have_the_name_of_what_is_kept_beside_it(aws):
    aws.write(".aws/models/aliases.jsonl", shipped_text("sts").replace(b"service\tsts\t", b"service\taliases\t"))
    done = aws("batch -j1", stdin="aliases get-caller-identity --print-request http\n" * 2)
    assert (done.code, done.stdout.count("Action=GetCallerIdentity")) == (0, 2), done.stderr
