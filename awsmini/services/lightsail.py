"""Lightsail: container images are pushed by a plugin."""

from awsmini.services.record import Service

SERVICE = Service(commands={"push-container-image": "awsmini.services.small.lightsail:command"})
