"""Data Lifecycle Manager: its default role."""

from awsmini.services.record import Service

SERVICE = Service(commands={"create-default-role": "awsmini.services.small.dlm:command"})
