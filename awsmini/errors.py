"""Every error that awsmini raises on purpose. The exit code is on the class, and `cli.main` alone catches.

Exit codes are those of AWS CLI v2 (`return codes` in its user guide): 252 usage, 253 configuration,
254 an error answered by the service, 255 the rest.
"""

from collections.abc import Mapping, Sequence
from pkgutil import resolve_name
from typing import Any, TypeVar

REDACT = "awsmini.log_setup:redact"  # logging: only answers that cannot be understood need it
E = TypeVar("E", bound=BaseException)


class Portable:
    """What makes an exception come out of pickle, copy and another process as it went in, whatever its class is made with."""

    args: tuple[Any, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        return revived, (type(self), self.args, self.__dict__)


def revived(kind: type[E], args: tuple[Any, ...], facts: Mapping[str, Any]) -> E:
    """The exception that had these arguments and attributes: its class is not asked to make the message once more."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class AwsminiError(Portable, Exception):
    """The root. `code` is named in the message where AWS CLI v2 names one: `An error occurred (code): …`."""

    exit_code = 255
    code: str | None = None


class ParamValidationError(AwsminiError):
    """The command line or a parameter is not what the operation takes."""

    exit_code = 252
    code = "ParamValidation"


class UsageError(ParamValidationError):
    """The words of the command line do not parse; the usage is printed after the message: the whole of it, or `usage`."""

    usage: str | None = None


class EarlyError(ParamValidationError):
    """Found before any setting is read, so that none says how it is told."""


class EarlyUsageError(EarlyError, UsageError):
    """The words do not parse at the first look, which knows two options."""

    usage = "awsmini [--profile PROFILE] [--debug]\n"


class UnknownOptionsError(AwsminiError):
    """Words left over after an operation; printed after the usage, in plain text whatever the error format."""

    exit_code = 252


class ConfigurationError(AwsminiError):
    """A setting has a value that cannot be used."""

    exit_code = 253
    code = "Configuration"


NO_ACCOUNT = "Without an account, --local sends the call to a sandbox on this machine."


class NoRegionError(AwsminiError):
    exit_code = 253
    code = "NoRegion"
    hint = NO_ACCOUNT

    def __init__(self) -> None:
        super().__init__(
            'You must specify a region. You can also configure your region by running "awsmini configure".'
        )


class NoCredentialsError(AwsminiError):
    exit_code = 253
    code = "NoCredentials"
    hint = NO_ACCOUNT

    def __init__(self) -> None:
        super().__init__('Unable to locate credentials. You can configure credentials by running "awsmini login".')


class PagerError(AwsminiError):
    exit_code = 253
    code = "Pager"


class ModelError(AwsminiError):
    """A service model cannot be used, or not be kept. What it says may be anything, so none of it reaches a terminal
    as a control character."""

    def __init__(self, message: str) -> None:
        super().__init__("".join(each if each.isprintable() else ascii(each)[1:-1] for each in message))


class UnknownServiceError(AwsminiError):
    def __init__(self, service_name: str, known: Sequence[str]) -> None:
        super().__init__(f"Unknown service: '{service_name}'. Valid service names are: {', '.join(known)}")
        self.service_name = service_name


class UnknownOperationError(AwsminiError):
    def __init__(self, service_name: str, operation_name: str) -> None:
        super().__init__(f"{service_name} has no operation {operation_name}")


class UnknownProtocolError(AwsminiError):
    def __init__(self, service_name: str, named: Sequence[str]) -> None:
        super().__init__(f"{service_name} speaks none of the protocols known here, only {', '.join(named)}")


class EndpointError(AwsminiError):
    """The endpoint rules refuse the combination of settings and parameters."""


class SendError(AwsminiError):
    """No answer came: the network, the TLS session or a proxy failed. `retryable` says whether to try again.

    `before` is how a connection ended that was there before it could not be had any more.
    """

    retryable = True
    before: "SendError | None" = None


class ConnectTimeoutError(SendError):
    def __init__(self, url: str) -> None:
        super().__init__(f'Connect timeout on endpoint URL: "{url}"')


class ReadTimeoutError(SendError):
    def __init__(self, url: str) -> None:
        super().__init__(f'Read timeout on endpoint URL: "{url}"')


class EndpointConnectionError(SendError):
    def __init__(self, url: str) -> None:
        super().__init__(f'Could not connect to the endpoint URL: "{url}"')


class ConnectionClosedError(SendError):
    """The other side hung up, or answered what is no HTTP."""

    def __init__(self, url: str) -> None:
        super().__init__(f'Connection was closed before we received a valid response from endpoint URL: "{url}".')


class SSLError(SendError):
    """The TLS session could not be had, mostly because a certificate is not trusted."""

    def __init__(self, url: str, error: Exception) -> None:
        super().__init__(f"SSL validation failed for {url} {error}")


class ProxyConnectionError(SendError):
    """`proxy_url` comes with its password hidden. `reason` is the proxy's own, where it answered."""

    def __init__(self, proxy_url: str, reason: str = "") -> None:
        super().__init__(f'Failed to connect to proxy URL: "{proxy_url}"{reason and f": {reason}"}')


class HTTPClientError(SendError):
    """The HTTP library cannot send such a request, or failed in a way of its own."""

    def __init__(self, error: object) -> None:
        super().__init__(f"An HTTP Client raised an unhandled exception: {error}")


class BrokenStreamError(SendError):
    """The body of an answer ended early, while it was handed on."""


class ResponseParseError(AwsminiError):
    """The body of an answer is not what its protocol says. What of it is told shows no secrets."""

    def __init__(self, message: str) -> None:
        super().__init__(resolve_name(REDACT)(message))


class NoAnswerError(ResponseParseError):
    """What came as a success is not the service's answer: it may have come from something in between, or was cut."""


class ChecksumError(AwsminiError):
    """The body of an answer does not have the checksum that the answer states."""


class DamagedAnswerError(NoAnswerError):
    """DynamoDB's word for a body that changed on the way: whatever the call, it is made again."""


class ClientError(AwsminiError):
    """The service answered with an error. `response` is the parsed answer, as in boto3."""

    exit_code = 254

    def __init__(self, error_response: dict[str, Any], operation_name: str) -> None:
        self.response = error_response
        self.operation_name = operation_name
        error = error_response.get("Error", {})
        retries = error_response.get("ResponseMetadata", {})
        tried = f" (reached max retries: {retries['RetryAttempts']})" if retries.get("MaxAttemptsReached") else ""
        super().__init__(
            f"An error occurred ({error.get('Code', 'Unknown') or retries.get('HTTPStatusCode', 'Unknown')}) when calling "
            f"the {operation_name} operation{tried}: {error.get('Message', 'Unknown') or ''}"
        )


class PaginationError(AwsminiError):
    """Pages cannot be followed: what was asked of them makes no sense, or the service repeats a token."""


class WaiterError(AwsminiError):
    """A waiter met a failure state or ran out of attempts."""

    def __init__(self, name: str, reason: str, last_response: dict[str, Any]) -> None:
        super().__init__(f"Waiter {name} failed: {reason}")
        self.name = name
        self.kwargs = {"name": name, "reason": reason}
        self.last_response = last_response
