"""Lambda Web Functions: a folder with an HTTP server is deployed."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={"deploy": "awsmini.services.lambda_web.deploy:command"},
)
