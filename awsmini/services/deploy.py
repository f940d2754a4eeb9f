"""CodeDeploy: where a revision is, in single options; revisions pushed; machines of one's own registered."""

from awsmini.services.record import Operation, Service

_REVISION = Operation(arguments="awsmini.services.small.deploy:revision_locations")

SERVICE = Service(
    commands={
        "deregister": "awsmini.services.small.deploy_register:deregister_command",
        "install": "awsmini.services.small.deploy_agent:install_command",
        "push": "awsmini.services.small.deploy_push:command",
        "register": "awsmini.services.small.deploy_register:register_command",
        "uninstall": "awsmini.services.small.deploy_agent:uninstall_command",
    },
    operations={
        "CreateDeployment": _REVISION,
        "GetApplicationRevision": _REVISION,
        "RegisterApplicationRevision": _REVISION,
    },
)
