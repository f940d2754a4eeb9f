"""What a run on a cluster asks workers beside shards: where to cut, what to abort, and the sums of `du`."""

from collections.abc import Iterator, Sequence
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.services.s3 import paths, request_params, transfer
from awsmini.services.s3.job import Job, job, number
from awsmini.services.s3.large_folders import kept_names
from awsmini.services.s3.order import LISTED, Order, Place, UnorderedError, UnwantedError
from awsmini.services.s3.places import client_of
from awsmini.services.s3.usage import Sized, Sums, listed
from awsmini.transfer.engine import Engine
from awsmini.transfer.journal import Begun
from awsmini.transfer.listing_source import DisorderError
from awsmini.transfer.seam import Listing
from awsmini.transfer.span import Span
from awsmini.transfer.split import FIRST_KEYS, by_asking, by_folders, cuts


def cut(order: Order, parts: int, invocation: Invocation) -> list[str]:
    """Keys at which the span falls into that many parts of about one size."""
    if order.command == "du":
        return _cut_listing(order, parts, invocation, order.values["bucket"], order.values["prefix"])
    made = job(order.command, order.values)
    found = _cut_side(order, parts, invocation, made, made.source)
    if not found and made.command == "sync":
        found = _cut_side(order, parts, invocation, made, made.target)
    return found


def _cut_side(order: Order, parts: int, invocation: Invocation, made: Job, side: paths.Location) -> list[str]:
    if side.kind == "s3":
        return _cut_listing(order, parts, invocation, side.bucket, side.root, made)
    follow = bool(made.values.get("follow_symlinks", True))

    def read(folder: str) -> list[str]:
        found = kept_names(side.root + folder, _unheard, follow) or ()
        return [name for name, _, _ in order.span.reached(found, folder)]

    return cuts(parts, by_folders(read))


def _cut_listing(
    order: Order, parts: int, invocation: Invocation, bucket: str, prefix: str, made: Job | None = None
) -> list[str]:
    """Raises ClientError, SendError."""
    payer = request_params.payer(order.values)
    client = client_of(invocation)
    if made is not None and made.kind == "copy" and bucket == made.source.bucket:
        client = transfer.source_client(made, invocation) or client
    with Engine(client) as engine:

        def next_keys(keys: Sequence[str]) -> list[list[str]]:
            found = engine.next_keys(bucket, prefix, [prefix + key for key in keys], FIRST_KEYS, payer)
            return [[key[len(prefix) :] for key in each] for each in found]

        return cuts(parts, by_asking(order.span, next_keys))


def _unheard(_message: str) -> None:
    """The shard that comes there tells."""


def abort(uploads: Sequence[Sequence[Any]], invocation: Invocation) -> list[Sequence[Any]]:
    """Abort uploads whose worker is gone; those come out that could not be."""
    left = []
    with Engine(client_of(invocation)) as engine:
        for upload in uploads:
            try:
                done = engine.abort(Begun(*upload))
            except AwsminiError:
                done = False
            if not done:
                left.append(upload)
    return left


def sums(order: Order, invocation: Invocation, place: Place) -> dict[str, Any]:
    """What `du` counts in the span, or in the beginning of it, which ends behind all versions of a key.

    Raises UnorderedError, UnwantedError.
    """
    values, span = order.values, order.span
    bucket, prefix = values["bucket"], values["prefix"]
    found, last, rest = Sums(prefix, values["depth"]), "", None
    until = None if span.until is None else prefix + span.until
    client = client_of(invocation)
    with Engine(client) as engine:
        seam = None
        if client._context.endpoints.endpoint_url is not None and not values.get("versions"):
            how = {"params": request_params.payer(values), "source": False}
            seam = Listing(engine, bucket, prefix, span, number(values, "page_size"), how)
        for page in _sized(seam) if seam else listed(engine, values, bucket, prefix, _start(prefix, span)):
            keys = [last, *(key for key, _ in page)]
            if keys != sorted(keys):
                raise UnorderedError
            last = keys[-1]
            taken = page if until is None or last <= until else [each for each in page if each[0] <= until]
            is_over = len(taken) < len(page)
            if not is_over and found.all.objects + len(taken) >= LISTED:
                whole = [each for each in taken if each[0] != last] if values.get("versions") else taken
                if whole:
                    taken, rest = whole, Span(whole[-1][0][len(prefix) :], span.until)
            found.add(taken)
            if is_over or rest is not None:
                break
            if not place.is_wanted:
                raise UnwantedError
        _check_end(seam, span.until if rest is None else rest.after)
    return {"rest": rest, **found.plain()}


def _start(prefix: str, span: Span) -> str:
    return prefix + span.after if span.after else ""


def _sized(seam: Listing) -> Iterator[list[Sized]]:
    """Raises UnorderedError."""
    try:
        for page in seam.pages():
            yield [(found.key, found.size) for found in page.objects]
    except DisorderError:
        raise UnorderedError from None


def _check_end(seam: Listing | None, end: str | None) -> None:
    """Raises UnorderedError where the next span would not begin where a listing has been left."""
    try:
        if seam is not None and end is not None:
            seam.check_end(end)
    except DisorderError:
        raise UnorderedError from None
