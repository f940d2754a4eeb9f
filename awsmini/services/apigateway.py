"""API Gateway answers in HAL unless it is asked for JSON."""

from awsmini.services.record import Operation, Service

SERVICE = Service(every=Operation(after_serialize="awsmini.services.small.apigateway:accept_json"))
