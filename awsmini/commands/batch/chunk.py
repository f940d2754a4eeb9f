"""What a worker of a cluster does with some lines of a batch: runs each as one machine would, at most once if it changes
something.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from time import monotonic, perf_counter, sleep
from typing import Any

from awsmini.cluster.task import Place
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.pool import Pool
from awsmini.commandline.shared import Shared
from awsmini.commands.batch.outcome import reads
from awsmini.commands.run import run_shared
from awsmini.errors import AwsminiError

UNKNOWN = "unknown"
LOOK = 0.25  # seconds between two looks at whether the run is to end
RUNS = 4  # of which a worker keeps what their lines share


def work(given: Mapping[str, Any], invocation: Invocation, place: Place) -> dict[str, Any]:
    """The outcomes of lines, in their order: of each its exit code, seconds, stdout and stderr.

    UNKNOWN: an earlier worker may have run it. None: it was not begun, as the run is to end.
    """
    run = _runs.get(given, invocation, place)
    began = perf_counter()
    pace = Pace(given["pause"])
    is_first = place.take(given["ticket"])
    lines: Sequence[Sequence[str]] = given["lines"]
    outcomes: list[Any] = [None] * len(lines)

    def done(number: int) -> tuple[int, Any]:
        words = lines[number]
        if not is_first and not reads(words, invocation):
            return number, UNKNOWN
        pace.wait(lambda: not run.goes_on(place))
        if not run.goes_on(place):
            return number, None
        return number, run.outcome(words, place)

    for number, outcome in Pool(done, range(len(lines)), min(run.jobs, len(lines))).results():
        outcomes[number] = outcome
    return {"outcomes": outcomes, "seconds": perf_counter() - began}


class Run:
    """What the lines of one run share in this process."""

    def __init__(self, given: Mapping[str, Any], invocation: Invocation, place: Place) -> None:
        self.invocation = invocation
        self.jobs = int(given["jobs"])
        self._stops = bool(given["stop_on_error"])
        self._over, self._looked = False, 0.0
        self._shared = shared = Shared(
            invocation.app, {**given["flags"], **invocation.flags}, threads=self.jobs * place.threads
        )
        shared.files = invocation.settings.files
        source = invocation.session.credentials.given
        shared.identity = None if source is None else (shared.flags.get("profile"), source)

    def goes_on(self, place: Place) -> bool:
        """Whether another line may begin."""
        if not self._over and monotonic() - self._looked > LOOK:
            self._looked = monotonic()
            self._over = place.is_marked
        return not self._over and place.is_wanted

    def outcome(self, words: Sequence[str], place: Place) -> list[Any]:
        """What came of a line. If it failed, all workers hear where that ends the run."""
        line = self._shared.line()
        began = perf_counter()
        try:
            code = run_shared(line.app, words, self._shared)
        except BaseException as error:  # what would end the worker, which others use as well
            line.stderr.write(f"awsmini batch: {type(error).__name__}: {error}\n")
            code = AwsminiError.exit_code
        seconds = perf_counter() - began
        if code and self._stops:
            self._over = True
            place.mark()
        return [code, seconds, packed(line.stdout.content()), packed(line.stderr.content())]


def packed(content: bytes) -> str | list[str]:
    """Text, which most of it is, or what stands for other bytes."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return [content.decode("latin-1")]


def unpacked(content: str | list[str]) -> bytes:
    return content.encode() if isinstance(content, str) else content[0].encode("latin-1")


class Pace:
    """Lets threads go on one after another, so many seconds apart, or when it is over."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._due = 0.0
        self._lock = Lock()

    def wait(self, is_over: Callable[[], bool]) -> None:
        if not self._pause:
            return
        with self._lock:
            due = max(self._due, monotonic())
            self._due = due + self._pause
        while (left := due - monotonic()) > 0 and not is_over():
            sleep(min(left, LOOK))


class _Runs:
    """The last ones. With other credentials a run begins anew."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Run] = OrderedDict()
        self._lock = Lock()

    def get(self, given: Mapping[str, Any], invocation: Invocation, place: Place) -> Run:
        with self._lock:
            found = self._kept.get(place.topic)
            if found is None or found.invocation is not invocation:
                found = self._kept[place.topic] = Run(given, invocation, place)
                while len(self._kept) > RUNS:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(place.topic)
            return found


_runs = _Runs()
