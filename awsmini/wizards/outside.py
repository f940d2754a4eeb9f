"""The real world of a wizard: calls go through the session's clients, files are those of this machine."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from awsmini.commandline.config_files import write_config, write_credentials
from awsmini.commandline.invocation import Invocation
from awsmini.config.writer import Heading
from awsmini.errors import AwsminiError, NoCredentialsError
from awsmini.model.names import operation_py_name
from awsmini.model.shapes import ServiceModel
from awsmini.system.user_dirs import expand_user
from awsmini.wizards.world import Params, World

if TYPE_CHECKING:
    from awsmini.client import Client


class FileError(AwsminiError):
    """A file that an answer names cannot be read or written."""


def world(invocation: Invocation, before_call: Callable[[str], None] = lambda _: None) -> World:
    """The real one. `before_call` is told of each call before it is made."""
    calls = Calls(invocation, before_call)
    return World(
        call=calls.call,
        ask=calls.ask,
        enum=partial(enum, invocation),
        read=read,
        profiles=lambda: list(invocation.settings.files.profiles),
        write_config=partial(_write_config, invocation),
        write_credentials=partial(_write_credentials, invocation),
    )


def _write_config(invocation: Invocation, profile: str, values: Mapping[str, str]) -> None:
    with _telling("The config file"):
        write_config(invocation, Heading("profile", profile), values)


def _write_credentials(invocation: Invocation, profile: str, values: Mapping[str, str]) -> None:
    with _telling("The credentials file"):
        write_credentials(invocation, profile, values)


@contextmanager
def _telling(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(f"{what} cannot be written: {error}") from error


def find_credentials(invocation: Invocation, service: str) -> None:
    """Look for them now, as the user may be asked for a code. That there are none is told by who needs them.

    Raises whatever keeps those that there are from being had.
    """
    if invocation.flags.get("sign_request", True):
        with suppress(NoCredentialsError):
            invocation.session.client(service)._context.credentials()


class Calls:
    """Calls of any service, with one client for each."""

    def __init__(self, invocation: Invocation, before_call: Callable[[str], None]) -> None:
        self._invocation = invocation
        self._before_call = before_call
        self._clients: dict[str, Client] = {}
        self._answers: dict[tuple[str, str, str], Any] = {}

    def call(self, service: str, operation: str, params: Params) -> Any:
        client = self._clients.get(service)
        if client is None:
            client = self._clients[service] = self._invocation.session.client(service)
        self._before_call(f"{service} {operation}")
        method = operation_py_name(operation)
        if client.can_paginate(method):
            return client.get_paginator(method).paginate(**params).build_full_result()
        return client._make_api_call(operation, params)

    def ask(self, service: str, operation: str, params: Params) -> Any:
        key = service, operation, json.dumps(params, sort_keys=True)
        if key not in self._answers:
            self._answers[key] = self.call(service, operation, params)
        return self._answers[key]


def enum(invocation: Invocation, service: str, operation: str, member: str) -> Sequence[str]:
    """What a member of the input can be, as far as the model knows."""
    model = ServiceModel(invocation.models.lines(service))
    shape = model.operation_model(operation).input_shape
    return [] if shape is None else shape.members[member].enum


def read(path: str) -> bytes:
    """The bytes of a file. Raises FileError."""
    try:
        with open(expand_user(path, os.environ), "rb") as stream:
            return stream.read()
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}") from error
