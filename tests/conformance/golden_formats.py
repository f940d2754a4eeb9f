"""How `formats.jsonl` was made: answers from the shapes of all services, awkward ones, and what AWS CLI v2 prints of them.

Two Pythons take part, because v2 is on no package index: this project's makes the answers with a fixed seed, and
one that has v2 installed (`pip install` of a checkout of branch v2 of aws/aws-cli; this was 2.36.7) prints them:

    python -m tests.conformance.golden_formats > cases.jsonl
    v2/bin/python tests/conformance/golden_formats.py cases.jsonl > tests/conformance/formats.jsonl

Each line of the result is an answer, or the pages of one with its paginator, perhaps a query, and for each format
the first half of the SHA-256 of the text, or "error" where v2 fails. A changed model changes no line.
"""

import argparse
import copy
import hashlib
import io
import json
import random
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from typing import Any

FORMATS = ("json", "text", "table", "yaml", "yaml-stream")
SINGLE, PAGED, QUERIED, AWKWARD = 300, 80, 120, 150
SMALLEST, LARGEST = 60, 1600  # characters of an answer as JSON


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def cases() -> Iterator[dict[str, Any]]:
    """The answers, taken from as many services as possible."""
    rng = random.Random("formats")
    singles = _singles(rng)
    made = [next(singles) for _ in range(SINGLE)]
    yield from made
    paged = _paged(rng)
    made += [next(paged) for _ in range(PAGED)]
    yield from made[SINGLE:]
    for _ in range(QUERIED):
        case = rng.choice(made)
        yield {**case, "query": _query(rng, case.get("answer") or case["pages"][0])}
    for _ in range(AWKWARD):
        yield {"operation": "Awkward", "answer": {f"Member{number}": _awkward(rng, 3) for number in range(4)}}


def _operations(rng: random.Random) -> Iterator[Any]:
    from awsmini.model.load import services
    from tests.oracle import service_model

    names = sorted(services())
    while True:
        rng.shuffle(names)
        for name in names:
            model = service_model(name)
            yield model.operation_model(rng.choice(model.operation_names))


def _singles(rng: random.Random) -> Iterator[dict[str, Any]]:
    for operation in _operations(rng):
        answer = _answer(operation, rng.choice(("minimal", "full", "random", "random")), rng.random())
        if SMALLEST <= len(json.dumps(answer)) <= LARGEST:
            yield {"operation": operation.name, "answer": answer}


def _paged(rng: random.Random) -> Iterator[dict[str, Any]]:
    from awsmini.query_paths import as_list, assign, compile_path

    for operation in _operations(rng):
        paginator = operation.paginator
        if paginator is None or "|" in str(paginator) or "[" in str(paginator.get("output_token")):
            continue
        count = rng.randint(1, 3)
        pages = [_answer(operation, "random", rng.random()) for _ in range(count)]
        keys = as_list(paginator.get("result_key"))
        if not keys or len(json.dumps(pages)) > 2 * LARGEST or not any(compile_path(keys[0])(page) for page in pages):
            continue
        for number, page in enumerate(pages):
            last = number == count - 1
            for path in as_list(paginator["output_token"]):
                assign(page, path, None if last else f"token {number}")
            if "more_results" in paginator:
                assign(page, paginator["more_results"], not last)
        wanted = ("input_token", "output_token", "result_key", "more_results", "non_aggregate_keys", "limit_key")
        case = {"operation": operation.name, "pages": pages}
        case["paginator"] = {name: paginator[name] for name in wanted if name in paginator}
        if rng.random() < 0.4:
            case["max_items"] = rng.randint(1, 3)
        yield case


def _answer(operation: Any, variant: str, seed: float) -> Any:
    from tests.oracle import Maker

    if operation.output_shape is None:
        return {}
    return _printable(Maker(f"{operation.name}/{seed}", variant).value(operation.output_shape))


