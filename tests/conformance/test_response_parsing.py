"""Answers of real services and what botocore makes of them (`tests/unit/response_parsing` of its sdist)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from awsmini.model.names import operation_cli_name
from awsmini.model.shapes import OperationModel
from awsmini.parse import parse, parse_error
from awsmini.records import Conversions, Reply
from tests.conformance.conftest import botocore_sdist
from tests.oracle import service_model

# What botocore's own runner leaves out: their output is completed after parsing (see tests/services).
LEFT_OUT = {"s3-get-bucket-location", "cloudformation-get-template"}


def cases() -> Iterator[Any]:
    folder = botocore_sdist() / "tests/unit/response_parsing"
    for path in sorted([*folder.glob("xml/*/*.xml"), *folder.glob("json/errors/*.json")]):
        expected = path.parent.parent / "expected" / path.name if path.suffix == ".json" else path.with_suffix(".json")
        if path.stem not in LEFT_OUT:
            yield pytest.param(path, expected, id=path.stem)


def operation_of(name: str) -> OperationModel:
    service_name, _, operation = name.partition("#")[0].partition("-")
    model = service_model(service_name)
    return next(model.operation_model(name) for name in model.operation_names if operation_cli_name(name) == operation)


@pytest.mark.parametrize(("path", "expected_path"), list(cases()))
def test_output_is_what_botocore_makes_of_it(path: Path, expected_path: Path) -> None:
    body = path.read_bytes()
    headers: dict[str, str] = {}
    if b"__headers__" in body:
        value = json.loads(body)
        headers = value.pop("__headers__")
        body = json.dumps(value).encode()
    is_error = path.parent.name == "errors"
    reply = Reply(status=400 if is_error else 200, reason="", headers=headers, body=body)
    read = parse_error if is_error else parse
    parsed = read(operation_of(path.stem), reply, Conversions(timestamps="wire"))
    expected = json.loads(expected_path.read_bytes())
    if is_error:  # their runner stops before the modeled members, which test_parse_oracle.py compares
        parsed = {key: parsed[key] for key in parsed if key in expected}
    expected["ResponseMetadata"] |= {"HTTPStatusCode": reply.status, "HTTPHeaders": headers}
    assert as_text(parsed) == expected


def as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return value.decode() if isinstance(value, bytes) else value
