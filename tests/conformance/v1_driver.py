"""AWS CLI v1, in a process of its own: command lines come in on stdin, what each would send goes out on stdout.

Both are lines of JSON: a list of words in; out a map of `generated` (whether a service model, not a hand, made the
command), `requests` and `error`. Nothing is sent: every request is answered with an empty success.
"""

import base64
import contextlib
import functools
import io
import json
import sys
import time
from typing import Any

import botocore.session
from awscli.clidriver import ServiceCommand, ServiceOperation, create_clidriver
from botocore.awsrequest import AWSResponse

LIMIT = 4  # requests of one command: a waiter would go on


class TooManyRequests(Exception):
    """The command has been seen long enough."""


class Body(io.BytesIO):
    """An answer's body, as botocore reads it."""

    def stream(self, *_: Any, **__: Any) -> Any:
        yield from iter(lambda: self.read(1024), b"")


def is_generated(driver: Any, words: list[str]) -> bool:
    service = driver._get_command_table().get(words[0])
    if not isinstance(service, ServiceCommand) or len(words) < 2:
        return False
    return words[1] == "wait" or isinstance(service._get_command_table().get(words[1]), ServiceOperation)


def answer(words: list[str]) -> dict[str, Any]:
    driver = create_clidriver()
    if not is_generated(driver, words):
        return {"generated": False, "requests": [], "error": ""}
    requests: list[dict[str, Any]] = []

    def reply(request: Any, **_: Any) -> AWSResponse:
        if len(requests) == LIMIT:
            raise TooManyRequests
        body = request.body.read() if hasattr(request.body, "read") else request.body or b""
        headers = {k: v.decode("latin-1") if isinstance(v, bytes) else str(v) for k, v in request.headers.items()}
        encoded = base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode()
        requests.append({"method": request.method, "url": request.url, "headers": headers, "body": encoded})
        return AWSResponse(request.url, 200, {}, Body())

    driver.session.register("before-send", reply)
    error = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(error):
        try:
            driver.main(words)
        except SystemExit:
            pass
        except Exception as raised:
            error.write(repr(raised))
    return {"generated": True, "requests": requests, "error": error.getvalue()}


def main() -> None:
    time.sleep = lambda seconds: None  # waiters
    # Sessions share what is read of a service: the lines come service by service, and reading takes most of the time.
    create_loader, service = botocore.session.create_loader, ""
    for line in sys.stdin:
        words = json.loads(line)
        if words[0] != service:
            service, botocore.session.create_loader = words[0], functools.cache(create_loader)
        print(json.dumps(answer(words)), flush=True)


main()
