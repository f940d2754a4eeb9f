"""Errors travel: pickled, copied, and raised in another process, each comes out as it went in."""

import copy
import importlib
import inspect
import multiprocessing
import pickle
import pkgutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime, timezone
from functools import cache
from typing import get_type_hints

import pytest

import awsmini
from awsmini.client import error_class
from awsmini.errors import ClientError, revived
from awsmini.parse.eventstream import EventStreamError
from tests.servers import capture_server
from tests.terminal import CREDENTIALS

NO_PART = {"awsmini.__main__", "awsmini.completion.__main__"}  # programs
RESPONSE = {
    "Error": {"Code": "ResourceNotFoundException", "Message": "no such stream"},
    "ResponseMetadata": {"HTTPStatusCode": 404, "RetryAttempts": 2, "MaxAttemptsReached": True},
}
# What a class is made with, by the names and then by the types of its arguments.
BY_NAME = {
    "error_response": RESPONSE,
    "last_response": RESPONSE,
    "failed": {"a": ValueError("x")},
    "error": ValueError("x"),
}
BY_TYPE = {str: "text", int: 7, object: "thing", datetime: datetime(2026, 1, 31, tzinfo=timezone.utc)}


@cache
def classes() -> list[type[BaseException]]:
    """Every exception class of the package."""
    found = []
    for module in pkgutil.walk_packages(awsmini.__path__, "awsmini."):
        if module.name not in NO_PART:
            own = vars(importlib.import_module(module.name)).values()
            found += [each for each in own if isinstance(each, type) and each.__module__ == module.name]
    return [each for each in found if issubclass(each, BaseException)]


def made(kind: type[BaseException]) -> BaseException:
    """An error of the class, made with its own `__init__`."""
    if "__init__" not in {
        name for base in kind.__mro__ if base.__module__.startswith("awsmini") for name in vars(base)
    }:
        return kind("what is wrong")
    parameters = list(inspect.signature(kind).parameters.values())
    return kind(*(value_for(each.name, each.annotation) for each in parameters if each.default is each.empty))


def value_for(name: str, kind: object) -> object:
    if name in BY_NAME:
        return BY_NAME[name]
    if isinstance(kind, type) and hasattr(kind, "_fields"):
        return kind(*(value_for(name, inner) for name, inner in get_type_hints(kind).items()))
    listed = any(word in str(kind) for word in ("Sequence", "Iterable", "list"))
    return BY_TYPE.get(kind, ["text"] if listed else "text")


def same(one: BaseException, other: BaseException) -> bool:
    facts = {name: repr(value) for name, value in vars(one).items()}
    return (type(one), str(one), repr(one.args), facts) == (
        type(other), str(other), repr(other.args), {name: repr(value) for name, value in vars(other).items()},
    )  # fmt: skip


WAYS = {
    **{f"pickle {protocol}": protocol for protocol in range(pickle.HIGHEST_PROTOCOL + 1)},
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_class_of_the_package_comes_out_as_it_went_in(way):
    how = WAYS[way]
    go = how if callable(how) else lambda error: pickle.loads(pickle.dumps(error, how))
    changed = []
    for kind in classes():
        error = made(kind)
        error.noted = "said later"
        if not same(error, go(error)):
            changed.append(kind)
    assert len(classes()) > 150
    assert changed == []


def modeled() -> ClientError:
    return awsmini.client("kinesisvideo", "us-east-1").exceptions.ResourceNotFoundException(RESPONSE, "DescribeStream")


@pytest.mark.parametrize("go", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_the_classes_of_a_service_too(go):
    error = modeled()
    assert same(error, go(error))
    assert type(go(error)) is awsmini.client("kinesisvideo", "eu-west-1").exceptions.ResourceNotFoundException
    assert str(error).count("An error occurred") == 1


def test_a_class_of_a_service_is_one_and_the_same_for_all_threads():
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: error_class("kinesisvideo", "MadeByManyThreadsException"), range(500)))
    assert len(set(found)) == 1


def test_of_two_services_they_are_two():
    of_s3, of_dynamodb = error_class("s3", "AnyException"), error_class("dynamodb", "AnyException")
    assert of_s3 is not of_dynamodb
    assert type(pickle.loads(pickle.dumps(of_s3(RESPONSE, "Do")))) is of_s3


def refuse(url: str) -> None:
    """In another process: a call that the service refuses."""
    keys = {"aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": "secret"}
    awsmini.client("kinesisvideo", "us-east-1", endpoint_url=url, **keys).describe_stream(StreamName="demo")


def wait_in_vain(_: object) -> None:
    raise awsmini.WaiterError("StreamActive", "Max attempts exceeded", RESPONSE)


# A worker whose error could not be taken apart or put together would leave `map` waiting for ever.
def test_out_of_worker_processes():
    with capture_server() as service:
        body = {"__type": "ResourceNotFoundException", "Message": "no such stream"}
        service.replies(404, body, {"x-amzn-ErrorType": "ResourceNotFoundException"}, times=3)
        expected = awsmini.client("kinesisvideo", "us-east-1").exceptions.ResourceNotFoundException
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool:
            result = pool.map_async(refuse, [service.url])
            with pytest.raises(expected) as caught:
                result.get(60)
            check(caught.value)
            with pytest.raises(
                awsmini.WaiterError, match="Waiter StreamActive failed: Max attempts exceeded"
            ) as waited:
                pool.map_async(wait_in_vain, [0]).get(60)
            assert waited.value.last_response == RESPONSE
        for executor in (ProcessPoolExecutor(1, mp_context=context), ThreadPoolExecutor(1)):
            with executor, pytest.raises(expected) as caught:
                executor.submit(refuse, service.url).result(60)
            check(caught.value)
        service.check()


def check(error: ClientError) -> None:
    assert str(error) == (
        "An error occurred (ResourceNotFoundException) when calling the DescribeStream operation: no such stream"
    )
    assert error.operation_name == "DescribeStream"
    assert error.response["Error"]["Code"] == "ResourceNotFoundException"
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_an_error_within_a_stream():
    error = EventStreamError(RESPONSE, "SubscribeToShard")
    assert same(error, pickle.loads(pickle.dumps(error)))


def test_what_holds_connections_says_that_it_cannot_travel():
    client = awsmini.client("kinesisvideo", "us-east-1")
    with pytest.raises(TypeError, match=r"make one there, with awsmini.Session\(\)"):
        pickle.dumps(awsmini.Session())
    for go in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r'make one there, with awsmini.client\("kinesisvideo"\)'):
            go(client)


def test_settings_of_a_client_travel():
    config = awsmini.Config(read_timeout=3, s3={"addressing_style": "path"})
    assert pickle.loads(pickle.dumps(config)).given == config.given == copy.deepcopy(config).given


def test_revived_asks_no_class_to_make_a_message():
    assert str(revived(ClientError, ("as it was",), {"response": {}})) == "as it was"