def _awkward(rng: random.Random, depth: int) -> Any:
    """What no service would answer: control characters, and strings that look like numbers, dates or YAML."""
    from tests.nasty import NASTY

    def text() -> str:
        chosen = [word for word in rng.choices(NASTY, k=rng.choice((1, 1, 1, 2, 12))) if len(word) < 200]
        return rng.choice((" ", " ", "  ", "\n", "'", "\x85", "\u2028 ")).join(chosen).encode(errors="ignore").decode()

    def number() -> Any:
        return rng.choice(
            (0, -1, 10**30, 2**63, -0.0, 1.5, 1e16, 1e-7, 5e-324, 1e308, float("nan"), float("-inf"), None, True)
        )

    if depth == 0:
        return rng.choice((text, text, number))()
    made: tuple[Any, ...] = (
        lambda: _awkward(rng, 0),
        lambda: {text() if rng.random() < 0.3 else f"Key{at}": _awkward(rng, depth - 1) for at in range(rng.randint(0, 3))},
        lambda: [{f"Key{at}": _awkward(rng, depth - 1) for at in range(rng.randint(1, 3))} for _ in range(rng.randint(0, 3))],
        lambda: [_awkward(rng, 0) for _ in range(rng.randint(0, 3))],
    )  # fmt: skip
    return rng.choice(made)()


def _printable(value: Any) -> Any:
    """What a command sees: timestamps and blobs are text."""
    if isinstance(value, dict):
        return {name: _printable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def _query(rng: random.Random, answer: Any) -> str:
    """An expression that may find something: a walk into the answer, and something done with what is there."""
    path = "@"
    for _ in range(rng.randint(0, 3)):
        if isinstance(answer, dict) and answer:
            name = rng.choice(list(answer))
            path += (
                f'."{name}"' if name.isascii() and name.isprintable() and '"' not in name and "\\" not in name else ""
            )
            answer = answer[name] if path.endswith(f'."{name}"') else None
        elif isinstance(answer, list) and answer:
            path += rng.choice(("[0]", "[]", "[*]", "[:1]"))
            answer = answer[0]
    path = path.removeprefix("@.")
    endings = ("{}", "{}", "[{0}]", "[{0}, {0}]", "{{a: {0}, b: `1`}}", "keys({0} || `{{}}`)", "type({0})", "{}.nothing",
               "{} | [0]", "[{0}, `null`, `true`]", "to_string({})", "`{{}}`", "`[]`", '`""`', "`[[1, 2], [3, 4]]`",
               "`[1.5, 1e30, -0.0]`", "{}[].[@, @]", "values({0} || `{{}}`)", "{{only: {0}}}")  # fmt: skip
    return rng.choice(endings).format(path)


def outputs(path: str) -> Iterator[dict[str, Any]]:
    """The cases with the digests of what AWS CLI v2 prints of them. Runs in a Python that has v2."""
    from awscli.formatter import get_formatter
    from botocore.paginate import Paginator
    from jmespath import compile as compile_query

    for line in open(path, encoding="utf-8"):  # noqa: SIM115
        case = json.loads(line)
        query = compile_query(case["query"]) if "query" in case else None
        case["sha256"] = {}
        for name in FORMATS:
            answer = copy.deepcopy(case.get("answer"))
            if "pages" in case:
                pages = iter(copy.deepcopy(case["pages"]))
                config = {"MaxItems": case["max_items"]} if "max_items" in case else {}
                answer = Paginator(lambda pages=pages, **_: next(pages), case["paginator"], None).paginate(
                    PaginationConfig=config
                )
            stream = io.StringIO()
            stream.reconfigure = lambda **_: None
            try:
                get_formatter(name, argparse.Namespace(query=query, color="off"))(case["operation"], answer, stream)
                case["sha256"][name] = digest(stream.getvalue())
            except Exception:
                case["sha256"][name] = "error"
        yield case


if __name__ == "__main__":
    for made in outputs(sys.argv[1]) if len(sys.argv) > 1 else cases():
        print(json.dumps(made, ensure_ascii=False))
