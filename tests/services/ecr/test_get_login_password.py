"""Passwords of container registries."""

import base64

import pytest


def encoded(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


@pytest.mark.parametrize(
    ("service", "data"),
    [
        ("ecr", lambda token: [{"authorizationToken": token}]),
        ("ecr-public", lambda token: {"authorizationToken": token}),
    ],
)
@pytest.mark.parametrize("secret", ["pass/word=", "with:colon", ""])
def test_the_password_and_a_line_end(aws, service, data, secret):
    aws.service.replies(200, {"authorizationData": data(encoded(f"AWS:{secret}"))})
    outcome = aws(f"{service} get-login-password")
    assert (outcome.stdout, outcome.stderr, outcome.code) == (f"{secret}\n", "", 0)
    assert aws.service.request.json == {}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({}, "it has no authorizationToken"),
        ({"authorizationData": []}, "it has no authorizationToken"),
        ({"authorizationData": [{}]}, "it has no authorizationToken"),
        ({"authorizationData": [{"authorizationToken": "secret!"}]}, "no text in base64"),
        ({"authorizationData": [{"authorizationToken": encoded(b"\xff:x")}]}, "no text in base64"),
        ({"authorizationData": [{"authorizationToken": encoded("secret")}]}, "has no password"),
    ],
)
def test_an_answer_without_a_password_is_told(aws, answer, why):
    aws.service.replies(200, answer)
    outcome = aws("ecr get-login-password")
    assert outcome.code == 255
    assert why in outcome.message
    assert "secret" not in outcome.message


def test_a_refusal_is_told(aws):
    aws.service.replies(400, {"__type": "AccessDeniedException", "message": "not for you"})
    outcome = aws("ecr get-login-password")
    assert outcome.code == 254
    assert "AccessDeniedException" in outcome.message


def test_debug_hides_the_password(aws):
    token = encoded("AWS:very-secret-password")
    aws.service.replies(200, {"authorizationData": [{"authorizationToken": token}]})
    outcome = aws("ecr get-login-password --debug")
    assert outcome.stdout == "very-secret-password\n"
    assert token not in outcome.stderr
    assert "very-secret-password" not in outcome.stderr
