"""What can go wrong while somebody signs in."""

from awsmini.config.credentials.errors import LoginError, SsoError


class PendingAuthorizationExpiredError(SsoError):
    def __init__(self) -> None:
        super().__init__(
            "The pending authorization to retrieve an SSO token has expired. "
            "The login flow to retrieve an SSO token must be restarted."
        )


class AuthorizationCodeLoadError(SsoError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"Error loading authorization code: {reason}")


class CallbackServerError(SsoError):
    """No port of this machine can be listened on."""

    def __init__(self, reason: object) -> None:
        super().__init__(
            f"Unable to initialize the OAuth 2.0 authorization callback handler: {reason} \n "
            "You may use --use-device-code to fall back to the device code flow which does not require the "
            "callback handler."
        )


class LoginCodeError(LoginError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"Error loading or redeeming a login authorization code: {reason} ")


class VerificationCodeError(LoginError):
    """What was pasted is not what the browser showed."""
