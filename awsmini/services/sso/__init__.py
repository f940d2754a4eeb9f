"""IAM Identity Center: signing in and out."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "login": "awsmini.services.sso.login:login",
        "logout": "awsmini.services.sso.login:logout",
    },
)
