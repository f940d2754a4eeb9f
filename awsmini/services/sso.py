"""IAM Identity Center: signing in and out."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "login": "awsmini.services.small.sso:login",
        "logout": "awsmini.services.small.sso:logout",
    },
)
