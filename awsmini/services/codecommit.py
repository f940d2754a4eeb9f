"""CodeCommit: what git asks for a password."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={"credential-helper": "awsmini.services.small.codecommit:command"},
)
