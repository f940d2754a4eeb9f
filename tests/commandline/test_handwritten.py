"""What holds for every command that is written by hand."""

import pytest


@pytest.mark.parametrize(
    "line",
    [
        "ecr get-login-password",
        "eks update-kubeconfig --name c",
        "codeartifact login --tool pip --domain dom --repository repo",
        "sso logout",
    ],
)
def test_print_request_sends_nothing(aws, line):
    outcome = aws(f"{line} --print-request http")
    assert outcome.code == 252
    assert "--print-request prints the request of an operation, and sends nothing." in outcome.message
    assert aws.service.requests == []
