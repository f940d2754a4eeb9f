"""What can go wrong on the way to credentials. Each names the provider and the setting, never a secret."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from awsmini.config.settings import InvalidConfigError
from awsmini.errors import AwsminiError
from awsmini.records import Credentials


class PartialCredentialsError(AwsminiError):
    """One half of a key pair, or of a role's settings, is missing."""

    def __init__(self, provider: str, missing: str) -> None:
        super().__init__(f"Partial credentials found in {provider}, missing: {missing}")


class CredentialRetrievalError(AwsminiError):
    """A provider that was configured could not deliver."""

    def __init__(self, provider: str, reason: str) -> None:
        super().__init__(f"Error when retrieving credentials from {provider}: {reason}")


@contextmanager
def understanding(provider: str) -> Iterator[None]:
    """Read an answer; one that lacks something, or has it in a form of its own, is a CredentialRetrievalError."""
    try:
        yield
    except KeyError as error:
        raise CredentialRetrievalError(provider, f"Missing required key in response: {error}") from None
    except (TypeError, AttributeError, ValueError, OverflowError) as error:
        raise CredentialRetrievalError(provider, f"The response cannot be understood: {error}") from None


def checked(credentials: Credentials) -> Credentials:
    """The credentials, which a provider may have made of anything. Raises CredentialRetrievalError for no text."""
    access_key, secret_key, token, *_ = credentials
    for name, value in (
        ("access key id", access_key),
        ("secret access key", secret_key),
        ("session token", token or ""),
    ):
        if not isinstance(value, str):
            raise CredentialRetrievalError(credentials.method, f"The {name} is {type(value).__name__}, and no text")
    return credentials


class InfiniteLoopError(InvalidConfigError):
    """A chain of source profiles comes back to where it was."""

    def __init__(self, source_profile: str, visited: Sequence[str]) -> None:
        super().__init__(
            "Infinite loop in credential configuration detected. Attempting to load from profile "
            f"{source_profile} which has already been visited. Visited profiles: {list(visited)}"
        )


class RefreshWithMfaError(AwsminiError):
    def __init__(self) -> None:
        super().__init__("Cannot refresh credentials: MFA token required.")


class StillExpiredError(AwsminiError):
    def __init__(self) -> None:
        super().__init__("Credentials were refreshed, but the refreshed credentials are still expired.")


class MetadataError(AwsminiError):
    """The instance or container metadata service did not answer as it should."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Error retrieving metadata: {reason}")


class InvalidMetadataEndpointError(AwsminiError):
    def __init__(self, endpoint: str) -> None:
        super().__init__(f"Invalid endpoint EC2 Instance Metadata endpoint: {endpoint}")


class TokenRetrievalError(AwsminiError):
    def __init__(self, provider: str, reason: str) -> None:
        super().__init__(f"Error when retrieving token from {provider}: {reason}")


class SsoError(AwsminiError):
    """Signing in through IAM Identity Center failed."""


class SsoTokenLoadError(SsoError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"Error loading SSO Token: {reason}")


class UnauthorizedSsoTokenError(SsoError):
    def __init__(self) -> None:
        super().__init__(
            "The SSO session associated with this profile has expired or is otherwise invalid. "
            "To refresh this SSO session run awsmini sso login with the corresponding profile."
        )


class LoginError(AwsminiError):
    """The console sign-in session could not be used or refreshed."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(
            message
            or "An unspecified error happened when resolving AWS credentials or refreshing a login session profile."
        )


class LoginTokenLoadError(LoginError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"Error loading login session token: {reason}")
