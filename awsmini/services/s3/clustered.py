"""`--cluster`: transfers, deletions and sums done by the workers of a cluster, each a stretch of keys at a time.

This side holds ranges of keys that are to be done, and counters. What is in them is known to the workers alone.
"""

import json
import os
import secrets
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NamedTuple

from awsmini.cluster import address, world
from awsmini.cluster.dask import Cluster, ClusterError
from awsmini.cluster.journal import Journal, JournalError, Piece
from awsmini.cluster.run import PieceFailed, Run, RunError
from awsmini.commandline.globals import timeout
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.services.s3 import careful_sync, paths, transfer
from awsmini.services.s3.given import KEYS
from awsmini.services.s3.job import STREAM, Job, Values, job
from awsmini.services.s3.printing import write
from awsmini.services.s3.sizes import readable
from awsmini.services.s3.wildcards import split
from awsmini.system.app_dirs import state_folder
from awsmini.transfer.signals import GentleSignals
from awsmini.transfer.span import ALL, Span

WORK = "awsmini.services.s3.shard:work"
FOLDER = "clusters"  # of journals that nobody has named
FORGOTTEN = 30 * 86400  # seconds after which nobody goes on with one of them
# Options that count here, and not on workers.
HERE = frozenset(
    {"cluster", "shared_paths", "send_credentials", "journal", "max_delete", "delete_after", "progress_frequency"}
)
PARTS = 2  # ranges for each thread, to begin with


class Care(NamedTuple):
    """What a sync is to be careful about when all is known."""

    max_delete: int | None = None
    delete_after: bool = False
    doubts: bool = False  # whether what the source seems to lack in one shard may be there in another

    @property
    def waits(self) -> bool:
        """Whether deletions wait for the end of the transfers."""
        return self.max_delete is not None or self.delete_after or self.doubts


def run(command: str, invocation: Invocation, values: Values) -> int:
    """The exit code of a transfer command. Raises ParamValidationError."""
    made, care = _checked(command, invocation, values)
    place = address.parse(values["cluster"])
    check_paths((made.source_path, made.target_path), place, values)
    given = {name: value for name, value in values.items() if name not in HERE and name not in KEYS}
    given["paths"] = [word if paths.is_s3(word) else _absolute(word) for word in values["paths"]]
    order = {"command": command, "values": given, "bytes": sent_keys(place, values)}
    prepare(made, invocation)
    return Session(invocation, values, place, order).run(lambda *parts: TransferRun(*parts, values=values, care=care))


def check_paths(words: Iterable[str], place: address.Address, values: Values) -> None:
    """Raises ParamValidationError for files that workers may not see."""
    for path in words:
        if not paths.is_s3(path) and not place.is_local and not values.get("shared_paths"):
            raise ParamValidationError(
                f"--cluster: {path} lies on this machine. --shared-paths says that every worker sees it by this path."
            )


def sent_keys(place: address.Address, values: Values) -> dict[str, str]:
    """Keys for encryption, as they go to workers. Raises ParamValidationError where they may not."""
    found = {name: values[name] for name in KEYS if name in values}
    keys = {name: b64encode(key if isinstance(key, bytes) else key.encode()).decode() for name, key in found.items()}
    if keys and not place.is_local and not values.get("send_credentials"):
        raise ParamValidationError(
            "--cluster: a key of your own for encryption would go to all workers. --send-credentials allows that."
        )
    return keys


def prepare(made: Job, invocation: Invocation) -> None:
    """What is done once, before the workers begin. Raises TransferConfigError, OSError."""
    transfer.settings_for(made, invocation)  # with its warnings
    if made.kind == "download" and not made.values.get("dryrun"):
        os.makedirs(made.target_path, exist_ok=True)


