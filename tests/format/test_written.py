"""Lists written where they are parsed: byte for byte what values, parsed and then written, come to.

Every operation with pages of every service is answered by what its output shape allows; by default a sample is taken.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from awsmini.errors import AwsminiError
from awsmini.format import renderer
from awsmini.format.view import View
from awsmini.format.written import json_listing, ndjson_listing, text_listing
from awsmini.model.shapes import OperationModel
from awsmini.paging import PageIterator, PagingConfig
from awsmini.parse import parse
from awsmini.parse.codec import OFTEN
from awsmini.records import Conversions, Reply, Written
from tests.oracle import service_model, services_to_try, takes_every
from tests.oracle_responses import success

LISTINGS: dict[str, Callable[[OperationModel], Any]] = {
    "json": json_listing,
    "ndjson": ndjson_listing,
    "text": text_listing,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "service_name" in metafunc.fixturenames:
        tried = list(services_to_try(takes_every(metafunc.config)))
        metafunc.parametrize(("service_name", "operation_names"), tried, ids=[name for name, _ in tried])


@pytest.mark.every
def test_lists_are_written_as_their_values_are(service_name, operation_names):
    """Each answer comes as one page of many, often enough for functions to be made, and amid others."""
    for name in operation_names:
        operation = service_model(service_name).operation_model(name)
        if operation.paginator is None or json_listing(operation) is None:
            continue
        replies = [success(operation, variant) for variant in ("full", "one", "two", "three")]
        pages = [reply for reply in replies for _ in range(OFTEN + 2)] + replies
        for output in LISTINGS:
            assert shown(operation, pages, output, True) == shown(operation, pages, output, False), (name, output)


def shown(operation: OperationModel, replies: Sequence[Reply], output: str, written: bool) -> list[str]:
    """What is printed of pages, and the error in which they end."""
    conversions = Conversions("iso8601", "base64", LISTINGS[output](operation) if written else None)
    answers = iter(replies)
    keys = {"result_key": (operation.paginator or {})["result_key"]}

    def method(params: Any) -> dict[str, Any]:
        page = parse(operation, next(answers), conversions)
        del page["ResponseMetadata"]
        return {**page, "page!": None if answers.__length_hint__() == 0 else str(answers.__length_hint__())}

    pages = PageIterator(method, {"input_token": "page!", "output_token": '"page!"', **keys}, {}, PagingConfig())
    printed: list[str] = []
    try:
        printed.extend(renderer(output)(pages, View.of(operation)))
    except AwsminiError as error:
        printed.append(f"{type(error)}: {error}")
    return ["".join(printed)]
