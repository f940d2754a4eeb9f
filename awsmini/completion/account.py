"""Asking the account for names."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from awsmini.app import App
from awsmini.client import paginate
from awsmini.completion.resources import Listing
from awsmini.config.settings import is_local
from awsmini.sandbox.state import running
from awsmini.session import Session

MANY = 1000  # names after which no further page is asked for


def fetch(question: Listing, flags: Mapping[str, Any], env: Mapping[str, str], found: list[str]) -> None:
    """Put the names into `found`, page after page. Raises whatever a call raises; nobody is asked for a secret."""
    if is_local(flags, env) and running(env) is None:
        return  # a sandbox is not started for this
    silent = App(
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        env={**env, "AWS_MAX_ATTEMPTS": "1"},
        ask_secret=_refuse,
    )
    client = Session(app=silent, flags=flags).client(question.service)
    operation = client._service_model.operation_model(question.operation)
    method = client._method(question.operation)
    params = dict(question.params)
    for page in paginate(operation, params, method) if operation.paginator else [method(params)]:
        for path in question.path.split(","):
            found.extend(search(path, page))
        if len(found) >= MANY:
            return


def _refuse(prompt: str) -> str:
    raise EOFError(prompt)


def search(path: str, value: Any) -> Iterator[str]:
    """The texts at a path such as `Reservations[].Instances[].InstanceId`."""
    found = [value]
    for step in path.split("."):
        found = [each.get(step.removesuffix("[]")) for each in found if isinstance(each, Mapping)]
        if step.endswith("[]"):
            found = [item for each in found if isinstance(each, list) for item in each]
    return (each.removeprefix("/hostedzone/") for each in found if isinstance(each, str))
