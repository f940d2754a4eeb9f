"""CodeArtifact: package tools that are logged in."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={"login": "awsmini.services.small.codeartifact:command"},
)
