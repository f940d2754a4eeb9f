"""What a tool is told to log in with, and the errors on the way."""

from datetime import datetime
from typing import NamedTuple

from awsmini.app import App
from awsmini.errors import AwsminiError


class LoginError(AwsminiError):
    """A tool is missing or fails, or what was given does not suit it. No message holds the token."""


class ToolNotFoundError(LoginError):
    def __init__(self, tool: str) -> None:
        super().__init__(f"{tool} was not found. Please verify installation.")


class Login(NamedTuple):
    """One repository and the token for it. Its text form never shows the token."""

    app: App
    token: str
    expires: datetime
    endpoint: str  # of the repository; ends with a slash
    domain: str
    repository: str
    namespace: str | None = None
    dry_run: bool = False

    def __repr__(self) -> str:
        return f"Login(endpoint={self.endpoint})"

    def say(self, text: str) -> None:
        """Print a text as it is."""
        self.app.stdout.write(text)