def _checked(command: str, invocation: Invocation, values: Values) -> tuple[Job, Care]:
    """Raises ParamValidationError for what a cluster cannot do."""
    for name in ("plan", "plan_format"):
        if name in values:
            raise ParamValidationError("--plan and --cluster exclude each other: a plan is written by one machine.")
    words: list[str] = values["paths"]
    if STREAM in words:
        raise ParamValidationError("--cluster: a stream cannot be shared out.")
    if command != "sync" and (
        len(words) != (1 if command == "rm" else 2) or "from_file" in values or split(words[0]) is not None
    ):
        raise ParamValidationError("--cluster takes one source, without wildcards.")
    made = job(command, values)
    if any(paths.is_directory_bucket(each.bucket) for each in (made.source, made.target) if each.kind == "s3"):
        raise ParamValidationError("--cluster: directory buckets do not list in the order of their keys.")
    if not made.many:
        raise ParamValidationError("--cluster is for many objects: it needs --recursive.")
    if values.get("case_conflict", "ignore") != "ignore":
        raise ParamValidationError("--case-conflict does not go with --cluster: no worker sees all names.")
    if made.move and made.kind == "copy":
        resolve_name(transfer.SAME_PATHS)(made, invocation)
    if command != "sync":
        return made, Care()
    wanted = careful_sync.check(made)
    doubts = made.kind == "download" or (made.source.kind == "s3" and not transfer.lists_in_order(made, invocation))
    doubts = doubts and bool(values.get("delete"))
    return made, Care(wanted.max_delete, wanted.delete_after, doubts)


def _absolute(path: str) -> str:
    """A path that is the same on workers, whose current folder is another one."""
    whole = os.path.abspath(path)
    return whole + os.sep if path.endswith(os.sep) and not whole.endswith(os.sep) else whole


