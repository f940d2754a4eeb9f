"""Answers by what is asked, for scenarios in which calls come in no fixed number."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from tests.servers import Answer, Received, answer

Rule = tuple[
    str, Any
]  # what is asked, and an answer (status, body, perhaps headers), what makes one of a request, or a list of such


def by_rule(*rules: Rule, fallback: tuple[int, str] = (404, "")) -> Callable[[Received], Answer]:
    """Answers the operation, `METHOD /path` or `METHOD /path?query` that the first matching pattern names in full."""
    counts: dict[tuple[str | None, str], int] = {}

    def respond(request: Received) -> Answer:
        asked = {operation(request), f"{request.method} {request.path}", f"{request.method} {request.target}"}
        for pattern, answers in rules:
            if any(re.fullmatch(pattern, name) for name in asked):
                number = counts[request.headers["Host"], pattern] = (
                    counts.get((request.headers["Host"], pattern), -1) + 1
                )
                chosen = answers[min(number, len(answers) - 1)] if isinstance(answers, list) else answers
                return answer(*(chosen(request) if callable(chosen) else chosen))
        return answer(*fallback)

    return respond


def operation(request: Received) -> str:
    """The name of the operation, where the protocol has one."""
    target = request.headers.get("X-Amz-Target")
    if target:
        return str(target).rpartition(".")[2]
    if b"Action=" in request.body and "form" in (request.headers.get("Content-Type") or ""):
        return parse_qs(request.body.decode())["Action"][0]
    return ""


def but(rules: tuple[Rule, ...], *others: Rule) -> tuple[Rule, ...]:
    """The rules with some in place of those for the same."""
    taken = {pattern for pattern, _ in others}
    return (*others, *(rule for rule in rules if rule[0] not in taken))


def query_error(code: str, message: str = "refused", status: int = 400) -> tuple[int, str]:
    return (
        status,
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>",
    )


def rest_error(code: str, message: str = "refused", status: int = 404) -> tuple[int, Any, Mapping[str, str]]:
    return status, {"Message": message, "Type": "User"}, {"x-amzn-errortype": code}


def json_error(code: str, message: str = "refused", status: int = 400) -> tuple[int, Any]:
    return status, {"__type": code, "message": message}


def s3_error(code: str, status: int = 403) -> tuple[int, str]:
    return status, f"<Error><Code>{code}</Code><Message>refused</Message></Error>"
