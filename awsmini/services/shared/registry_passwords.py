"""Passwords of container registries, as ECR answers them: `USER:PASSWORD` in base64."""

import base64
from collections.abc import Mapping
from typing import Any

from awsmini.errors import AwsminiError


class MissingTokenError(AwsminiError):
    """The answer holds no token; nothing of what it holds is shown."""

    def __init__(self, why: str = "it has no authorizationToken") -> None:
        super().__init__(f"Invalid service response to GetAuthorizationToken: {why}")


def password(registry: Mapping[str, Any]) -> str:
    """The password in an `authorizationData`. Raises MissingTokenError."""
    token = registry.get("authorizationToken")
    if token is None:
        raise MissingTokenError
    try:
        _, colon, secret = base64.b64decode(token).decode().partition(":")
    except ValueError:
        raise MissingTokenError("its authorizationToken is no text in base64") from None
    if not colon:
        raise MissingTokenError("its authorizationToken has no password")
    return secret
