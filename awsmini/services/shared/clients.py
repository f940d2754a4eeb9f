"""Clients for the further calls of a command."""

from typing import TYPE_CHECKING

from awsmini.commandline.invocation import Invocation
from awsmini.model.shapes import ServiceModel

if TYPE_CHECKING:
    from awsmini.client import Client


def elsewhere(invocation: Invocation, service: str) -> "Client":
    """A client of a service that --endpoint-url is not meant for."""
    session = invocation.session
    made: Client = session.client_for(ServiceModel(session.models.lines(service)), endpoint_flag=False)
    return made
