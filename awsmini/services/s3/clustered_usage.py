"""`du --cluster`: the workers sum up a stretch of keys each, and what they found is added up here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from awsmini.cluster import address
from awsmini.cluster.dask import Answer
from awsmini.cluster.journal import Piece
from awsmini.cluster.run import RunError
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.services.s3.clustered import PARTS, Line, S3Run, Session
from awsmini.services.s3.paths import is_directory_bucket
from awsmini.services.s3.printing import write
from awsmini.services.s3.sizes import readable
from awsmini.services.s3.usage import Sums, Values, show
from awsmini.transfer.span import ALL

_SENT = ("page_size", "request_payer", "versions")
Places = Sequence[Sequence[str]]  # buckets and prefixes


def run(invocation: Invocation, values: Values, places: Places, depth: int) -> int:
    """The exit code: 1 where a prefix has nothing. Without places, all buckets are summed up.

    Raises ParamValidationError.
    """
    for bucket, _ in places:
        if is_directory_bucket(bucket):
            raise ParamValidationError(
                f"--cluster: {bucket} is a directory bucket: these do not list in order, so that nothing can be shared out."
            )
    sent = {name: values[name] for name in _SENT if name in values}
    order = {"command": "du", "values": {**sent, "depth": depth, "places": list(places)}}
    session = Session(invocation, values, address.parse(values["cluster"]), order)
    return session.run(lambda *parts: SumsRun(*parts, values=values, places=places, depth=depth))


class SumsRun(S3Run):
    """The sums of one place are held until it is shown, which is when it is done, and those before it."""

    def __init__(self, *parts: Any, values: Values, places: Places, depth: int) -> None:
        super().__init__(*parts)
        self.values, self.depth, self.code = values, depth, 0
        self.places = dict(enumerate(places))
        self._due: Counter[int] = Counter()  # pieces of each place
        self._sums: dict[int, Sums] = {}
        self._broken: dict[int, str] = {}  # places, and what is wrong with them
        self._shown = self._objects = self._bytes = 0
        self._error = AwsminiError.exit_code  # of the last piece that failed
        self._line = Line(self.app, shown=True)

    def do(self) -> None:
        """Raises RunError, ClusterError."""
        self.has_ended = True  # what is wrong with the first place to answer may be another's turn to be told
        pieces = self.begin(self._first(self.places) if self.places else [{"do": "buckets", "span": ALL}])
        self._note(pieces)
        for piece, answer in self.journal.answers():
            self._note([piece], 0)
            self._add(piece, answer)
        self._show_places()
        self.run(pieces)
        self.is_whole = True

    def order(self, piece: Piece) -> Mapping[str, Any]:
        values = {name: value for name, value in self.session.order["values"].items() if name != "places"}
        values |= {name: piece.given.get(name, "") for name in ("bucket", "prefix")}
        return self.session.sent({**piece.given, "values": values})

    def took(self, piece: Piece, content: Mapping[str, Any]) -> Sequence[Piece]:
        if piece.given["do"] == "buckets":
            self.places = dict(enumerate(content["places"]))
            due: Sequence[Piece] = self.journal.replace(piece, self._first(self.places))
        elif piece.given["do"] == "cut":
            self._note([piece], -1)
            due = self.divided(piece, content)
        else:
            self._note([piece], -1)
            self._add(piece, content)
            due = self.ended(piece, content, {name: content[name] for name in ("all", "folders")})
        self._note(due)
        self._show_places()
        return due

    def failed(self, piece: Piece, reason: str) -> None:
        """Raises RunError, be it later, when the places before this one have been shown."""
        if piece.given["do"] == "buckets":
            raise RunError(reason)
        self._broken.setdefault(piece.given["place"], reason)
        self._show_places()

    def show(self) -> None:
        if self._line.is_shown:
            self._line.show(f"{self._objects} objects, {readable(self._bytes)}, {self.cluster.workers} workers")

    def fatal(self, message: str) -> None:
        self._line.clear()
        write(self.app.stderr, f"{message}\n")
        self.code = self._error

    def end(self) -> int:
        self._line.clear()
        self.has_ended = bool(self._objects)
        return self.code

    def _first(self, places: Mapping[int, Sequence[str]]) -> Iterable[dict[str, Any]]:
        """A piece of each place. One is divided; of many, each has a worker."""
        parts = self.cluster.threads * PARTS // max(len(places), 1)
        first = self.first(parts=parts) if parts > 1 else {"do": "shard", "span": ALL}
        return ({**first, "place": at, "bucket": bucket, "prefix": key} for at, (bucket, key) in places.items())

    def _note(self, pieces: Iterable[Piece], count: int = 1) -> None:
        for given in (piece.given for piece in pieces if "place" in piece.given):
            self._due[given["place"]] += count
            self.places.setdefault(given["place"], (given["bucket"], given["prefix"]))

    def _add(self, piece: Piece, sums: Mapping[str, Any]) -> None:
        given = piece.given
        if given["place"] not in self._sums:
            self._sums[given["place"]] = Sums(given["prefix"], self.depth)
        self._sums[given["place"]].merge(sums)
        self._bytes += sums["all"][0]
        self._objects += sums["all"][1]

    def _show_places(self) -> None:
        """Raises RunError where it is the turn of a place that cannot be summed up."""
        while self._shown in self.places and self._shown not in self._broken and not self._due[self._shown]:
            bucket, prefix = self.places[self._shown]
            self._line.clear()
            self.code |= show(self.session.invocation, self.values, bucket, prefix, self._sums.pop(self._shown))
            self.app.stdout.flush()
            self._shown += 1
        if self._shown in self._broken:
            raise RunError(self._broken[self._shown])

    def _take(self, answer: Answer) -> None:
        self._error = answer.content.get("code", self._error)
        super()._take(answer)
