"""Service Catalog: products and their versions are made of a template in a file."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={"generate": "awsmini.services.small.servicecatalog:command"},
)