class Session:
    """The cluster and the journal of one command."""

    def __init__(
        self, invocation: Invocation, values: Values, place: address.Address, order: Mapping[str, Any]
    ) -> None:
        self.invocation, self.values, self.place, self.order = invocation, values, place, order
        self.world = world.described(
            invocation, at_home=place.is_local, send_credentials=bool(values.get("send_credentials"))
        )
        self._here = os.getcwd()  # what paths are shown beside
        self.name = secrets.token_hex(16)  # keys of tasks have it: short ones would have their arguments printed

    def run(self, make: Callable[..., "S3Run"]) -> int:
        """The exit code. Raises ClusterError, JournalError."""
        journal = self._journal()
        self._keeps = False
        with GentleSignals():
            try:
                return self._run(journal, make)
            finally:
                journal.close(remove=not self._keeps and "journal" not in self.values)
                if self._keeps and journal.path:
                    self.say(f"What was done is kept. To go on: the same command with --journal {journal.path}")

    def _run(self, journal: Journal, make: Callable[..., "S3Run"]) -> int:
        flags = self.invocation.flags
        cluster = Cluster(
            self.place, self.name, timeout(flags.get("cli_connect_timeout")), debug=bool(flags.get("debug"))
        )
        with cluster:
            found = make(self, cluster, journal)
            try:
                return self._ended(found)
            finally:
                self._keeps = found.has_ended and not found.is_whole

    def _ended(self, found: "S3Run") -> int:
        """Do it; the exit code."""
        try:
            found.do()
        except KeyboardInterrupt:
            found.fatal("cancelled: ctrl-c received")
        except (RunError, ClusterError, JournalError) as error:
            found.fatal(f"fatal error: {error}")
        return found.end()

    def sent(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A whole order, with what a worker has to know beside it."""
        credentials = world.credentials(self.invocation) if self.values.get("send_credentials") else None
        order = {**self.order, **given}
        order["values"] = {**order.get("values", {}), "here": self._here}
        return {"work": WORK, "given": order, "world": self.world, "credentials": credentials}

    def say(self, message: str) -> None:
        if not self.values.get("quiet") and not self.values.get("only_show_errors"):
            write(self.invocation.app.stderr, f"{message}\n")
            self.invocation.app.stderr.flush()

    def _journal(self) -> Journal:
        """Raises JournalError where the one that was asked for cannot be used."""
        if "journal" in self.values:
            return Journal(self.values["journal"], self._command())
        try:
            return Journal(self._own_journal(), self._command())
        except JournalError:  # such as a disk that is full
            return Journal("", self._command())

    def _own_journal(self) -> str:
        """A journal that nobody has asked for, for the case that the run is interrupted."""
        folder = Path(state_folder(self.invocation.app.env, sys.platform), FOLDER)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for each in folder.glob("*.sqlite"):
                if each.stat().st_mtime < time.time() - FORGOTTEN:
                    each.unlink()
            return str(folder / f"{self.name}.sqlite") if os.access(folder, os.W_OK) else ""
        except OSError:
            return ""

    def _command(self) -> str:
        """What a journal belongs to."""
        return json.dumps({name: self.order[name] for name in ("command", "values")}, sort_keys=True)


class S3Run(Run):
    """What transfers and sums have in common. `is_whole`: all of it was done."""

    def __init__(self, session: Session, cluster: Cluster, journal: Journal) -> None:
        super().__init__(cluster, session.say)
        self.journal = journal
        self.session, self.app = session, session.invocation.app
        self.is_whole = False
        self.began = time.monotonic()

    def do(self) -> None:
        raise NotImplementedError

    def end(self) -> int:
        raise NotImplementedError

    def fatal(self, message: str) -> None:
        raise NotImplementedError

    def order(self, piece: Piece) -> Mapping[str, Any]:
        return self.session.sent(piece.given)

    def begin(self, first: Iterable[Mapping[str, Any]]) -> list[Piece]:
        """What is to be done: all of it, or what an earlier run has left."""
        self.say(str(self.cluster))
        if self.journal.is_new:
            return self.journal.add(first)
        return self.journal.due()

    def first(self, **more: Any) -> dict[str, Any]:
        """The piece that finds out how to divide all."""
        return {"do": "cut", "span": ALL, "parts": max(2, self.cluster.threads * PARTS), **more}

    def divided(self, piece: Piece, content: Mapping[str, Any]) -> list[Piece]:
        """The shards that a piece falls into."""
        spans = Span(*piece.given["span"]).cut(content["keys"])
        more = {name: value for name, value in piece.given.items() if name not in ("do", "span", "parts")}
        return self.journal.replace(piece, [{**more, "do": "shard", "span": span} for span in spans])

    def ended(self, piece: Piece, content: Mapping[str, Any], answer: Mapping[str, Any]) -> list[Piece]:
        """A shard is done; what it left comes out, divided anew where workers are idle."""
        given, rest = dict(piece.given), content["rest"]
        if rest is None:
            return self.journal.end(piece, given, answer)
        given["span"] = Span(given["span"][0], rest[0])
        further = {**piece.given, "span": Span(*rest)}
        if self.idle:
            further |= {"do": "cut", "parts": self.idle + 1}
        return self.journal.end(piece, given, answer, [further])


class TransferRun(S3Run):
    """Transfers and deletions."""

    looked_at = "listed"  # as the report calls it

    def __init__(self, *parts: Any, values: Values, care: Care) -> None:
        super().__init__(*parts)
        self.values, self.care = values, care
        self.failed_count = self.warned = 0
        self._reasons: set[str] = set()  # that have been told
        # Keys of files to which a detour has led: other shards would take them for surplus.
        self._kept: set[str] = set()
        self.totals: dict[str, int] = dict.fromkeys(("objects", "bytes", "deleted", "listed", "due"), 0)
        self._live: dict[str, Mapping[str, int]] = {}
        self._line = Line(self.app, shown=bool(values.get("progress", True)) and not values.get("json"))

    def do(self) -> None:
        """Raises RunError, ClusterError."""
        deletions = "count" if self.care.waits else "due"
        pieces = self.begin([self.first(deletions=deletions)])
        self._recall(pieces)
        self._abort_left()
        self.run(pieces)
        if self.care.waits and not self._deletes_already and self._may_delete():
            self.run(self.journal.add([self.first(deletions="only", kept=sorted(self._kept))]))
        self._abort_left()
        self.is_whole = not self.failed_count and not self.given_up

    @property
    def _deletes_already(self) -> bool:
        """Whether an earlier run has come as far as the deletions, which `run` has gone on with."""
        return any(piece.given["deletions"] == "only" for piece, _ in self.journal.answers())

    def _recall(self, pieces: list[Piece]) -> None:
        """Add up what earlier runs have done; what failed there is to be done again."""
        failed = []
        for piece, answer in self.journal.answers():  # as many as there were shards
            if answer.get("failed"):
                failed.append(piece)
            else:
                self._count(answer)
        for piece in failed:
            self.journal.again(piece.id)
        pieces += failed

    def took(self, piece: Piece, content: Mapping[str, Any]) -> Sequence[Piece]:
        if piece.given["do"] == "abort":
            self.journal.forget_uploads(content["left"])
            return []
        if piece.given["do"] == "cut":
            return self.divided(piece, content)
        if content["fatal"] is not None:
            raise PieceFailed(content["fatal"])
        self._line.clear()
        write(self.app.stdout, content["out"])
        self.app.stdout.flush()
        write(self.app.stderr, content["err"])
        self._count(content)
        names = (*self.totals, "failed", "warned")
        kept = content.get("kept", [])
        return self.ended(piece, content, {"kept": kept, **{name: content[name] for name in names}})

    def failed(self, piece: Piece, reason: str) -> None:
        after, until = piece.given["span"]
        where = f"the keys behind {after!r}" if after else "the keys"
        self._tell_failed(f"{where}{'' if until is None else f' as far as {until!r}'}", reason)

    def _tell_failed(self, where: str, reason: str) -> None:
        """Each reason once: that there is no such bucket holds for all keys."""
        self.failed_count += 1
        if reason not in self._reasons:
            self._reasons.add(reason)
            self._tell(f"fatal error: {where}: {reason}")

    def lost(self, piece: Piece, reason: str) -> Sequence[Piece]:
        self._live = {}
        return super().lost(piece, reason)

    def heard(self, news: Mapping[str, Any]) -> None:
        task = str(news["task"])
        if "mark" in news:
            self.journal.upload(news["mark"], begun=news.get("upload"), upload_id=news.get("id"))
        else:
            self._live[task.rpartition("-")[2]] = news

    def show(self) -> None:
        if not self._line.is_shown:
            return
        serials = {key.rpartition("-")[2] for key in self.sent}
        self._live = {key: news for key, news in self._live.items() if key in serials}
        done = {
            name: self.totals[name] + sum(int(news.get(name, 0)) for news in self._live.values())
            for name in ("objects", "bytes", "deleted")
        }
        seconds = max(time.monotonic() - self.began, 0.001)
        failed = self.failed_count + sum(int(news.get("failed", 0)) for news in self._live.values())
        self._line.show(
            f"{done['objects'] + done['deleted']} objects, {readable(done['bytes'])}, "
            f"{readable(int(done['bytes'] / seconds))}/s, {self.cluster.workers} workers, {failed} failed"
        )

    def fatal(self, message: str) -> None:
        self.failed_count += 1
        self._tell(message)

    def end(self) -> int:
        self._line.clear()
        self.say(self._report())
        return 1 if self.failed_count else 2 if self.warned else 0

    def _count(self, answer: Mapping[str, Any]) -> None:
        for name in self.totals:
            self.totals[name] += answer[name]
        self.failed_count += answer["failed"]
        self.warned += answer["warned"]
        self._kept.update(answer.get("kept", ()))

    def _may_delete(self) -> bool:
        """Raises RunError where there are more deletions than allowed."""
        allowed = self.care.max_delete
        if allowed is not None and self.totals["due"] > allowed:
            raise RunError(str(careful_sync.TooManyDeletionsError(self.totals["due"], allowed)))
        if not self.totals["due"]:
            return False
        if (self.care.delete_after and self.failed_count) or self.given_up:
            self.warned += 1
            self._tell(careful_sync.NOT_DELETED)
            return False
        return True

    def _abort_left(self) -> None:
        """Abort what workers that are gone have begun."""
        self._listen()
        if uploads := self.journal.open_uploads():
            given = {"do": "abort", "span": ALL, "uploads": uploads}
            self.run([Piece(0, given)])

    def _tell(self, message: str) -> None:
        self._line.clear()
        if not self.values.get("quiet"):
            write(self.app.stderr, f"{message}\n")
            self.app.stderr.flush()

    def _report(self) -> str:
        totals = self.totals
        seconds = time.monotonic() - self.began
        would = "would be " if self.values.get("dryrun") else ""
        parts = [
            f"{totals['objects']} {would}transferred ({readable(totals['bytes'])})",
            f"{totals['deleted']} {would}deleted",
        ]
        return f"{', '.join(parts)}, {self.failed_count} failed, of {totals['listed']} {self.looked_at}, in {seconds:.1f} s"


class Line:
    """How far it is, on a terminal, in a line that is written over."""

    def __init__(self, app: Any, *, shown: bool) -> None:
        self._stream = app.stderr
        self.is_shown = shown and app.stderr.isatty()
        self._length = 0

    def show(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(self._length))
        self._stream.flush()
        self._length = len(text)

    def clear(self) -> None:
        if self._length:
            self._stream.write("\r" + " " * self._length + "\r")
            self._length = 0
