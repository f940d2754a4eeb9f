"""ECS: services are deployed by CodeDeploy, express ones watched, and commands run in containers."""

from awsmini.services.record import Operation, Service

_WATCHED = Operation(
    arguments="awsmini.services.ecs.express:monitored",
    check="awsmini.services.ecs.express:check_monitored",
    after_call="awsmini.services.ecs.express:watch",
)

SERVICE = Service(
    commands={
        "deploy": "awsmini.services.ecs.deploy:command",
        "monitor-express-gateway-service": "awsmini.services.ecs.monitor_command:command",
    },
    operations={
        "CreateExpressGatewayService": _WATCHED,
        "DeleteExpressGatewayService": _WATCHED,
        "ExecuteCommand": Operation(make_call="awsmini.services.shared.session_manager_plugin:execute_command"),
        "UpdateExpressGatewayService": _WATCHED,
    },
)
